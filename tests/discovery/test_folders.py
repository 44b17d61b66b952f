"""Documents on this machine: one's own, and the copy of the provider database."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.discovery import ispdb, local_file, mx
from advisor.discovery._planning import offline_answers, sources
from advisor.discovery._runner import run_all
from advisor.errors import FormatError
from advisor.model.address import subject
from advisor.model.evidence import Outcome, Problem, Trust
from advisor.net._seams import MxRecord
from tests.discovery.world import ALICE, DOCUMENT, ISPDB, answer, asked, context


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a document for example.org and one for hoster.example."""
    for name in ("example.org", "hoster.example"):
        (tmp_path / f"{name}.xml").write_bytes(DOCUMENT)
    return tmp_path


async def test_ones_own_file_is_read_without_a_network(folder: Path) -> None:
    """It is as trusted as whoever put it there."""
    where = context(local=folder)
    found = await answer(local_file.SOURCE, "local-file", where)
    assert (found.outcome, found.trust) == (Outcome.FOUND, Trust.AUTHENTICATED)
    assert found.asked == str(folder / "example.org.xml")
    assert [str(one.endpoint) for one in found.candidates] == ["imap://imap.example.org:993"]
    assert asked(where) == ([], [])


async def test_no_file_is_nothing(tmp_path: Path) -> None:
    """And no folder is not asked."""
    found = await answer(local_file.SOURCE, "local-file", context(local=tmp_path))
    assert (found.outcome, found.problem) == (Outcome.NOTHING, Problem.NOT_FOUND)
    none = await answer(local_file.SOURCE, "local-file", context())
    assert none.outcome is Outcome.SKIPPED


async def test_a_name_too_long_for_a_file_is_nothing(tmp_path: Path) -> None:
    """The longest domains are longer than file names can be."""
    longest = subject(".".join(["a" * 63] * 3 + ["a" * 61]))
    found = await answer(local_file.SOURCE, "local-file", context(local=tmp_path), longest)
    assert found.outcome is Outcome.NOTHING


async def test_a_folder_in_place_of_a_file_is_a_failure(tmp_path: Path) -> None:
    """Told, and not fallen over."""
    (tmp_path / "example.org.xml").mkdir()
    found = await answer(local_file.SOURCE, "local-file", context(local=tmp_path))
    assert (found.outcome, found.problem) == (Outcome.FAILED, Problem.BAD_DOCUMENT)


@pytest.mark.parametrize("content", [b"", b"<html/>", b"\0" * 100, b"<a>" * 300_000])
async def test_a_broken_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """By an error that the runner turns into an answer."""
    (tmp_path / "example.org.xml").write_bytes(content)
    with pytest.raises(FormatError):
        await answer(local_file.SOURCE, "local-file", context(local=tmp_path))


async def test_the_copy_of_the_database_needs_no_network(folder: Path) -> None:
    """Offline as well as online, nobody learns the domain."""
    assert ispdb.SOURCE.is_online(context())
    assert not ispdb.SOURCE.is_online(context(ispdb=folder))
    answers = offline_answers(sources(), ALICE, context(ispdb=folder))
    (found,) = (one for one in answers if one.question.id == "ispdb")
    assert (found.outcome, found.trust) == (Outcome.FOUND, Trust.AUTHENTICATED)


async def test_the_copy_is_asked_for_the_exchanger_too(folder: Path) -> None:
    """Trusted no further than the MX record; no database is fetched from anywhere."""
    where = context({("example.net", "MX"): [MxRecord(10, "mx.hoster.example")]}, ispdb=folder)
    who = subject("a@example.net")
    found = await answer(mx.SOURCE, "mx-ispdb-base", where, who)
    assert (found.outcome, found.trust) == (Outcome.FOUND, Trust.UNAUTHENTICATED)
    await run_all(sources(), who, where, deadline=1)
    assert not [url for url in asked(where)[1] if url.startswith(ISPDB)]
