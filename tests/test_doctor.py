"""The network told apart from the servers, by hosts in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from advisor.doctoring import examine, targets
from advisor.engine.doctor import doctor_facts, path_facts, states
from advisor.engine.facts import Facts
from advisor.errors import ConnectFailed, InputError, ProbeTimeout
from advisor.knowledge.library import Library
from advisor.knowledge.suffixes import registrable
from advisor.model.doctor import DoctorReport, NamesRow, PathRow, Routes, WebRow
from advisor.model.endpoint import CONVENTIONAL, Endpoint, Protocol, Security
from advisor.model.evidence import Problem
from advisor.model.observation import Observation
from advisor.net._seams import Net
from advisor.probing.front_page import front_page
from tests.fakes.dns import FakeResolver, Zone
from tests.fakes.http import FakeFetcher
from tests.fakes.stream import FakeConnector, FakeServer
from tests.make import certificate, observation, tls
from tests.run import advisor

A, B = "mail.one.example", "mail.two.example"
PUBLIC: Zone = {(A, "A"): ("9.9.9.9",), (B, "A"): ("1.1.1.1",)}
SMTP = Endpoint(Protocol.SMTP, A, 587, Security.NONE)
MASKED = """

S: 220 ********************
C: EHLO [192.0.2.7]
S: 250-ok
S: 250 XXXXXXXA
C: QUIT
S: 221 bye
"""


def row(host: str, port: int, outcome: str, *, offered: bool = False) -> PathRow:
    """A path of which only the outcome is known."""
    return PathRow(
        Protocol.IMAP, host, port, Security.TLS, None, outcome, offered, Observation()
    )  # fmt: skip


def look(
    ends: Mapping[Endpoint, bool],
    servers: Mapping[tuple[str, int], FakeServer | ConnectFailed | ProbeTimeout],
    zone: Zone = PUBLIC,
    **more: FakeResolver,
) -> tuple[DoctorReport, FakeConnector]:
    """What the doctor says of *servers*; everything else refuses the connection."""
    streams = FakeConnector(servers)
    dns = more.pop("dns", None) or FakeResolver(zone)
    net = Net(dns=dns, http=FakeFetcher({}), streams=streams)
    one_by_one = tuple(more.values())
    found = asyncio.run(examine(dict(ends), net=net, one_by_one=one_by_one))
    return found, streams


def codes(report: DoctorReport) -> set[str]:
    """The codes of its findings, but for those about this machine's IPv6."""
    return {one.code for one in report.findings} - {"no-ipv6", "no-ipv4"}


def silence(host: str, port: int) -> ProbeTimeout:
    """Packets that vanish."""
    return ProbeTimeout(Problem.TIMEOUT, f"{host}:{port} did not answer")


def ends_of(host: str, *ports: int, offered: bool = False) -> dict[Endpoint, bool]:
    """The usual endpoints of *host* on *ports*."""
    return {
        Endpoint(protocol, host, port, how): offered
        for (protocol, port), how in CONVENTIONAL.items()
        if port in ports
    }


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([row(A, 993, "open")], "open"),
        ([row(A, 993, "silent"), row(B, 993, "open")], "open"),
        ([row(A, 993, "refused"), row(B, 993, "silent")], "refused"),
        ([row(A, 993, "silent"), row(A, 465, "open")], "unknown"),
        ([row(A, 993, "silent", offered=True), row(A, 465, "open")], "silent"),
        ([row(A, 993, "silent", offered=True)], "unknown"),
        ([row(h, p, o) for h in (A, B) for p, o in ((993, "silent"), (465, "open"))], "silent"),
        (
            [
                row(h, p, o, offered=True)
                for h in (A, B)
                for p, o in ((993, "silent"), (465, "open"))
            ],
            "blocked",
        ),
    ],
)
def test_only_silence_of_known_servers_blames_the_network(rows: list[PathRow], state: str) -> None:
    """Two hosts that are up and known to listen; with less, it stays open whose doing it is."""
    assert states(rows)["993"] == state
    assert states(rows[::-1])["993"] == state


@pytest.mark.parametrize("outcome", ["silent", "refused", "strange"])
def test_what_no_known_server_answers_on_is_blocked(outcome: str) -> None:
    """By a firewall that drops packets, sends them back, or takes connections for itself."""
    rows = [row(h, p, o, offered=True) for h in (A, B) for p, o in ((465, outcome), (993, "open"))]
    assert states(rows) == {"465": "blocked", "993": "open"}
    assert states(rows[:2]) == {"465": outcome, "993": "open"}


def test_a_blocked_port_is_your_networks() -> None:
    """Both known servers keep silent on 465 and answer, if only with a refusal, on 25."""
    ends = ends_of(A, 465, offered=True) | ends_of(B, 465, offered=True)
    ends |= ends_of(A, 25) | ends_of(B, 25)
    report, _ = look(ends, {(A, 465): silence(A, 465), (B, 465): silence(B, 465)})
    assert report.ports == {"25": "refused", "465": "blocked"}
    assert codes(report) == {"mail-ports-blocked"}
    assert report.findings[0].message.startswith("Your network")


def page(host: str, status: int, location: str | None = None) -> FakeServer:
    """What *host* answers on port 80."""
    asked = f"C: GET / HTTP/1.1\nC: Host: {host}\nC: Connection: close\nC: \n"
    leads = f"S: Location: {location}\n" if location else ""
    return FakeServer(f"\n\n{asked}S: HTTP/1.1 {status} x\nS: Server: y\n{leads}S: \n")


LOGIN = "http://login.hotel.example/?back=http://mail.example/"


@pytest.mark.parametrize(
    ("first", "second", "portal"),
    [
        (page(A, 302, LOGIN), page(B, 307, LOGIN), "login.hotel.example"),
        (page(A, 302, LOGIN), page(B, 302, "https://www.two.example/"), None),
        (page(A, 302, LOGIN), page(B, 200), None),
        (page(A, 301, f"https://{A}/"), page(B, 301, f"https://{A}/"), None),
        (page(A, 302, "/login"), page(B, 302, "/login"), None),
        (page(A, 302, "http://[broken/"), page(B, 302, "http://[broken/"), None),
        (page(A, 511), page(B, 200), A),
        (page(A, 302, "http://\\x1b[2J.example/"), page(B, 302, "http://\\xff/"), None),
    ],
)
def test_a_page_to_sign_in_at_is_told(
    first: FakeServer, second: FakeServer, portal: str | None
) -> None:
    """Where servers of two owners lead to one stranger; nobody goes there."""
    streams = FakeConnector({(A, 80): first, (B, 80): second})

    async def both() -> list[WebRow]:
        rows = [await front_page(host, streams) for host in (A, B)]
        return [replace(row, address=host) for row, host in zip(rows, (A, B), strict=True)]

    rows = asyncio.run(both())
    known = doctor_facts([], NamesRow(()), rows, routes=Routes(True, True), registrable=registrable)
    assert known["doctor.portal"] == portal
    assert {host for host, _ in streams.asked} == {A, B}


def seen_facts(paths: list[PathRow], names: NamesRow | None = None) -> Facts:
    """What the rules learn of *paths*."""
    return doctor_facts(
        paths, names or NamesRow(()), routes=Routes(True, True), registrable=registrable
    )


def at(host: str, address: str, **seen: Any) -> PathRow:
    """IMAP with STARTTLS at *host*, as it was seen."""
    return PathRow(
        Protocol.IMAP, host, 143, Security.STARTTLS, address, "open", False, Observation(**seen)
    )


@pytest.mark.parametrize(
    ("addresses", "told"), [(("9.9.9.9", "1.1.1.1"), 1), (("9.9.9.9",) * 2, 0)]
)
def test_one_certificate_for_strangers_is_told(addresses: tuple[str, str], told: int) -> None:
    """Where it is for none of them; servers behind one address may well share one."""
    stranger = tls(name_ok=False, certificate=certificate(names=("login.hotel.example",)))
    paths = [at(h, a, tls=stranger) for h, a in zip((A, B), addresses, strict=True)]
    wanted = "login.hotel.example" if told else None
    assert seen_facts(paths)["doctor.same_certificate"] == wanted
    own = [replace(path, observation=Observation(tls=tls())) for path in paths]
    assert seen_facts(own)["doctor.same_certificate"] is None


@pytest.mark.parametrize("said", ["HTTP/1.1 400 Bad Request", "<!DOCTYPE html>", "* OK hi"])
def test_web_pages_on_mail_ports_are_told(said: str) -> None:
    """Of several owners: one alone may just have the wrong server there."""
    paths = [at(A, "9.9.9.9", greeting=said), at(B, "1.1.1.1", greeting=said)]
    found = seen_facts(paths)["doctor.web_instead"]
    assert found == ([] if said.startswith("*") else [f"{A}:143", f"{B}:143"])
    assert seen_facts(paths[:1])["doctor.web_instead"] == []


def test_ports_that_swallow_everything_are_told() -> None:
    """For several owners; a port of one of them that speaks shows that it is not the network."""
    swallowed = [row(A, 993, "strange"), row(B, 993, "strange")]
    assert seen_facts(swallowed)["doctor.strange"] == [993]
    assert seen_facts(swallowed[:1])["doctor.strange"] == []
    assert seen_facts([*swallowed, row("mail.three.example", 993, "open")])["doctor.strange"] == []
    assert seen_facts(swallowed)["doctor.answers"]


def test_a_connection_without_a_word_is_no_open_port() -> None:
    """Taken, and closed again or left in silence."""
    ends = ends_of(A, 143) | ends_of(B, 143)
    swallows = FakeServer("\n\n", tls=silence(A, 143))
    report, _ = look(ends, {(A, 143): swallows, (B, 143): swallows})
    assert report.ports == {"143": "strange"}
    assert codes(report) == {"mail-ports-strange"}


def test_a_name_server_with_one_answer_is_told() -> None:
    """A named host leads where names lead that were made up a moment ago."""
    lies = FakeResolver({}, wildcard=("9.9.9.8",))
    report, _ = look({SMTP: False}, {}, dns=lies)
    assert report.names.astray == (A,)
    assert codes(report) == {"dns-invents-names", "dns-astray"}


def test_a_port_of_one_host_is_the_servers() -> None:
    """Where the same port of another host is open."""
    ends = ends_of(A, 587, offered=True) | ends_of(B, 587, offered=True)
    report, _ = look(ends, {(A, 587): silence(A, 587), (B, 587): FakeServer("\n\nS: 554 no\n")})
    assert report.ports == {"587": "open"}
    assert codes(report) == {"closed-at-server"}
    assert f"{A}:587" in report.findings[0].message


def test_silence_everywhere_is_told() -> None:
    """Two hosts, and not even a refusal."""
    ends = ends_of(A, 993) | ends_of(B, 993)
    report, _ = look(ends, {(A, 993): silence(A, 993), (B, 993): silence(B, 993)})
    assert codes(report) == {"nothing-leaves"}


def test_a_masked_greeting_is_a_firewalls() -> None:
    """Asterisks in the greeting, and a row of X in place of STARTTLS."""
    report, _ = look({SMTP: False}, {(A, 587): FakeServer(MASKED)})
    assert codes(report) == {"smtp-masked"}


@pytest.mark.parametrize(
    ("addresses", "name", "told"),
    [
        (("9.9.9.9", "1.1.1.1"), "proxy.example.net", "proxy.example.net"),
        (("9.9.9.9", "9.9.9.9"), "proxy.example.net", None),
        (("9.9.9.9", "1.1.1.1"), A, None),
        (("9.9.9.9",), "proxy.example.net", None),
    ],
)
def test_one_stranger_that_greets_for_all_is_told(
    addresses: tuple[str, ...], name: str, told: str | None
) -> None:
    """At different addresses, for different owners, and the name is none of theirs."""
    greeting = Observation(greeting=f"220 {name} ESMTP")
    paths = [
        PathRow(Protocol.SMTP, host, 587, Security.STARTTLS, address, "open", False, greeting)
        for host, address in zip((A, B), addresses, strict=False)
    ]
    known = doctor_facts(paths, NamesRow(()), routes=Routes(True, True), registrable=registrable)
    assert known["doctor.same_greeting"] == told


def test_invented_names_are_told() -> None:
    """A resolver that leads every name somewhere; the names asked for are made up."""
    report, _ = look({SMTP: False}, {}, dns=FakeResolver(PUBLIC, wildcard=("9.9.9.8",)))
    assert codes(report) == {"dns-invents-names"}
    assert {name.rpartition(".")[2] for name in report.names.invented} == {"invalid", "com"}


def test_a_private_address_is_told() -> None:
    """For a name that the public DNS should know."""
    report, _ = look({SMTP: False}, {}, {(A, "A"): ("10.0.0.1",)})
    assert codes(report) == {"dns-private-address"}
    assert report.names.private == (f"{A} (10.0.0.1)",)


@pytest.mark.parametrize(
    ("second", "disputed"),
    [
        ({(A, "A"): ("9.9.9.10",)}, False),
        ({(A, "A"): ("10.0.0.1",)}, True),
        ({}, True),
        ({(A, "A"): Problem.DNS_TIMEOUT}, False),
    ],
)
def test_name_servers_that_contradict_each_other_are_told(second: Zone, disputed: bool) -> None:
    """Other public addresses are no contradiction, and neither is one that does not answer."""
    report, _ = look({SMTP: False}, {}, first=FakeResolver(PUBLIC), second=FakeResolver(second))
    assert report.names.compared == 2
    assert (codes(report) == {"dns-servers-disagree"}) is disputed


def test_only_named_hosts_are_contacted() -> None:
    """Also where everything fails."""
    _, streams = look(ends_of(A, 25, 465, 993), {})
    assert set(streams.asked) == {(A, 25), (A, 465), (A, 993), (A, 80)}


def test_a_host_stands_for_every_mail_port() -> None:
    """All eight, and nobody says that it offers them."""
    found = targets([A], Library())
    assert {end.port for end in found} == {25, 110, 143, 465, 587, 993, 995, 4190}
    assert not any(found.values())


@pytest.mark.parametrize("named", ["posteo.de", "alice@posteo.de"])
def test_a_known_domain_stands_for_its_servers(named: str) -> None:
    """By the catalogue, without a question to anybody."""
    found = targets([named], Library())
    assert {end.host for end in found} == {"posteo.de"}
    assert {465, 993} <= {end.port for end in found}
    assert all(found.values())


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ([], "name what to reach"),
        (["no host"], "is no host"),
        (["alice@unknown.example"], "not in the catalogue"),
        ([f"mail{n}.example" for n in range(9)], "at most 8"),
    ],
)
def test_what_leads_nowhere_is_told(named: list[str], says: str) -> None:
    """In one line, with what to give instead."""
    with pytest.raises(InputError, match=says):
        targets(named, Library())


@pytest.mark.parametrize(
    ("issuer", "is_shield"),
    [
        ("CN=Avast Web/Mail Shield Root,O=Avast Web/Mail Shield", True),
        ("CN=AVG Web/Mail Shield Root", True),
        ("CN=Norton Web/Mail Shield Root", True),
        ("CN=ESET SSL Filter CA,O=ESET\\, spol. s r. o.,C=SK", True),
        ("CN=Kaspersky Anti-Virus Personal Root Certificate,O=AO Kaspersky Lab", True),
        ("CN=FG121GTK23000612,OU=Certificate Authority,O=Fortinet,L=Sunnyvale", True),
        ("CN=Sophos SSL CA_C320ABPCBJ8BQ6B,O=Sophos", True),
        ("CN=Zscaler Intermediate Root CA (zscaler.net) (t)", True),
        ("CN=Bitdefender CA SSL,O=Endpoint,L=Bucharest,C=RO", True),
        ("CN=R11,O=Let's Encrypt,C=US", False),
        ("CN=Fortinet-like CA,O=Fortinetics", False),
    ],
)
def test_a_shield_is_known_by_its_issuer(issuer: str, is_shield: bool) -> None:
    """By names from certificates that were seen; without a certificate there is none."""
    assert path_facts(row(A, 993, "open"))["path.issuer"] is None
    seen = observation(tls=tls(certificate=certificate(issuer=issuer)))
    shielded = replace(row(A, 993, "open"), observation=seen)
    speaking = Library().rulebook.rules["path"].speaking(path_facts(shielded))
    assert [rule.id for rule in speaking] == ["mail-shield"] * is_shield


def test_one_silent_host_is_no_verdict_on_the_network() -> None:
    """Neither is it left without a word: a second host is asked for."""
    report, _ = look(ends_of(A, 993, offered=True), {(A, 993): silence(A, 993)})
    assert report.ports == {"993": "unknown"}
    assert codes(report) == {"one-host-silent"}


def test_name_servers_that_give_no_answer_are_your_networks() -> None:
    """It is said of them, and nothing of the mail servers."""
    lost = ConnectFailed(Problem.DNS_TIMEOUT, "no name server answered")
    ends = ends_of(A, 993) | ends_of(B, 993)
    zone: Zone = {(A, "A"): Problem.DNS_TIMEOUT, (B, "A"): Problem.DNS_TIMEOUT}
    report, _ = look(ends, {(A, 993): lost, (B, 993): lost}, zone)
    assert codes(report) == {"names-unanswered"}
    assert "name server of your network" in report.findings[0].message


@pytest.mark.parametrize(
    ("routes", "told"),
    [
        (Routes(True, False, (A,)), {"no-ipv6"}),
        (Routes(True, False, (), (A,)), set()),
        (Routes(True, False, (A,), only="ipv6"), {"only-ipv6-without-route"}),
        (Routes(True, False, (A,), only="ipv4"), set()),
        (Routes(False, True, (A,)), set()),
        (Routes(False, True, (), (A,)), {"no-ipv4"}),
        (Routes(True, True, (A,)), set()),
    ],
)
def test_a_missing_family_is_told_where_it_matters(routes: Routes, told: set[str]) -> None:
    """By the way from here and what the hosts have."""
    known = doctor_facts(
        [row(A, 993, "open")], NamesRow(()), routes=routes, registrable=registrable
    )
    assert {rule.id for rule in Library().rulebook.rules["doctor"].speaking(known)} == told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["127.0.0.1", "--ipv6"], "127.0.0.1 is no address of the only family"),
        (["::1", "--ipv4"], "::1 is no address of the only family"),
        (["gmail.com", "--offline"], "leave out --offline"),
        (["imap.example.org:993"], "is no host"),
    ],
)
def test_what_contradicts_itself_is_told(words: list[str], says: str) -> None:
    """One line, and exit code 2."""
    ran = advisor("doctor", *words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1


def test_a_private_address_may_be_forbidden() -> None:
    """Then nothing is contacted, and that is said."""
    ran = advisor("doctor", "127.0.0.1", "--no-private-addresses")
    assert ran.code == 4
    assert "[private-hosts-skipped]" in ran.out


def test_without_a_host_nothing_is_contacted() -> None:
    """The command says what to give and ends with 2."""
    ran = advisor("doctor")
    assert (ran.code, ran.out) == (2, "")
    assert "name what to reach" in ran.err


def test_a_host_that_refuses_everything_is_an_answer() -> None:
    """Loopback, where nothing listens on these ports or something does: never a network error."""
    ran = advisor("doctor", "127.0.0.1", "--timeout", "5", "--format", "markdown")
    assert ran.code in (0, 1)
    assert "| 4190 | ManageSieve |" in ran.out


def test_a_host_without_an_address_is_told() -> None:
    """And nothing is said of the network because of it."""
    gone = ConnectFailed(Problem.NO_DOMAIN, f"{A} does not exist")
    report, _ = look(ends_of(A, 993), {(A, 993): gone}, {})
    assert report.ports == {"993": "unknown"}
    assert codes(report) == {"hosts-unknown"}
