"""Opens the real network, as the operator chose it."""

from __future__ import annotations

import ssl
from functools import partial
from pathlib import Path

from advisor.errors import InputError
from advisor.net._seams import Net
from advisor.net.dns import DnsResolver, system_servers
from advisor.net.http import HttpFetcher
from advisor.net.stream import TcpConnector, Timeouts
from advisor.options import Options

# Seconds for one question to the DNS, and for one document, within the whole command's.
DNS_TIMEOUT = 5.0
HTTP_TIMEOUT = 7.0


def open_net(options: Options) -> Net:
    """The network by *options*; belongs to the event loop that runs.

    Raises:
        InputError: a name server is no address, or the CA file holds no certificates.
    """
    resolver = DnsResolver(
        options.nameservers or system_servers(),
        timeout=min(DNS_TIMEOUT, options.timeout),
        ipv4=options.ipv4,
        ipv6=options.ipv6,
        private_addresses=options.private_addresses,
    )
    if options.ca_file is not None:
        _check(options.ca_file)
    whole = options.timeout
    return Net(
        dns=resolver,
        http=HttpFetcher(
            resolver,
            timeout=min(HTTP_TIMEOUT, whole),
            ssl_context_factory=partial(_context, options.ca_file),
        ),
        streams=TcpConnector(
            resolver, Timeouts(total=min(Timeouts().total, whole)), ca_file=options.ca_file
        ),
    )


def _context(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def _check(ca_file: Path) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(ca_file)
    except (ssl.SSLError, OSError, ValueError):
        raise InputError(f"--ca-file {ca_file} holds no certificates in PEM form") from None
