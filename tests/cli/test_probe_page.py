"""What a probe's page says of TLS and of mail programs."""

from __future__ import annotations

import pytest

from advisor.cli import _probe_page, _reach_page
from advisor.cli._output import Paint
from advisor.cli._tls_lines import details as lines
from advisor.engine.reach import reach
from advisor.knowledge.clients import Clients
from advisor.knowledge.library import Library
from advisor.knowledge.stacks import offers
from advisor.model.endpoint import Protocol, Security
from advisor.model.handshake import ChainState, Dane, ServerNames, TlsDetails
from advisor.model.observation import Live, PlainHttp, Web
from advisor.model.report import ProbedEndpoint, ProbeReport
from tests.make import details, observation, result, tls

PLAIN = Paint(False)
VERSIONS = {"TLSv1": "refused", "TLSv1.2": "accepted", "TLSv1.3": "accepted"}


def report(seen: TlsDetails, *, clients: bool = False) -> ProbeReport:
    """A report on one port with these details."""
    found = result(tls=tls(versions=VERSIONS, details=seen))
    library = Library()
    stacks = library.entries("stacks")
    every = [
        (one, offers(one, stacks, library.entries("hellos")))
        for one in Clients(library.entries("clients")).every()
    ]
    end = ProbedEndpoint(
        found.protocol, found.host, found.address, found.port, found.security, found.live,
        found.observation, (), reach(found, every) if clients else (),
    )  # fmt: skip
    return ProbeReport(found.host, (end,), (), "0")


def test_a_service_is_told_by_its_address() -> None:
    """And where it leads on to, and what port 80 does."""
    hops = ("https://dav.example.org/.well-known/caldav", "https://dav.example.org/dav/")
    seen = observation(mechanisms_after=("Basic",), web=Web(401, hops, PlainHttp.REDIRECTS))
    end = ProbedEndpoint(
        Protocol.CALDAV, "dav.example.org", None, 443, Security.TLS, Live.CONFIRMED, seen, (),
        url=hops[0],
    )  # fmt: skip
    told = ProbeReport("dav.example.org", (end,), (), "0")
    short = _probe_page.text(told, PLAIN)
    assert f"CalDAV   {hops[0]}   SSL/TLS   works" in short
    assert f"Basic, leads on to {hops[1]}" in short
    long = _probe_page.text(told, PLAIN, verbose=True)
    assert f"asked: {hops[1]}" in long
    assert "over plain HTTP, port 80: it leads to HTTPS" in long
    assert "dav.example.org/.well-known/caldav" in _probe_page.markdown(told)


def test_details_are_told_with_verbose_only() -> None:
    """The page stays a line a port otherwise."""
    short = _probe_page.text(report(details()), PLAIN)
    assert len(short.splitlines()) == 3
    long = _probe_page.text(report(details()), PLAIN, verbose=True)
    for says in (
        "TLS 1.3 agrees on TLS_AES_256_GCM_SHA384, key exchange x25519",
        "post-quantum key exchange: X25519MLKEM768",
        "protocol named in TLS (ALPN): imap",
        "certificates sent: 2: complete",
        "CN=imap.example.org: RSA 2048, signed with sha256, until 2027-02-03",
        "server name: the same certificate comes without it",
        "OCSP answer: sent along",
        "DANE: 1 TLSA record (usage 3), signed, fit",
    ):
        assert says in long


@pytest.mark.parametrize(
    ("seen", "says"),
    [
        (details(names=ServerNames("a", "b", None, needed=True)), "without it another certificate"),
        (details(names=ServerNames("a", "b", None, needed=False)), "another certificate comes"),
        (details(names=ServerNames(None, None, None, needed=None)), "no certificate came"),
        (details(post_quantum="refused"), "post-quantum key exchange: not offered"),
        (details(stapled=False, must_staple=True), "although the certificate promises one"),
        (details(chain_state=ChainState.INCOMPLETE, missing="CN=Above"), "missing: CN=Above"),
        (details(dane=Dane("differs", ("x", "y"), (2, 3))), "2 TLSA records (usage 2, 3)"),
    ],
)
def test_what_was_seen_has_its_words(seen: TlsDetails, says: str) -> None:
    """Each in a sentence of its own."""
    assert any(says in line for line in lines(seen))


def test_every_state_of_a_chain_has_its_words() -> None:
    """None is told by its code."""
    for state in ChainState:
        (line,) = [one for one in lines(details(chain_state=state)) if "certificates sent" in one]
        assert line.count(":") == 2


def test_text_of_strangers_is_safe() -> None:
    """A certificate may hold anything."""
    odd = details(missing="\x1b]0;owned\x07", alpn="\x1b[2J")
    assert "\x1b" not in "".join(lines(odd))


def test_programs_that_cannot_connect_are_told_with_the_reason() -> None:
    """Those that can are counted, and named with --verbose."""
    page = " ".join(_probe_page.text(report(details(), clients=True), PLAIN).split())
    assert "Mail programs and IMAP 993" in page
    assert "cannot connect: knows TLS 1.0 at most, and this port wants TLS 1.2 or newer" in page
    assert "Windows 7 without update KB3140245: Microsoft Outlook" in page
    assert "Mozilla Thunderbird before 31" in page
    assert "can connect in some version" in page
    long = _probe_page.text(report(details(), clients=True), PLAIN, verbose=True)
    long = " ".join(long.split())
    assert "Mozilla Thunderbird" in long.partition("can connect, worked out:")[2]
    assert "The Bat!" in long.partition("not known:")[2]


def test_a_markdown_page_names_programs_too() -> None:
    """One line each."""
    page = _probe_page.markdown(report(details(), clients=True))
    assert "- IMAP 993: Eudora" in page
    assert "programs" not in _probe_page.markdown(report(details()))


@pytest.mark.parametrize(
    ("ranges", "says"),
    [
        (("31-37", "<31", "38-59"), ["59 and older"]),
        ((">=132", "78-131", "<31"), ["before 31", "78 and newer"]),
        (("9", "10-12.1", "12.2-12", "5-8"), ["5-12"]),
        (("10.7-10.8", "<10.7", "10.11"), ["10.8 and older", "10.11"]),
        (("2007-2010", "2016"), ["2007-2010", "2016"]),
        (("*",), [""]),
    ],
)
def test_ranges_that_follow_each_other_are_told_as_one(
    ranges: tuple[str, ...], says: list[str]
) -> None:
    """Oldest first; what lies between two is not hidden."""
    assert list(_reach_page.spans(ranges)) == says
