"""The whole way from an address to a report, over a network in memory."""

from __future__ import annotations

import asyncio
import gc
import json
import random
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from advisor import advise, asking
from advisor.discovery._planning import sources
from advisor.discovery._runner import ENOUGH
from advisor.discovery._source import Source
from advisor.errors import InvalidAddress, ProbeFailed
from advisor.exporters._exporter import Wish
from advisor.exporters.json import EXPORTER
from advisor.heard import Watch
from advisor.knowledge.library import Library
from advisor.model.evidence import Answer, Channel, Dnssec, Outcome, Problem, Question, Trust
from advisor.model.observation import Live, ProbeResult
from advisor.model.report import Report, SourceRow, Status, Verdict
from advisor.net._seams import (
    MAX_BODY,
    DnsAnswer,
    Fetched,
    MxRecord,
    Net,
    Redirect,
    Reply,
    SrvRecord,
)
from advisor.net.dns import DnsResolver
from advisor.options import Options
from advisor.probing.prober import Prober
from tests.fakes import clock
from tests.fakes.dns import FakeResolver
from tests.fakes.http import FakeFetcher, Page
from tests.fakes.nameserver import answering, name_server
from tests.fakes.stream import FakeConnector, FakeServer, FakeStream, tls

DOCUMENT = b"""<clientConfig version="1.1"><emailProvider id="example.org">
<displayName>Example Mail</displayName>
<incomingServer type="imap"><hostname>imap.example.org</hostname><port>993</port>
<socketType>SSL</socketType><authentication>password-cleartext</authentication>
<username>%EMAILADDRESS%</username></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.example.org</hostname><port>465</port>
<socketType>SSL</socketType><authentication>password-cleartext</authentication>
<username>%EMAILADDRESS%</username></outgoingServer>
</emailProvider></clientConfig>"""
OWN = "https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=alice%40example.org"
ISPDB = "https://v1.ispdb.net/example.org"
IMAPS = "security: tls\n\nS: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\nC: bye LOGOUT\n"
SMTPS = "security: tls\n\nS: 220 hi\nC: EHLO [192.0.2.7]\nS: 250-hi\nS: 250 AUTH PLAIN\nC: QUIT\n"
HERE = ["192.0.2.1"]
SERVERS = {
    ("imap.example.org", 993): FakeServer(IMAPS, tls("imap.example.org")),
    ("smtp.example.org", 465): FakeServer(SMTPS, tls("smtp.example.org")),
}
ZONE = {
    ("example.org", "MX"): [MxRecord(10, "mx.example.org")],
    ("imap.example.org", "A"): ["192.0.2.1"],
    ("smtp.example.org", "A"): ["192.0.2.2"],
    ("org", "SOA"): ["x"],
    ("com", "SOA"): ["x"],
}
SRV = {
    ("_imaps._tcp.example.org", "SRV"): [SrvRecord(0, 1, 993, "imap.example.org")],
    ("_submissions._tcp.example.org", "SRV"): [SrvRecord(0, 1, 465, "smtp.example.org")],
}


class SilentResolver(FakeResolver):
    """A name server that never answers."""

    async def query(self, name: str, rdtype: str) -> DnsAnswer:
        """Wait for ever (somebody else must give up)."""
        self.asked.append((name, rdtype))
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]


class HangingFetcher(FakeFetcher):
    """A web in which some servers take the connection and say nothing."""

    hanging: tuple[str, ...] = ()

    async def reply(self, url: str) -> Fetched | Redirect:
        """The page, or nothing for an hour."""
        if url.startswith(self.hanging):
            await asyncio.sleep(3600)
        return await super().reply(url)

    async def look(self, url: str, *, limit: int = MAX_BODY, method: str = "GET") -> Reply:
        """The same."""
        if url.startswith(self.hanging):
            await asyncio.sleep(3600)
        return await super().look(url, limit=limit)


@cache
def library() -> Library:
    """The bundled knowledge, loaded once."""
    return Library()


def network(
    zone: Mapping[tuple[str, str], Any] = ZONE,
    pages: dict[str, Page] | None = None,
    servers: Mapping[tuple[str, int], FakeServer | ProbeFailed] = SERVERS,
    *,
    hanging: tuple[str, ...] = (),
) -> Net:
    """A network with *zone*, *pages* and *servers*."""
    web = HangingFetcher({OWN: DOCUMENT} if pages is None else pages)
    web.hanging = hanging
    return Net(FakeResolver(dict(zone)), web, FakeConnector(servers))


def silence() -> Net:
    """A network in which nobody ever says anything, beginning with the name server."""
    net = network(hanging=("http",), servers={})
    return replace(net, dns=SilentResolver())


def asked(
    net: Net | None = None,
    address: str = "alice@example.org",
    options: Options | None = None,
    watch: Watch | None = None,
) -> tuple[Report, float]:
    """The report for *address*, and how long it took."""
    net = net or network()
    found, seconds = clock.run(
        advise.recommend(address, options, library=library(), net=net, watch=watch)
    )
    assert getattr(net.streams, "open_now", 0) == 0, "a connection was left open"
    return found, seconds


def recommended(*args: Any, **kwargs: Any) -> Report:
    """The report alone."""
    return asked(*args, **kwargs)[0]


def row(found: Report, source: str) -> SourceRow:
    """What *source* said."""
    return next(one for one in found.sources if one.id == source)


def codes(found: Report) -> set[str]:
    """The codes of the findings."""
    return {one.code for one in found.findings}


def test_what_is_published_and_kept_is_recommended() -> None:
    """Named by the domain itself, seen live: both directions, verified."""
    found = recommended()
    assert found.status is Status.OK
    for one, port in ((found.incoming[0], 993), (found.outgoing[0], 465)):
        assert (one.port, one.verdict, one.live) == (port, Verdict.RECOMMENDED, Live.CONFIRMED)
        assert (one.trust, one.username) == (Trust.VERIFIED, "alice@example.org")
        assert "autoconfig-https" in one.sources
        assert one.reasons
    assert found.provider is not None
    assert found.provider.name == "Example Mail"
    assert (found.network.offline, found.network.resolver) == (False, ("192.0.2.53",))


def test_every_source_is_accounted_for() -> None:
    """What was asked stands in the report, with a reason where nothing came of it."""
    found = recommended()
    ids = [one.id for one in found.sources]
    assert len(ids) == len(set(ids))
    assert {"autoconfig-https", "srv", "ispdb", "catalogue", "guess", "siblings"} <= set(ids)
    assert all(one.reason for one in found.sources if one.outcome is not Outcome.FOUND)


def timeless(document: Any) -> Any:
    """*document* without its times."""
    if isinstance(document, dict):
        times = ("seconds", "asked_at")
        return {key: timeless(value) for key, value in document.items() if key not in times}
    return [timeless(one) for one in document] if isinstance(document, list) else document


def test_two_reports_are_equal_but_for_their_times() -> None:
    """The same facts, the same report, to the byte."""
    first, second = (
        json.dumps(
            timeless(json.loads(EXPORTER.render(recommended(network(ZONE | SRV)), Wish()).document))
        )
        for _ in range(2)
    )
    assert first == second


class SlowResolver(FakeResolver):
    """A DNS whose answers take their time, some more and some less."""

    async def query(self, name: str, rdtype: str) -> DnsAnswer:
        """The same answer, later."""
        await asyncio.sleep(random.uniform(0, 0.1))
        return await super().query(name, rdtype)


class SlowFetcher(FakeFetcher):
    """A web like it."""

    async def reply(self, url: str) -> Fetched | Redirect:
        """The same page, later."""
        await asyncio.sleep(random.uniform(0, 0.1))
        return await super().reply(url)


OTHER = DOCUMENT.replace(b"imap.example.org", b"mx.hoster.example").replace(b"993", b"143")


@pytest.mark.parametrize("publishes", [True, False])
def test_who_answers_first_makes_no_difference(*, publishes: bool) -> None:
    """Design §6: the same facts give the same report, in whatever order they came."""
    told = set()
    for seed in range(8):
        random.seed(seed)
        dns = SlowResolver(ZONE | SRV if publishes else ZONE)
        web = SlowFetcher({OWN: DOCUMENT, ISPDB: OTHER} if publishes else {})
        net = Net(dns, web, FakeConnector(SERVERS))
        document = json.loads(EXPORTER.render(recommended(net), Wish()).document)
        told.add(json.dumps(timeless(document)))
    assert len(told) == 1


def test_sources_that_agree_stand_together() -> None:
    """One setting, named by both."""
    found = recommended(network(ZONE | SRV))
    assert found.incoming[0].sources[:2] == ("autoconfig-https", "srv")
    assert "source-conflict" not in codes(found)


def test_sources_that_disagree_are_a_finding() -> None:
    """Nothing is thrown away."""
    other = {("_imaps._tcp.example.org", "SRV"): [SrvRecord(0, 1, 993, "old.example.org")]}
    found = recommended(network(ZONE | other))
    assert {one.host for one in found.incoming} == {"imap.example.org", "old.example.org"}
    assert found.incoming[0].host == "imap.example.org"
    assert "source-conflict" in codes(found)


def test_a_server_that_is_gone_is_told() -> None:
    """Published, and nobody there."""
    found = recommended(network(servers={}))
    assert found.status is Status.UNREACHABLE
    assert {one.live for one in (*found.incoming, *found.outgoing)} == {Live.FAILED}


def test_other_ports_of_the_servers_are_looked_at() -> None:
    """What works there is told, what does not is not."""
    more = FakeServer(
        "security: starttls\n\nS: 220 hi\nC: EHLO [192.0.2.7]\nS: 250-hi\nS: 250 STARTTLS\n"
        "C: STARTTLS\nS: 220 go\n-- TLS --\n"
        "C: EHLO [192.0.2.7]\nS: 250-hi\nS: 250 AUTH PLAIN\nC: QUIT\n"
    )
    found = recommended(network(servers={**SERVERS, ("smtp.example.org", 587): more}))
    assert [(one.port, one.sources[0]) for one in found.outgoing] == [
        (465, "autoconfig-https"),
        (587, "siblings"),
    ]
    assert [one.port for one in found.incoming] == [993]
    assert row(found, "siblings").outcome is Outcome.FOUND


def test_without_probing_nothing_is_connected_to() -> None:
    """What is published is told as it is."""
    net = network()
    found = recommended(net, options=Options(probe=False))
    assert net.streams.asked == []  # type: ignore[attr-defined]
    assert {one.live for one in found.incoming} == {Live.NOT_CHECKED}
    assert found.incoming[0].trust is Trust.AUTHENTICATED


def test_a_guess_counts_where_nobody_publishes() -> None:
    """A real server behind a usual name, and said to be guessed."""
    found = recommended(network(pages={}))
    assert found.status is Status.OK
    assert [(one.host, one.port, one.sources) for one in found.incoming] == [
        ("imap.example.org", 993, ("guess",))
    ]
    assert "guessed" in codes(found)


def test_a_guess_that_nobody_answers_is_nothing() -> None:
    """A name that resolves is no server."""
    found = recommended(network(pages={}, servers={}))
    assert (found.status, found.incoming, found.outgoing) == (Status.NOTHING_FOUND, (), ())


def test_a_null_mx_ends_the_guessing() -> None:
    """RFC 7505: the domain says that it takes no mail; nobody is bothered with connections."""
    net = network(ZONE | {("example.org", "MX"): [MxRecord(0, ".")]}, pages={})
    found = recommended(net)
    assert (row(found, "guess").outcome, found.status) == (Outcome.SKIPPED, Status.NOTHING_FOUND)
    assert "null-mx" in codes(found)
    assert net.streams.asked == []  # type: ignore[attr-defined]


def test_offline_nobody_is_asked() -> None:
    """The bundled knowledge answers, and the report says so."""
    net = network()
    found, seconds = asked(net, "jane@gmail.com", Options(offline=True))
    assert (found.status, found.network.offline, seconds) == (Status.OK, True, 0)
    assert {one.outcome for one in found.sources if one.id != "catalogue"} == {Outcome.SKIPPED}
    assert (net.dns.asked, net.http.asked, net.streams.asked) == ([], [], [])  # type: ignore[attr-defined]


def test_a_silent_name_server_does_not_hold_up_what_is_known() -> None:
    """The catalogue answers within a second and a half, as if offline."""
    found, seconds = asked(silence(), "jane@gmail.com")
    assert seconds <= 1.5
    assert (found.status, found.network.offline) == (Status.OK, True)
    assert (found.incoming[0].host, found.incoming[0].live) == ("imap.gmail.com", Live.NOT_CHECKED)


def test_silence_about_an_unknown_domain_is_no_answer() -> None:
    """Nothing was heard, which is the network's: not "there is nothing"."""
    found, seconds = asked(silence(), options=Options(timeout=3))
    assert seconds == pytest.approx(3)
    assert (found.status, found.network.offline) == (Status.UNREACHABLE, True)


def test_a_source_that_hangs_does_not_hold_up_a_whole_answer() -> None:
    """Both directions are confirmed: the rest gets a moment, and is told as cut off."""
    found, seconds = asked(network(hanging=("https://v1.ispdb.net/",)))
    assert seconds < 1
    assert found.status is Status.OK
    late = row(found, "ispdb")
    assert (late.outcome, late.reason) == (Outcome.FAILED, ENOUGH)


SERVICES = tuple(f"https://example.org/.well-known/{name}" for name in ("jmap", "cal", "card"))


@pytest.mark.parametrize("pages", [None, {}])
def test_services_that_hang_hold_up_no_answer_about_mail(pages: dict[str, Page] | None) -> None:
    """Neither a published one nor a guess."""
    found, seconds = asked(network(pages=pages, hanging=SERVICES))
    assert seconds < 1
    assert found.status is Status.OK
    assert {row(found, name).reason for name in ("jmap", "caldav", "carddav")} == {ENOUGH}
    assert "sources-unheard" not in codes(found)


def test_services_that_are_there_are_told() -> None:
    """Beside the settings for mail, and not among them."""
    login = Reply(401, (), b"", SERVICES[:1], secure=True)
    found = recommended(network(pages={OWN: DOCUMENT, SERVICES[0]: login}))
    assert [(one.protocol.value, one.sources) for one in found.services] == [("jmap", ("jmap",))]
    assert found.services[0].trust is Trust.AUTHENTICATED
    assert found.status is Status.OK


class HangingConnector(FakeConnector):
    """Servers, and a calendar that never takes a connection."""

    async def connect(self, host: str, port: int) -> FakeStream:
        """A stream, or nothing for an hour."""
        if port == 443:
            self.asked.append((host, port))
            await asyncio.sleep(3600)
        return await super().connect(host, port)


CALENDAR = {("_caldavs._tcp.example.org", "SRV"): [SrvRecord(0, 1, 443, "dav.example.org")]}


def test_a_look_at_a_service_that_hangs_holds_up_no_answer_about_mail() -> None:
    """It gets the grace of whatever is still silent, and is told as not checked."""
    net = replace(network(ZONE | CALENDAR), streams=HangingConnector(SERVERS))
    found, seconds = asked(net)
    assert seconds < 0.3
    assert found.status is Status.OK
    (one,) = found.services
    assert (one.live, one.url) == (
        Live.NOT_CHECKED, "https://dav.example.org/.well-known/caldav",
    )  # fmt: skip
    assert one.observation is not None
    assert one.observation.problem is Problem.CUT_OFF


def test_a_service_that_cannot_be_reached_is_told() -> None:
    """At the path that the text record names, once."""
    path = {("_caldavs._tcp.example.org", "TXT"): ["path=/dav/"]}
    net = network(ZONE | CALENDAR | path)
    found, _ = asked(net)
    (one,) = found.services
    assert (one.live, one.url) == (Live.FAILED, "https://dav.example.org/dav/")
    told = next(f for f in found.findings if f.code == "dead-server")
    assert told.about == ("caldav://dav.example.org:443/dav/",)
    assert getattr(net.streams, "asked", []).count(("dav.example.org", 443)) == 1


def test_a_domain_without_services_does_not_wait_for_any() -> None:
    """Not even for a moment."""
    assert asked(network())[1] == 0


def test_services_alone_are_no_published_mail() -> None:
    """Guesses are still wanted, and it is said that they are guesses."""
    login = Reply(401, (), b"", SERVICES[:1], secure=True)
    found = recommended(network(pages={SERVICES[0]: login}))
    assert found.incoming[0].sources == ("guess",)
    assert "guessed" in codes(found)


def test_a_source_that_hangs_is_waited_for_where_nothing_is_known() -> None:
    """Until its own deadline, not until the command's."""
    net = network(pages={}, servers={}, hanging=("https://v1.ispdb.net/example.org",))
    found, seconds = asked(net)
    assert seconds == pytest.approx(asking.SOURCE_DEADLINE, abs=0.1)
    assert "no answer within 8 s" in row(found, "ispdb").reason


def test_the_whole_command_has_a_deadline() -> None:
    """Whatever hangs, and however long."""
    found, seconds = asked(
        network(pages={}, servers={}, hanging=("http",)), options=Options(timeout=2)
    )
    assert seconds == pytest.approx(2, abs=0.01)
    assert row(found, "autoconfig-https").outcome is Outcome.FAILED


def test_an_unusual_name_server_is_not_believed_alone() -> None:
    """One that denies “org” is an island: what it says of the domain is no evidence."""
    zone = {key: value for key, value in ZONE.items() if key[0] == "nowhere"}
    found = recommended(network(zone, pages={}, servers={}), "jane@gmail.com")
    assert found.network.offline
    assert found.incoming[0].live is Live.NOT_CHECKED
    assert "dns-island" in codes(found)


def test_everything_is_watched() -> None:
    """Each question, its answer, and each look at a server."""
    events: list[Question | Answer | ProbeResult] = []
    recommended(watch=events.append)
    questions = [one.id for one in events if isinstance(one, Question)]
    answers = [one.question.id for one in events if isinstance(one, Answer)]
    assert sorted(questions) == sorted(answers)
    assert ("imap.example.org", 993) in {
        (one.host, one.port) for one in events if isinstance(one, ProbeResult)
    }


def test_what_is_no_address_is_refused_at_once() -> None:
    """Before anybody is asked."""
    net = network()
    with pytest.raises(InvalidAddress):
        asked(net, "alice@")
    assert net.dns.asked == []  # type: ignore[attr-defined]


EVERYWHERE = (
    "example.org MX 10 mx.hoster.example.",
    "imap.example.org A 192.0.2.1",
    "smtp.example.org A 192.0.2.2",
    "mail.example.org CNAME imap.example.org.",
    "_imaps._tcp.example.org SRV 0 1 993 imap.example.org.",
    "_imap._tcp.example.org SRV 0 0 0 .",
    "_submissions._tcp.example.org SRV 0 1 465 smtp.example.org.",
    "_caldavs._tcp.example.org SRV 0 1 443 dav.example.org.",
    "_caldavs._tcp.example.org TXT path=/dav",
    "mx.hoster.example A 192.0.2.9",
)
EVERYTHING: dict[str, Page] = {
    OWN: DOCUMENT,
    "https://example.org/.well-known/autoconfig/mail/config-v1.1.xml": DOCUMENT,
    "http://autoconfig.example.org/mail/config-v1.1.xml": DOCUMENT,
    ISPDB: DOCUMENT,
    "https://autoconfig.hoster.example/mail/config-v1.1.xml": DOCUMENT,
    "https://v1.ispdb.net/hoster.example": DOCUMENT,
}


async def test_nothing_is_asked_twice() -> None:
    """Of a domain with all sources: each DNS question, each document, each port of a server."""
    async with name_server(answering(*EVERYWHERE)) as server:
        web, streams = FakeFetcher(EVERYTHING), FakeConnector(SERVERS)
        net = Net(DnsResolver([server.address]), web, streams)
        found = await advise.recommend("alice@example.org", library=library(), net=net)
    questions = [(name, rdtype) for name, rdtype, _ in server.asked]
    spoke = {one.id for one in found.sources if one.outcome is Outcome.FOUND}
    assert {"autoconfig-https", "autoconfig-wellknown", "autoconfig-http"} <= spoke
    assert {"srv", "srv-services", "ispdb", "mx-autoconfig-base", "mx-ispdb-base"} <= spoke
    for asked_for in (questions, web.asked, streams.asked):
        assert len(asked_for) == len(set(asked_for))
    ports = {("imap.example.org", 993), ("imap.example.org", 143)}
    ports |= {("smtp.example.org", 465), ("smtp.example.org", 587)}
    ports |= {("dav.example.org", 443)}
    assert set(streams.asked) == ports


def test_a_record_that_is_signed_after_all_is_trusted() -> None:
    """The check goes on beside the looks at the servers, and raises the grade in the end."""
    net = network(ZONE | SRV, pages={})
    for owner, rdtype in SRV:
        net.dns.checked[owner, rdtype] = Dnssec.SECURE  # type: ignore[attr-defined]
    found = recommended(net)
    assert row(found, "srv").trust is Trust.AUTHENTICATED
    assert {hop.channel for hop in row(found, "srv").hops} == {Channel.DNSSEC}


def test_a_record_whose_signatures_do_not_fit_is_not_used() -> None:
    """Nothing that it named is left, and the reason is told."""
    other = {("_imaps._tcp.example.org", "SRV"): [SrvRecord(0, 1, 993, "evil.example")]}
    net = network(ZONE | other)
    net.dns.checked["_imaps._tcp.example.org", "SRV"] = Dnssec.BOGUS  # type: ignore[attr-defined]
    found = recommended(net)
    assert {one.host for one in found.incoming} == {"imap.example.org"}
    assert "do not fit" in row(found, "srv").reason


def test_a_service_at_another_domain_has_to_be_confirmed() -> None:
    """RFC 6186 §6 holds for calendars as well."""
    calendar = {("_caldavs._tcp.example.org", "SRV"): [SrvRecord(0, 1, 443, "dav.hoster.example")]}
    found = recommended(network(ZONE | calendar))
    told = [one for one in found.findings if one.code == "dns-unauthenticated-crossdomain"]
    assert [one.about for one in told] == [("srv-services",)]
    assert "hoster.example" in told[0].message


def test_mx_records_that_name_no_host_are_an_error() -> None:
    """RFC 5321 §5.1: they are not the same as none."""
    found = recommended(network(ZONE | {("example.org", "MX"): [MxRecord(5, "192.0.2.1")]}))
    assert "bad-mx" in codes(found)
    assert row(found, "mx-autoconfig-base").outcome is Outcome.FAILED


def test_a_forgotten_record_is_told_as_out_of_date() -> None:
    """It names a server that is gone, and the document one that works."""
    old = {("_imaps._tcp.example.org", "SRV"): [SrvRecord(0, 1, 993, "old.example.org")]}
    found = recommended(network(ZONE | old))
    told = next(one for one in found.findings if one.code == "stale-publication")
    assert told.about == ("srv",)
    assert "old.example.org" in told.message


def test_one_server_under_two_names_is_told_and_no_conflict() -> None:
    """Both settings stay, since only the owner knows which name will last."""
    record = {("_imaps._tcp.example.org", "SRV"): [SrvRecord(0, 1, 993, "mail.example.org")]}
    servers = {**SERVERS, ("mail.example.org", 993): SERVERS["imap.example.org", 993]}
    net = network(ZONE | record | {("mail.example.org", "A"): ["192.0.2.1"]}, servers=servers)
    net.dns.aliases["mail.example.org"] = "imap.example.org"  # type: ignore[attr-defined]
    found = recommended(net)
    assert {one.host for one in found.incoming} == {"imap.example.org", "mail.example.org"}
    assert "source-conflict" not in codes(found)
    told = next(one for one in found.findings if one.code == "same-server")
    assert "mail.example.org is an alias of imap.example.org" in told.message


def test_a_certificate_for_another_name_of_the_domain_suggests_it() -> None:
    """The name that was published cannot be used; the one in the certificate is looked at."""
    wrong = FakeServer(IMAPS, tls("imap4.example.org", name_ok=False))
    right = FakeServer(IMAPS, tls("imap4.example.org"))
    servers = SERVERS | {("imap.example.org", 993): wrong, ("imap4.example.org", 993): right}
    found = recommended(network(ZONE | {("imap4.example.org", "A"): HERE}, servers=servers))
    assert {"cert-wrong-name", "certificate-names-another"} <= codes(found)
    assert (found.incoming[0].host, found.incoming[0].sources) == (
        "imap4.example.org",
        ("certificates",),
    )


def test_a_server_at_the_mail_exchangers_is_found_and_has_to_be_confirmed() -> None:
    """Nobody publishes anything, and the usual names of the domain do not exist."""
    zone = {("example.org", "MX"): [MxRecord(10, "mx.small.example")], ("org", "SOA"): ["x"]}
    zone |= {("imap.small.example", "A"): HERE, ("smtp.small.example", "A"): HERE}
    servers = {
        ("imap.small.example", 993): SERVERS["imap.example.org", 993],
        ("smtp.small.example", 465): SERVERS["smtp.example.org", 465],
    }
    found = recommended(network(zone, pages={}, servers=servers))
    assert [one.host for one in found.incoming] == ["imap.small.example"]
    assert found.incoming[0].trust is Trust.GUESSED
    assert {"guessed", "dns-unauthenticated-crossdomain"} <= codes(found)


def broken(*_: Any) -> Any:
    """A bug of ours."""
    raise ZeroDivisionError("a bug")


@pytest.fixture
def buggy_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """One source more, with a bug."""

    def plan(*_: Any) -> list[Question]:
        return [Question("buggy", "a source with a bug", "anything")]

    async def run(*_: Any) -> Answer:
        return broken()  # type: ignore[no-any-return]

    more = (*sources(), Source("buggy", "a source with a bug", (), plan, run))
    monkeypatch.setattr(advise, "sources", lambda: more)


@pytest.mark.usefixtures("buggy_source")
def test_a_bug_in_a_source_stays_loud() -> None:
    """It is no answer that found nothing."""
    with pytest.raises(ZeroDivisionError):
        asked()


@pytest.mark.usefixtures("buggy_source")
def test_a_bug_leaves_no_connection_open() -> None:
    """A program that goes on after it must not keep probes that nobody waits for."""
    tarpit = FakeServer(IMAPS, gate=asyncio.Event())
    net = network(servers={("imap.example.org", 993): tarpit})

    async def survive() -> int:
        with pytest.raises(ZeroDivisionError):
            await advise.recommend(
                "alice@example.org", Options(timeout=1), library=library(), net=net
            )
        return net.streams.open_now  # type: ignore[attr-defined, no-any-return]

    assert clock.run(survive())[0] == 0


def test_an_interrupt_leaves_nothing_behind() -> None:
    """At whatever step it comes: no connection, no coroutine that nobody awaited."""

    async def interrupted(net: Net, steps: int) -> None:
        work = asyncio.create_task(advise.recommend("a@example.org", library=library(), net=net))
        for _ in range(steps):
            await asyncio.sleep(0)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for steps in range(30):
            net = network()
            clock.run(interrupted(net, steps))
            assert net.streams.open_now == 0  # type: ignore[attr-defined]
        gc.collect()
    assert [str(one.message) for one in warned] == []


# A done callback that raises is logged by the loop, and nobody ever hears of it.
def test_a_bug_in_a_probe_stays_loud(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is it a server that was not looked at."""
    monkeypatch.setattr(Prober, "_examine", broken)
    with pytest.raises(ZeroDivisionError):
        asked()


def test_a_bug_in_the_watcher_stays_loud() -> None:
    """Whatever it was told."""

    def watch(event: Question | Answer | ProbeResult) -> None:
        if isinstance(event, ProbeResult):
            broken()

    with pytest.raises(ZeroDivisionError):
        asked(watch=watch)
