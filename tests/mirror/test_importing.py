"""Taking a provider database over."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from advisor.errors import FetchFailed, InputError
from advisor.mirror import importing
from advisor.mirror.importing import Imported, fetched, from_folder, keep
from advisor.mirror.packs import MAX_PACK, Member
from advisor.model.evidence import Problem
from advisor.net._seams import Net, Reply
from advisor.options import Options
from tests.fakes.dns import FakeResolver
from tests.fakes.http import FakeFetcher, Page

SERVER = """<incomingServer type="imap"><hostname>{host}</hostname><port>993</port>
<socketType>SSL</socketType><authentication>password-cleartext</authentication></incomingServer>"""


def document(*domains: str, host: str = "imap.example.org", more: str = "") -> bytes:
    """A document for *domains*."""
    listed = "".join(f"<domain>{one}</domain>" for one in domains)
    inside = listed + SERVER.format(host=host) + more
    return (
        f'<clientConfig version="1.1"><emailProvider id="x">{inside}</emailProvider></clientConfig>'
    ).encode()


def kept(folder: Path) -> set[str]:
    """The names of the files in *folder*."""
    return {path.name for path in folder.iterdir()}


def test_each_domain_finds_the_document_as_it_was(tmp_path: Path) -> None:
    """To the byte."""
    content = document("a.example", "B.example") + b"\n<!-- kept -->"
    made = keep([Member("x.xml", content)], tmp_path / "ispdb")
    assert made == Imported(str(tmp_path / "ispdb"), 1, 2, ())
    assert kept(tmp_path / "ispdb") == {"a.example.xml", "b.example.xml"}
    assert (tmp_path / "ispdb" / "a.example.xml").read_bytes() == content
    assert kept(tmp_path) == {"ispdb"}


def test_a_new_copy_replaces_the_old_one(tmp_path: Path) -> None:
    """Nothing of it stays."""
    keep([Member("x.xml", document("a.example"))], tmp_path / "ispdb")
    keep([Member("x.xml", document("b.example"))], tmp_path / "ispdb")
    assert kept(tmp_path / "ispdb") == {"b.example.xml"}


def test_an_empty_database_leaves_the_old_copy(tmp_path: Path) -> None:
    """Whole or not at all."""
    keep([Member("x.xml", document("a.example"))], tmp_path / "ispdb")
    with pytest.raises(InputError, match="no document"):
        keep([Member("x.xml", b"<html/>")], tmp_path / "ispdb")
    assert kept(tmp_path / "ispdb") == {"a.example.xml"}


def test_the_first_document_has_the_domain(tmp_path: Path) -> None:
    """And the second is told."""
    made = keep(
        [
            Member("x.xml", document("a.example", host="x.example.org")),
            Member("y.xml", document("a.example", "b.example", host="y.example.org")),
        ],
        tmp_path / "ispdb",
    )
    assert b"x.example.org" in (tmp_path / "ispdb" / "a.example.xml").read_bytes()
    assert made.passed_over == (("y.xml", "a.example belongs to x.xml already"),)
    assert (made.documents, made.domains) == (2, 2)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html/>", "web page"),
        (b"\0", "not well-formed"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><clientConfig>&a;</clientConfig>', "must not contain"),
        (b"<a>" * 100_000, "too large"),
        (document(), "names no domain"),
        (document("a.example", host="192.0.2.1"), "no host name"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, content: bytes, why: str) -> None:
    """The rest is taken."""
    made = keep(
        [Member("bad.xml", content), Member("x.xml", document("b.example"))], tmp_path / "i"
    )
    assert kept(tmp_path / "i") == {"b.example.xml"}
    assert {name for name, _ in made.passed_over} == {"bad.xml"}
    assert any(why in said for _, said in made.passed_over)


@pytest.mark.parametrize(
    "domain", ["../../etc/passwd", "/etc/passwd", "a/b.example", "..", "a\u202eb.example", "con"]
)
def test_hostile_names_become_no_files(tmp_path: Path, domain: str) -> None:
    """Only what can be a domain is one."""
    keep([Member("x.xml", document(domain, "b.example"))], tmp_path / "deep" / "ispdb")
    assert kept(tmp_path / "deep" / "ispdb") == {"b.example.xml"}
    assert kept(tmp_path / "deep") == {"ispdb"}


def test_hostile_file_names_are_shown_safely(tmp_path: Path) -> None:
    """Escapes never reach the terminal."""
    made = keep(
        [Member("\x1b[2J.xml", b""), Member("x.xml", document("b.example"))], tmp_path / "i"
    )
    assert made.passed_over[0][0].isprintable()


def test_servers_named_after_the_domain_are_taken(tmp_path: Path) -> None:
    """Some providers have a server for each of their domains."""
    content = document("a.example", "b.example", host="mail.%EMAILDOMAIN%")
    made = keep([Member("x.xml", content)], tmp_path / "ispdb")
    assert (made.documents, made.domains, made.passed_over) == (1, 2, ())


def test_a_domain_too_long_for_a_file_is_left_out(tmp_path: Path) -> None:
    """Nobody has one."""
    longest = ".".join(["a" * 63] * 3 + ["a" * 61])
    keep([Member("x.xml", document(longest, "b.example"))], tmp_path / "ispdb")
    assert kept(tmp_path / "ispdb") == {"b.example.xml"}


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """A file is in the way."""
    (tmp_path / "file").write_text("")
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "x.xml").write_bytes(document("a.example"))
    with pytest.raises(InputError, match="cannot be written"):
        from_folder(tmp_path / "db", tmp_path / "file" / "ispdb")


PACK = "https://db.example/HEAD.tar.gz"


def web(monkeypatch: pytest.MonkeyPatch, page: Page) -> None:
    """A network with one page, at the address of the pack."""
    net = Net(FakeResolver(), FakeFetcher({PACK: page}), cast(Any, None))
    monkeypatch.setattr(importing, "open_net", lambda _: net)


async def test_a_pack_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is."""
    web(monkeypatch, b"\x1f\x8bpack")
    assert await fetched(PACK, Options()) == b"\x1f\x8bpack"


@pytest.mark.parametrize("page", [Problem.NOT_FOUND, Reply(403, (), b"", (PACK,), secure=True)])
async def test_no_pack_is_one_sentence(monkeypatch: pytest.MonkeyPatch, page: Page) -> None:
    """With the status."""
    web(monkeypatch, page)
    with pytest.raises(InputError, match=r"40[34] instead of a pack"):
        await fetched(PACK, Options())


async def test_a_pack_that_is_too_large_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is in it."""
    web(monkeypatch, b" " * (MAX_PACK + 1))
    with pytest.raises(FetchFailed):
        await fetched(PACK, Options())


@pytest.mark.parametrize("url", ["http://db.example/x", "file:///etc/passwd", "HTTP://db.example/"])
async def test_only_https_is_fetched(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Anybody on the way could put in servers of his own."""
    web(monkeypatch, b"")
    with pytest.raises(InputError, match="https"):
        await fetched(url, Options())
