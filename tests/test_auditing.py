"""Audits over a network in memory: who says what, the grade, and what to publish."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import dns.zone
import pytest

from advisor._plugins import collect
from advisor.auditing import audit
from advisor.engine.audit import grade
from advisor.formats import autoconfig
from advisor.knowledge.library import Library
from advisor.model.audit import AuditReport, Point
from advisor.net._seams import Net, SrvRecord
from advisor.options import Options
from tests.fakes import clock
from tests.fakes.dns import FakeResolver
from tests.fakes.http import FakeFetcher
from tests.fakes.stream import FakeConnector, FakeServer, tls

DOCUMENT = b"""<clientConfig version="1.1"><emailProvider id="example.org">
<domain>example.org</domain><displayName>Example Mail</displayName>
<incomingServer type="imap"><hostname>imap.example.org</hostname><port>993</port>
<socketType>SSL</socketType><authentication>password-cleartext</authentication>
<username>%EMAILADDRESS%</username></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.example.org</hostname><port>465</port>
<socketType>SSL</socketType><authentication>password-cleartext</authentication>
<username>%EMAILADDRESS%</username></outgoingServer>
</emailProvider></clientConfig>"""
OWN = "https://autoconfig.example.org/mail/config-v1.1.xml"
WELL_KNOWN = "https://example.org/.well-known/autoconfig/mail/config-v1.1.xml"
IMAPS = "security: tls\n\nS: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\nC: bye LOGOUT\n"
SMTPS = "security: tls\n\nS: 220 hi\nC: EHLO [192.0.2.7]\nS: 250-hi\nS: 250 AUTH PLAIN\nC: QUIT\n"
SERVERS = {
    ("imap.example.org", 993): FakeServer(IMAPS, tls("imap.example.org")),
    ("smtp.example.org", 465): FakeServer(SMTPS, tls("smtp.example.org")),
}
ZONE: dict[tuple[str, str], Any] = {
    ("example.org", "MX"): [],
    ("example.org", "A"): ["192.0.2.9"],
    ("imap.example.org", "A"): ["192.0.2.1"],
    ("smtp.example.org", "A"): ["192.0.2.2"],
    ("org", "SOA"): ["x"],
}
NOWHERE = [SrvRecord(0, 0, 0, ".")]
SRV = {
    ("_imaps._tcp.example.org", "SRV"): [SrvRecord(0, 1, 993, "imap.example.org")],
    ("_submissions._tcp.example.org", "SRV"): [SrvRecord(0, 1, 465, "smtp.example.org")],
    **{
        (f"_{name}._tcp.example.org", "SRV"): NOWHERE
        for name in ("imap", "pop3", "pop3s", "submission")
    },
}


@cache
def library() -> Library:
    """The bundled knowledge, loaded once."""
    return Library()


def network(
    zone: Mapping[tuple[str, str], Any] = ZONE,
    pages: dict[str, bytes] | None = None,
    servers: Mapping[tuple[str, int], Any] = SERVERS,
    *,
    signed: bool = False,
) -> Net:
    """A network with these records, pages and servers."""
    return Net(
        FakeResolver(dict(zone), signed=signed),
        FakeFetcher(dict({OWN: DOCUMENT} if pages is None else pages)),
        FakeConnector(servers),
    )


def audited(net: Net | None = None, **options: Any) -> AuditReport:
    """The audit of example.org on *net*."""
    work = audit("example.org", Options(**options), library=library(), net=net or network())
    return clock.run(work)[0]


def rules(found: AuditReport) -> set[str]:
    """The rules that took points off."""
    assert found.grade is not None
    return {point.rule for point in found.grade.points}


def published(found: AuditReport, title: str) -> str:
    """The document that is advised under *title*."""
    one = next(advice for advice in found.advice if title in advice.publish)
    assert one.document is not None
    return one.document


def test_a_domain_with_everything_gets_the_best_grade() -> None:
    """Both addresses, records that are signed and whole, servers that work."""
    found = audited(network(ZONE | SRV, {OWN: DOCUMENT, WELL_KNOWN: DOCUMENT}, signed=True))
    assert found.grade is not None
    assert (found.grade.letter, found.grade.score, found.grade.points) == ("A", 100, ())
    assert (found.conflicts, found.advice) == ((), ())


def test_what_is_missing_is_written_out() -> None:
    """The zone lines name what works and deny the rest, and fit into a zone."""
    found = audited()
    assert {"no-srv", "no-wellknown"} <= rules(found)
    lines = published(found, "service records")
    soa = "@ 60 IN SOA ns.example.org. a.example.org. 1 1 1 1 1\n@ 60 IN NS ns.example.org.\n"
    zone = dns.zone.from_text(soa + lines, origin="example.org.", relativize=False)
    told = {
        name.to_text(): [str(record) for record in rdataset]
        for name, rdataset in zone.iterate_rdatasets("SRV")
    }
    assert told["_imaps._tcp.example.org."] == ["0 1 993 imap.example.org."]
    assert told["_submissions._tcp.example.org."] == ["0 1 465 smtp.example.org."]
    assert told["_pop3s._tcp.example.org."] == ["0 0 0 ."]
    assert len(told) == 6


def test_what_is_advised_ends_the_complaint() -> None:
    """Whoever publishes what the audit says is not told the same again."""
    before = audited(network(pages={}))
    assert {"no-autoconfig", "no-srv"} <= rules(before)
    document = published(before, "autoconfig").encode()
    assert [c.endpoint.port for c in autoconfig.parse(document).candidates] == [993, 465]
    zone = dns.zone.from_text(
        "@ 60 IN SOA ns a 1 1 1 1 1\n@ 60 IN NS ns\n" + published(before, "service records"),
        origin="example.org.",
        relativize=False,
    )
    records = {
        (name.to_text(omit_final_dot=True), "SRV"): [
            SrvRecord(
                r.priority, r.weight, r.port, r.target.to_text(omit_final_dot=len(r.target) > 1)
            )
            for r in rdataset
        ]
        for name, rdataset in zone.iterate_rdatasets("SRV")
    }
    after = audited(network(ZONE | records, {OWN: document, WELL_KNOWN: document}))
    assert rules(after) <= {"srv-not-signed"}


def test_sources_that_disagree_stand_in_the_conflicts() -> None:
    """Who says what, in a list of its own."""
    other = {("_imaps._tcp.example.org", "SRV"): [SrvRecord(0, 1, 993, "old.example.org")]}
    found = audited(network(ZONE | SRV | other))
    assert [(one.protocol, one.field) for one in found.conflicts] == [("imap", "host")]
    assert set(found.conflicts[0].sources) == {"autoconfig-https", "srv"}
    assert {"sources-disagree", "published-dead"} <= rules(found)


def test_what_is_published_and_gone_is_an_error() -> None:
    """Monitoring sees it by the severity."""
    found = audited(network(servers={("smtp.example.org", 465): SERVERS["smtp.example.org", 465]}))
    assert {"published-dead", "nothing-usable"} <= rules(found)
    dead = next(one for one in found.findings if one.code == "published-dead")
    assert "imap at imap.example.org:993" in dead.message
    assert dead.severity == "error"


def test_nothing_is_graded_by_hearsay() -> None:
    """Without a look at the servers there is no grade, and nothing is denied in DNS."""
    assert audited(probe=False).grade is None
    assert audited(offline=True).grade is None


def test_every_source_is_heard_out() -> None:
    """Where recommend would have its answer, the audit waits for the slow one."""

    class Slow(FakeFetcher):
        """A web whose well-known address takes five seconds."""

        async def get(self, url: str) -> Any:
            """The page, late."""
            if url == WELL_KNOWN:
                import asyncio

                await asyncio.sleep(5)
            return await super().get(url)

    net = replace(network(), http=Slow({OWN: DOCUMENT, WELL_KNOWN: DOCUMENT}))
    found = audited(net)
    assert "no-wellknown" not in rules(found)


def test_no_server_and_no_page_is_asked_twice() -> None:
    """Ten sources and more, and one connection for each way that a server is reached."""
    net = network(ZONE | SRV, {OWN: DOCUMENT, WELL_KNOWN: DOCUMENT})
    audited(net)
    assert max(Counter(net.http.asked).values()) == 1  # type: ignore[attr-defined]
    connections: Counter[tuple[str, int]] = Counter(net.streams.asked)  # type: ignore[attr-defined]
    assert {place for place, count in connections.items() if count > 1} == set()
    assert {("imap.example.org", 993), ("smtp.example.org", 465)} <= connections.keys()


def test_only_the_domain_of_an_address_counts() -> None:
    """Nobody learns whose address it was."""
    net = network()
    work = audit("alice@example.org", Options(), library=library(), net=net)
    found, _ = clock.run(work)
    assert found.address is None
    assert not [url for url in net.http.asked if "alice" in url]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("points", "letter", "score"),
    [((), "A", 100), ((-10,), "A", 90), ((-11,), "B", 89), ((-60, -60), "E", 0)],
)
def test_the_letters_follow_the_score(points: tuple[int, ...], letter: str, score: int) -> None:
    """The first whose least score is reached; never below nothing."""
    taken = [Point(f"rule-{off}", off, "says", "because", ()) for off in points]
    found = grade(taken, library().single("grades")["letters"])
    assert (found.letter, found.score) == (letter, score)


def test_every_format_that_a_rule_advises_exists() -> None:
    """A rule can only tell to publish what somebody can write."""
    formats = {one.id for one in collect("advisor.exporters", "EXPORTER").values()}
    advised = {
        wanted["format"]
        for rule in library().entries("rules").values()
        for wanted in rule["then"].get("publish") or ()
    }
    assert advised
    assert advised <= formats


def test_a_program_that_takes_the_wrong_server_is_named() -> None:
    """aerc reads the last outgoing server of a document, and this one is gone."""
    last = b"""<outgoingServer type="smtp"><hostname>old.example.org</hostname><port>465</port>
<socketType>SSL</socketType><authentication>password-cleartext</authentication>
<username>%EMAILADDRESS%</username></outgoingServer></emailProvider>"""
    document = DOCUMENT.replace(b"</emailProvider>", last)
    zone = ZONE | {("old.example.org", "A"): ["192.0.2.3"]}
    found = audited(network(zone, {OWN: document, WELL_KNOWN: document}))
    assert {"readers-misled", "published-dead"} <= rules(found)
    misled = next(one for one in found.findings if one.code == "readers-misled")
    assert "aerc" in misled.message
    assert "Thunderbird" not in misled.message
    page = next(one for one in found.documents if one.source == "autoconfig-https")
    taken = {row.id: row.outgoing and row.outgoing.host for row in page.readers}
    assert taken["aerc"] == "old.example.org"
    assert taken["thunderbird"] == "smtp.example.org"


def test_a_document_that_a_program_refuses_is_told() -> None:
    """Thunderbird for Android takes nothing from a file in which it meets “plain”."""
    document = DOCUMENT.replace(b"<socketType>SSL", b"<socketType>plain", 1)
    found = audited(network(pages={OWN: document, WELL_KNOWN: document}))
    assert {"readers-refuse", "document-mistakes"} <= rules(found)
    refused = next(one for one in found.findings if one.code == "readers-refuse")
    assert "Thunderbird for Android" in refused.message


def test_service_records_are_read_as_programs_read_them() -> None:
    """In the order of the domain, through the same eyes as a zone file."""
    found = audited(network(ZONE | SRV))
    records = next(one for one in found.documents if one.source == "srv")
    used = [row for row in records.readers if row.outcome == "uses"]
    assert used
    assert {row.incoming.host for row in used if row.incoming} == {"imap.example.org"}


def test_a_web_page_in_the_place_of_a_document_is_no_document() -> None:
    """It is told as unreadable, and nobody reads anything out of it."""
    found = audited(network(pages={OWN: b"<!doctype html><html></html>"}))
    assert "graded-documents" in rules(found)
    assert [one.source for one in found.documents] == []
