"""The prober over servers in memory: what is asked, how often, and what is made of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from advisor.errors import ProbeTimeout, TlsFailed
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Problem
from advisor.model.observation import Live, ProbeResult, Reached
from advisor.net.stream import Timeouts
from advisor.probing.driver import literal
from advisor.probing.prober import Prober
from tests import converse
from tests.converse import TRANSCRIPTS, parse
from tests.fakes.stream import (
    FakeConnector,
    FakeServer,
    FakeStream,
    FixedAddresses,
    tls,
    untrusted,
)

HOST = "imap.example.org"
IMAPS = Endpoint(Protocol.IMAP, HOST, 993, Security.TLS)
GOOD = "security: tls\n\nS: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\nC: bye LOGOUT\n"


def serving(server: FakeServer, endpoint: Endpoint = IMAPS) -> FakeConnector:
    return FakeConnector({(endpoint.host, endpoint.port): server})


async def settle() -> None:
    """Let every task go as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def probed(server: FakeServer, endpoint: Endpoint = IMAPS) -> ProbeResult:
    connector = serving(server, endpoint)
    result = await Prober(connector).probe(endpoint)
    assert connector.open_now == 0, "a connection was left open"
    return result


async def test_a_server_that_works_is_confirmed() -> None:
    """Everything as asked, chain and name good, TLS new enough."""
    result = await probed(FakeServer(GOOD))
    seen = result.observation
    assert (result.live, seen.reached, seen.problem) == (Live.CONFIRMED, Reached.DONE, None)
    assert (result.address, seen.mechanisms) == ("192.0.2.1", ("PLAIN",))
    assert set(seen.seconds) == {"connect", "tls", "greeting", "done"}


@pytest.mark.parametrize(
    ("name", "protocol", "port", "live"),
    [
        ("imap/dovecot-143", Protocol.IMAP, 143, Live.CONFIRMED),
        ("pop3/dovecot-110", Protocol.POP3, 110, Live.CONFIRMED),
        ("smtp/postfix-587", Protocol.SMTP, 587, Live.CONFIRMED),
        ("smtp/injection", Protocol.SMTP, 587, Live.FAILED),
        ("imap/preauth", Protocol.IMAP, 143, Live.FAILED),
        ("imap/in-clear", Protocol.IMAP, 143, Live.CONFIRMED),
        ("imap/rude-goodbye", Protocol.IMAP, 993, Live.CONFIRMED),
    ],
)
async def test_a_transcript_becomes_a_result(
    name: str, protocol: Protocol, port: int, live: Live
) -> None:
    """The driver and the tests' own player agree on every kind of conversation."""
    transcript = converse.read(TRANSCRIPTS / f"{name}.txt")
    endpoint = Endpoint(protocol, "mail.example.org", port, transcript.security)
    result = await probed(FakeServer(transcript), endpoint)
    assert (result.live, result.observation.reached) == (live, transcript.expected["reached"])
    assert (result.observation.problem or "") == transcript.expected.get("problem", "")


async def test_a_wrong_name_is_not_confirmed() -> None:
    """The chain is fine, and the sentence lists whose certificate it is."""
    names = ("a.example", "b.example", "c.example", "d.example")
    result = await probed(FakeServer(GOOD, tls=tls(*names, name_ok=False)))
    assert (result.live, result.observation.problem) == (Live.FAILED, Problem.CERT_WRONG_NAME)
    assert result.observation.reached is Reached.DONE
    assert result.observation.error == (
        f"{HOST}:993: its certificate is for a.example, b.example, c.example and 1 more, "
        f"not for {HOST}"
    )


async def test_a_refused_certificate_is_looked_at_once_more() -> None:
    """The second look reads the rest of the conversation; the trouble stays the first one's."""
    server = FakeServer(GOOD, tls=untrusted(f"{HOST}:993"), lenient=tls(HOST, chain_ok=False))
    connector = serving(server)
    result = await Prober(connector).probe(IMAPS)
    seen = result.observation
    assert len(connector.asked) == 2
    assert (result.live, seen.problem, seen.reached) == (
        *(Live.FAILED, Problem.CERT_UNTRUSTED, Reached.DONE),
    )
    assert seen.capabilities_after == ("IMAP4REV1", "AUTH=PLAIN")
    assert seen.tls is not None
    assert seen.tls.chain_error == "its certificate's issuer is not known here: CN=Test Authority"
    assert seen.error == f"{HOST}:993: {seen.tls.chain_error}"


async def test_a_second_look_that_fails_changes_nothing() -> None:
    """The first failure is the one that is told."""
    error = TlsFailed(Problem.TLS_HANDSHAKE, f"{HOST}:993: the TLS handshake failed (odd)")
    result = await probed(FakeServer(GOOD, tls=error, lenient=error))
    assert (result.observation.tls, result.observation.error) == (None, str(error))
    assert result.observation.reached is Reached.CONNECT


@pytest.mark.parametrize("problem", [Problem.NOT_TLS, Problem.TIMEOUT])
async def test_no_second_look_where_nothing_more_can_be_learned(problem: Problem) -> None:
    """Clear text and silence stay what they are."""
    kind = TlsFailed if problem is Problem.NOT_TLS else ProbeTimeout
    connector = serving(FakeServer(GOOD, tls=kind(problem, f"{HOST}:993 said nothing for 6 s")))
    result = await Prober(connector).probe(IMAPS)
    assert (len(connector.asked), result.observation.problem) == (1, problem)


async def test_silence_names_the_last_step() -> None:
    """A user can be told how far it went."""
    result = await probed(FakeServer("security: tls\n\nS: * OK hi\nC: a1 CAPABILITY\n"))
    assert result.observation.problem is Problem.CLOSED
    assert result.observation.error == (
        f"{HOST}:993 sent its greeting and then closed the connection"
    )


async def test_what_a_dialogue_complains_about_carries_the_place() -> None:
    """Sentences from the dialogues know no host; the driver adds it."""
    result = await probed(FakeServer("security: tls\n\nS: HTTP/1.1 400 No\n"))
    assert result.observation.error == (
        f"{HOST}:993: the server answers like a web server, not like one for IMAP: "
        "“HTTP/1.1 400 No”"
    )


async def test_a_refused_connection_is_a_result() -> None:
    """Nothing that a server does is raised."""
    result = await Prober(FakeConnector({})).probe(IMAPS)
    assert (result.live, result.address) == (Live.FAILED, None)
    assert result.observation.problem is Problem.REFUSED
    assert result.observation.reached is Reached.NOTHING


async def test_other_protocols_are_not_checked() -> None:
    """A protocol without a dialogue is no failure."""
    endpoint = Endpoint(Protocol.EWS, HOST, 443, Security.TLS)
    result = await Prober(FakeConnector({})).probe(endpoint)
    assert (result.live, result.observation.problem) == (Live.NOT_CHECKED, None)


async def test_the_same_endpoint_is_looked_at_once() -> None:
    """At the same time or later, and told once."""
    told: list[ProbeResult] = []
    connector = serving(FakeServer(GOOD))
    prober = Prober(connector, on_result=told.append)
    both = await asyncio.gather(prober.probe(IMAPS), prober.probe(IMAPS))
    again = await prober.probe(IMAPS)
    assert both[0] is both[1] is again is told[0]
    assert len(connector.asked) == len(told) == 1


async def test_one_server_gets_four_connections_at_a_time() -> None:
    """Four to a host name; where addresses are known, four to an address."""
    gate = asyncio.Event()
    endpoints = [
        Endpoint(Protocol.IMAP, f"{name}.example.org", 9000 + number, Security.TLS)
        for name in ("a", "b")
        for number in range(6)
    ]
    known = {f"{name}.example.org": ("192.0.2.1",) for name in ("a", "b")}
    for resolver, most in ((None, 8), (FixedAddresses(known), 4)):
        gate.clear()
        server = FakeServer(GOOD, gate=gate)
        connector = FakeConnector({(one.host, one.port): server for one in endpoints})
        prober = Prober(connector, resolver=resolver)
        work = asyncio.gather(*map(prober.probe, endpoints))
        await settle()
        gate.set()
        assert {result.live for result in await work} == {Live.CONFIRMED}
        assert connector.most_open == most


async def test_an_address_that_is_dialled_later_counts_as_well() -> None:
    """Hosts that share any address share its four connections, and none waits in a circle."""
    gate = asyncio.Event()
    known = {
        "a.example.org": ("192.0.2.1", "192.0.2.2"),
        "b.example.org": ("192.0.2.2", "192.0.2.1"),
        "c.example.org": ("192.0.2.2",),
        "d.example.org": ("192.0.2.9",),
    }
    endpoints = [
        Endpoint(Protocol.IMAP, host, 9000 + number, Security.TLS)
        for host in known
        for number in range(3)
    ]
    server = FakeServer(GOOD, gate=gate)
    connector = FakeConnector({(one.host, one.port): server for one in endpoints})
    prober = Prober(connector, resolver=FixedAddresses(known))
    work = asyncio.gather(*map(prober.probe, endpoints))
    await settle()
    assert connector.open_now == 4 + 3
    gate.set()
    async with asyncio.timeout(5):
        assert {result.live for result in await work} == {Live.CONFIRMED}
    assert connector.most_open <= 4 + 4


async def test_a_probe_that_is_given_up_in_the_queue_leaves_its_place() -> None:
    """Slots taken while waiting for the next one are given back."""
    known = {HOST: ("192.0.2.1", "192.0.2.2"), "b.example.org": ("192.0.2.2",)}
    gate = asyncio.Event()
    busy = [Endpoint(Protocol.IMAP, "b.example.org", port, Security.TLS) for port in range(1, 5)]
    server = FakeServer(GOOD, gate=gate)
    connector = FakeConnector({(one.host, one.port): server for one in (*busy, IMAPS)})
    prober = Prober(connector, resolver=FixedAddresses(known))
    work = asyncio.gather(*map(prober.probe, busy))
    await settle()
    queued = asyncio.create_task(prober.probe(IMAPS))
    await settle()
    prober._tasks[IMAPS].cancel()
    assert (await queued).live is Live.NOT_CHECKED
    assert not prober._slot("192.0.2.1").locked()
    gate.set()
    assert {result.live for result in await work} == {Live.CONFIRMED}


async def test_all_connections_together_are_bounded() -> None:
    """However many hosts there are."""
    gate = asyncio.Event()
    endpoints = [
        Endpoint(Protocol.IMAP, f"h{number}.example.org", 993, Security.TLS) for number in range(9)
    ]
    server = FakeServer(GOOD, gate=gate)
    connector = FakeConnector({(one.host, one.port): server for one in endpoints})
    work = asyncio.gather(*map(Prober(connector, connections=3).probe, endpoints))
    await settle()
    gate.set()
    await work
    assert connector.most_open == 3


async def test_a_caller_who_leaves_spoils_nothing_for_the_others() -> None:
    """The look belongs to everybody who asked."""
    gate = asyncio.Event()
    prober = Prober(serving(FakeServer(GOOD, gate=gate)))
    leaving = asyncio.create_task(prober.probe(IMAPS))
    staying = asyncio.create_task(prober.probe(IMAPS))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert leaving.cancelled()
    assert (await staying).live is Live.CONFIRMED


async def test_closing_gives_up_what_is_under_way() -> None:
    """Callers get "not checked", connections are closed, and nothing new is begun."""
    connector = serving(FakeServer(GOOD, gate=asyncio.Event()))
    prober = Prober(connector)
    waiting = asyncio.create_task(prober.probe(IMAPS))
    await settle()
    assert connector.open_now == 1
    await prober.aclose()
    other = Endpoint(Protocol.POP3, HOST, 995, Security.TLS)
    for result in (await waiting, await prober.probe(other)):
        assert (result.live, result.observation.problem) == (Live.NOT_CHECKED, Problem.CUT_OFF)
    assert (connector.open_now, len(connector.asked)) == (0, 1)


LEFT_ALONE = "security: starttls\n\nS: * OK Dovecot ready.\nC: a1 CAPABILITY\n"


class Hanging(FakeStream):
    """Says what the transcript has, and then nothing more."""

    async def read_line(self, limit: int) -> bytes:
        if not self._wire.lines:
            await asyncio.Event().wait()
        return await super().read_line(limit)


class HangingConnector(FakeConnector):
    """Streams that hang where the transcript ends."""

    async def connect(self, host: str, port: int) -> FakeStream:
        self.open_now += 1
        return Hanging(self, FakeServer(LEFT_ALONE))


IMAP = Endpoint(Protocol.IMAP, HOST, 143, Security.STARTTLS)


async def test_what_was_seen_before_the_end_is_kept() -> None:
    """Greeting, step and times of a look that was cut off; its connection is closed."""
    connector = HangingConnector({})
    prober = Prober(connector)
    waiting = asyncio.create_task(prober.probe(IMAP))
    await settle()
    await prober.aclose()
    for result in (await waiting, await prober.probe(IMAP)):
        seen = result.observation
        assert (result.live, seen.problem) == (Live.NOT_CHECKED, Problem.CUT_OFF)
        assert (result.address, seen.reached) == ("192.0.2.1", Reached.GREETING)
        assert (seen.greeting, seen.software) == ("* OK Dovecot ready.", "Dovecot")
        assert set(seen.seconds) == {"connect", "greeting"}
    assert connector.open_now == 0


async def test_a_failure_that_is_known_is_no_news_to_wait_for() -> None:
    """Cut off in its second look, a bad certificate is still a bad certificate."""
    server = FakeServer(GOOD, tls=untrusted(f"{HOST}:993"), lenient=tls(chain_ok=False))
    server.gate = asyncio.Event()
    prober = Prober(serving(server))
    waiting = asyncio.create_task(prober.probe(IMAPS))
    await settle()
    await prober.aclose()
    seen = (await waiting).observation
    assert (seen.problem, seen.reached) == (Problem.CERT_UNTRUSTED, Reached.TLS)
    assert (await waiting).live is Live.FAILED


async def test_a_caller_may_have_less_patience() -> None:
    """He gets what was seen until then as a time-out, and the look goes on for the others."""
    gate = asyncio.Event()
    prober = Prober(serving(FakeServer(GOOD, gate=gate)))
    result = await prober.probe(IMAPS, patience=0.02)
    seen = result.observation
    assert (result.live, seen.problem, seen.reached) == (
        *(Live.FAILED, Problem.TIMEOUT, Reached.TLS),
    )
    assert seen.error == (
        f"{HOST}:993 finished the TLS handshake and then did not finish within 0.02 s in all"
    )
    gate.set()
    assert (await prober.probe(IMAPS, patience=5)).live is Live.CONFIRMED


async def test_nothing_is_said_of_a_server_whose_turn_did_not_come() -> None:
    """Impatience is no failure of somebody who was never asked."""
    first = Endpoint(Protocol.IMAP, "a.example.org", 993, Security.TLS)
    server = FakeServer(GOOD, gate=asyncio.Event())
    connector = FakeConnector({(one.host, one.port): server for one in (first, IMAPS)})
    prober = Prober(connector, connections=1)
    results = await asyncio.gather(
        prober.probe(first, patience=0.02), prober.probe(IMAPS, patience=0.02)
    )
    assert [one.observation.problem for one in results] == [Problem.TIMEOUT, Problem.CUT_OFF]
    assert results[1].live is Live.NOT_CHECKED
    await prober.aclose()


@pytest.mark.parametrize("problem", [Problem.CERT_EXPIRED, Problem.CERT_NOT_YET_VALID])
@pytest.mark.parametrize(
    "written", ["", "50-01-01T00:00:00Z", "0050-01-01", "9999-12-31T23:59:59Z"]
)
async def test_a_date_that_cannot_be_read_raises_nothing(problem: Problem, written: str) -> None:
    """The certificate of a stranger may say anything."""
    odd = tls(HOST, chain_ok=False)
    assert odd.certificate is not None
    odd = replace(odd, certificate=replace(odd.certificate, not_before=written, not_after=written))
    error = TlsFailed(problem, f"{HOST}:993: its certificate is out of its time")
    result = await probed(FakeServer(GOOD, tls=error, lenient=odd))
    assert (result.live, result.observation.problem) == (Live.FAILED, problem)


async def test_the_whole_probe_has_a_deadline() -> None:
    """A server that keeps just within each step still comes to an end, with what was seen."""
    server = FakeServer(GOOD, gate=asyncio.Event())
    prober = Prober(serving(server), Timeouts(total=0.05))
    seen = (await prober.probe(IMAPS)).observation
    assert (seen.problem, seen.reached) == (Problem.TIMEOUT, Reached.TLS)
    assert seen.error == (
        f"{HOST}:993 finished the TLS handshake and then did not finish within 0.05 s in all"
    )


async def test_a_server_that_is_never_reached_has_the_deadline_too() -> None:
    """Looking up its address may take all of the time."""

    class Stuck(FakeConnector):
        async def connect(self, host: str, port: int) -> FakeStream:
            await asyncio.sleep(60)
            raise AssertionError

    seen = (await Prober(Stuck({}), Timeouts(total=0.05)).probe(IMAPS)).observation
    assert (seen.problem, seen.reached) == (Problem.TIMEOUT, Reached.NOTHING)
    assert seen.error == f"{HOST}:993 was not reached within 0.05 s"


async def test_tls_that_breaks_later_keeps_what_was_verified() -> None:
    """A second look is for handshakes that failed, not for a good one that broke off."""

    class Breaking(FakeStream):
        async def read_line(self, limit: int) -> bytes:
            raise TlsFailed(Problem.TLS_HANDSHAKE, f"{HOST}:993: bad record")

    class Connector(FakeConnector):
        async def connect(self, host: str, port: int) -> FakeStream:
            self.asked.append((host, port))
            return Breaking(self, FakeServer(GOOD))

    connector = Connector({})
    seen = (await Prober(connector).probe(IMAPS)).observation
    assert seen.tls is not None
    assert (len(connector.asked), seen.tls.chain_ok) == (1, True)


async def test_the_trace_tells_every_step_safely() -> None:
    """One line a step, escapes and all."""
    lines: list[str] = []
    script = parse("security: none\n\nS: \\x1b[31mred\n")
    endpoint = Endpoint(Protocol.IMAP, HOST, 143, Security.NONE)
    await Prober(serving(FakeServer(script), endpoint), trace=lines.append).probe(endpoint)
    assert lines[:2] == [
        f"{HOST}:143 -- connected to 192.0.2.1 --",
        f"{HOST}:143 S: \\x1b[31mred",
    ]
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.7", "[192.0.2.7]"),
        ("2001:db8::7", "[IPv6:2001:db8::7]"),
        ("fe80::1%eth0", "[IPv6:fe80::1]"),
        ("", "[127.0.0.1]"),
    ],
)
def test_we_introduce_ourselves_by_our_address(address: str, name: str) -> None:
    """RFC 5321 §4.1.3: an address literal, for a client has no name to give."""
    assert literal(address) == name
