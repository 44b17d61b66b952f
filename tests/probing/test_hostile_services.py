"""Looks at web services over wires that carry anything end in a result, within their limits."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.engine import observed
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.observation import Live, ProbeResult
from advisor.model.text import printable
from advisor.net.stream import Timeouts
from advisor.probing.prober import Prober
from tests.fakes.webserver import page, redirect
from tests.make import NOW
from tests.probing.test_hostile_bytes import Hostile
from tests.probing.test_live import HOST
from tests.services.web import CLASSES, HOME, LOGIN, SESSION

# Redirects from the usual place and from the root, one question more, each perhaps asked twice,
# and one at port 80.
CONNECTIONS = 2 * (2 * 6 + 1) + 1

LIKELY = (
    *(LOGIN, CLASSES, HOME, page(SESSION), page(b"[" * 5000), page(b"", "404 Not Found")),
    *(redirect("/a"), redirect("/b?c"), redirect("https://x.example/"), redirect("http://x/")),
    *(redirect("https://[::1]:0/\xa0"), page(b"", "301 x"), page(b"", "599 x"), LOGIN[:-9]),
    *(b"HTTP/1.1 100 x\r\n\r\n", b"HTTP/1.0 200 OK\r\n\r\n<html>", b"HTTP/1.1 101 x\r\n\r\n"),
    *(b"A: b\r\n" * 300, b"\r\n", b"\0\xff", b"* OK\r\n", b"\x15\x03\x03\0\x02\x02\x28"),
    b"HTTP/1.1 401 x\r\nTransfer-Encoding: chunked\r\nWWW-Authenticate: ,\x00=\"\r\n\r\nfff\r\n",
    b"HTTP/1.1 207 \x1b[2J\r\nDAV: 1,\x7f,,\xe2\x80\xae, x\r\nServer: \x9b\r\n\r\n",
    b'HTTP/1.1 200 OK\r\n\r\n{"capabilities": {"urn:ietf:params:jmap:core": 1, "\\u001b": 2}}',
)  # fmt: skip
anything = st.lists(st.binary(max_size=200) | st.sampled_from(LIKELY), max_size=8)
protocols = st.sampled_from([Protocol.JMAP, Protocol.CALDAV, Protocol.CARDDAV])


@settings(deadline=None, max_examples=300)
@given(pieces=anything, protocol=protocols)
def test_any_bytes_end_in_a_result(pieces: list[bytes], protocol: Protocol) -> None:
    """Nothing is raised, everything can be shown, and nobody is asked without end."""
    server = Hostile(b"", pieces)

    async def run() -> ProbeResult:
        prober = Prober(server, Timeouts(1, 1, 5))
        return await prober.probe(Endpoint(protocol, HOST, 443, Security.TLS))

    found = asyncio.run(run())
    seen = found.observation
    texts = (
        seen.error or "", seen.greeting or "", *seen.capabilities_after, *seen.mechanisms_after,
        *(seen.web.hops if seen.web else ()),
    )  # fmt: skip
    assert all(printable(text) == text for text in texts)
    assert (found.live is Live.CONFIRMED) == (seen.problem is None)
    assert len(seen.capabilities_after) <= 200
    assert server.opened <= CONNECTIONS
    assert observed.facts(seen, protocol, NOW)["observed.reached"] == seen.reached.value


@settings(deadline=None, max_examples=100)
@given(data=st.data(), protocol=protocols)
def test_a_good_answer_cut_or_changed_anywhere_ends_in_a_result(
    data: st.DataObject, protocol: Protocol
) -> None:
    """One byte more, less or other than a good server says."""
    said = data.draw(st.sampled_from([LOGIN, CLASSES, page(SESSION), redirect("/dav/")]))
    at = data.draw(st.integers(0, len(said)))
    byte = data.draw(st.binary(max_size=2))
    skipped = data.draw(st.integers(0, 3))
    server = Hostile(said[:at] + byte + said[at + skipped :], [])

    async def run() -> ProbeResult:
        prober = Prober(server, Timeouts(1, 1, 5))
        return await prober.probe(Endpoint(protocol, HOST, 443, Security.TLS))

    seen = asyncio.run(run()).observation
    assert printable(seen.error or "") == (seen.error or "")
    assert server.opened <= CONNECTIONS
