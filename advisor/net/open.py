"""Opens the real network, as the operator chose it."""

from __future__ import annotations

import asyncio
import ssl
from functools import partial
from pathlib import Path

from advisor.errors import InputError
from advisor.net._dnssec import anchors
from advisor.net._seams import Net
from advisor.net._tls import trusting
from advisor.net.dns import DnsResolver, system_servers
from advisor.net.http import HttpFetcher
from advisor.net.stream import TcpConnector, Timeouts
from advisor.options import Options

# Seconds for one question to the DNS, and for one document, within the whole command's.
DNS_TIMEOUT = 5.0
HTTP_TIMEOUT = 7.0

# Seconds until the preparations for TLS begin: the first questions to the DNS are out by then.
WARM_UP_AFTER = 0.01


def open_net(options: Options, *, warm_up: bool = False) -> Net:
    """The network by *options*; belongs to the event loop that runs.

    With *warm_up*, all that TLS needs is prepared in a thread, beside the first questions.

    Raises:
        InputError: a name server is no address, the CA file holds no certificates, or the file of
            trust anchors no keys.
    """
    resolver = DnsResolver(
        options.nameservers or system_servers(),
        timeout=min(DNS_TIMEOUT, options.timeout),
        ipv4=options.ipv4,
        ipv6=options.ipv6,
        private_addresses=options.private_addresses,
        trust=options.trust_resolver,
        trust_anchor=options.trust_anchor,
    )
    if options.trust_anchor is not None:
        anchors(options.trust_anchor)
    if options.ca_file is not None:
        _check(options.ca_file)
    whole = options.timeout
    http = HttpFetcher(
        resolver,
        timeout=min(HTTP_TIMEOUT, whole),
        ssl_context_factory=partial(trusting, options.ca_file),
    )
    streams = TcpConnector(
        resolver, Timeouts(total=min(Timeouts().total, whole)), ca_file=options.ca_file
    )
    if warm_up:
        loop = asyncio.get_running_loop()
        loop.call_later(WARM_UP_AFTER, http.warm_up)
        if options.probe:
            loop.call_later(WARM_UP_AFTER, streams.warm_up)
    return Net(dns=resolver, http=http, streams=streams)


def _check(ca_file: Path) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(ca_file)
    except (ssl.SSLError, OSError, ValueError):
        raise InputError(f"--ca-file {ca_file} holds no certificates in PEM form") from None
