"""What is taken out of folders and packs, and what is not."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.formats._xml import MAX_DOCUMENT
from advisor.mirror import packs
from advisor.mirror.packs import Member, in_folder, in_pack

XML = b"<clientConfig/>"
HUGE = b" " * (MAX_DOCUMENT + 1)


def tar(*members: tuple[str, bytes | tarfile.TarInfo]) -> bytes:
    """A .tar.gz of these."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as made:
        for name, content in members:
            if isinstance(content, tarfile.TarInfo):
                made.addfile(content)
            else:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                made.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """A .zip of these."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


def link(name: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    """A link to the password file."""
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = "/etc/passwd"
    return info


PACKS = pytest.mark.parametrize("pack", [tar, zipped])


@PACKS
def test_the_documents_of_the_database_are_taken(pack: object) -> None:
    """From its folder in a checkout's pack, from the top, and nothing else."""
    made = pack(  # type: ignore[operator]
        ("db-HEAD/README.md", b"hello"),
        ("db-HEAD/tools/deep/x.xml", XML),
        ("db-HEAD/ispdb/a.example.xml", XML),
        ("b.example.xml", XML),
    )
    assert [*in_pack(made)] == [Member("a.example.xml", XML), Member("b.example.xml", XML)]


@PACKS
@pytest.mark.parametrize("name", ["../../x.xml", "/etc/x.xml", "a/../../ispdb/x.xml"])
def test_paths_in_a_pack_lead_nowhere(pack: object, name: str) -> None:
    """Only the last part is a name, and nothing is written by it."""
    for member in in_pack(pack((name, XML))):  # type: ignore[operator]
        assert member.name == "x.xml"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_links_in_a_tar_are_told_and_not_followed(kind: bytes) -> None:
    """Symbolic and hard ones."""
    (member,) = in_pack(tar(("", link("ispdb/x.xml", kind))))
    assert (member.name, member.document) == ("x.xml", b"")
    assert "link" in member.why


@pytest.mark.parametrize("kind", [tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
def test_devices_in_a_tar_are_passed_over(kind: bytes) -> None:
    """There is nothing to read."""
    assert [*in_pack(tar(("", link("ispdb/x.xml", kind))))] == []


def test_links_in_a_zip_are_told_and_not_followed() -> None:
    """Their target would have been the document."""
    info = zipfile.ZipInfo("ispdb/x.xml")
    info.external_attr = 0o120777 << 16
    (member,) = in_pack(zipped((info, b"/etc/passwd")))
    assert (member.document, "link" in member.why) == (b"", True)


@PACKS
def test_a_huge_document_is_told_and_not_read(pack: object) -> None:
    """The others are taken."""
    made = pack(("ispdb/a.xml", HUGE), ("ispdb/b.xml", XML))  # type: ignore[operator]
    first, second = in_pack(made)
    assert (first.document, "larger" in first.why, second.document) == (b"", True, XML)


@PACKS
def test_a_bomb_is_given_up(pack: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the sum of what came out."""
    monkeypatch.setattr(packs, "MAX_UNPACKED", 100_000)
    made = pack(*((f"ispdb/{n}.xml", b" " * 50_000) for n in range(3)))  # type: ignore[operator]
    with pytest.raises(InputError, match="more than a provider database can"):
        [*in_pack(made)]


@PACKS
def test_too_many_members_are_given_up(pack: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """However small they are."""
    monkeypatch.setattr(packs, "MAX_MEMBERS", 2)
    made = pack(*((f"ispdb/{n}.xml", XML) for n in range(3)))  # type: ignore[operator]
    with pytest.raises(InputError, match="more than a provider database can"):
        [*in_pack(made)]


@pytest.mark.parametrize(
    "pack",
    [
        b"",
        b"<html>",
        b"\x1f\x8b",
        b"PK\x03\x04",
        tar(("ispdb/a.xml", XML))[:-20],
        zipped(("ispdb/a.xml", XML))[:-20],
        gzip.compress(b"no tar at all" * 100),
    ],
    ids=["empty", "page", "begun-gzip", "begun-zip", "cut-tar", "cut-zip", "no-tar"],
)
def test_a_damaged_pack_is_refused(pack: bytes) -> None:
    """With one sentence."""
    with pytest.raises(InputError):
        list(in_pack(pack))


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08\x00"]))
def test_any_bytes_are_a_pack_or_refused(content: bytes, magic: bytes) -> None:
    """Whatever a stranger sends."""
    with suppress(InputError):
        assert all(member.name for member in in_pack(magic + content))


@given(st.data())
def test_a_pack_with_a_few_wrong_bytes_is_read_or_refused(data: st.DataObject) -> None:
    """Nothing else can happen."""
    make = data.draw(st.sampled_from([tar, zipped]))
    pack = bytearray(make(("ispdb/a.xml", XML), ("ispdb/b.xml", XML * 50)))
    for place in data.draw(st.lists(st.integers(4, len(pack) - 1), max_size=8)):
        pack[place] ^= data.draw(st.integers(1, 255))
    with suppress(InputError):
        assert all(member.name for member in in_pack(bytes(pack)))


def test_a_folder_gives_its_documents_by_name(tmp_path: Path) -> None:
    """Other files are passed over."""
    for name in ("b.example.xml", "a.example.xml", "README.md"):
        (tmp_path / name).write_bytes(XML)
    assert [one.name for one in in_folder(tmp_path)] == ["a.example.xml", "b.example.xml"]


def test_a_checkout_gives_those_of_its_database(tmp_path: Path) -> None:
    """Not what lies beside."""
    (tmp_path / "ispdb").mkdir()
    (tmp_path / "ispdb" / "a.xml").write_bytes(XML)
    (tmp_path / "b.xml").write_bytes(XML)
    assert [*in_folder(tmp_path)] == [Member("a.xml", XML)]


def test_links_and_folders_in_a_folder_are_told(tmp_path: Path) -> None:
    """And not followed."""
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "a.xml").symlink_to(tmp_path / "secret")
    (tmp_path / "b.xml").mkdir()
    (tmp_path / "c.xml").write_bytes(HUGE)
    assert [one.document for one in in_folder(tmp_path)] == [b"", b"", b""]
    assert all(one.why for one in in_folder(tmp_path))


def test_a_folder_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """With one sentence."""
    with pytest.raises(InputError, match="cannot be read"):
        [*in_folder(tmp_path / "none")]
