"""The name servers: Knot DNS for the zones, and Unbound, which validates, for `test.` only."""

from __future__ import annotations

from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rcode

from . import zones
from .daemon import Daemon
from .scenarios import (
    AUTHORITATIVE_ADDRESS,
    DOMAINS,
    NETWORK,
    RESOLVER_ADDRESS,
    RESOLVER_PORT,
)

# The file with the key that all signatures in the lab go back to.
TRUST_ANCHOR = "trust-anchor"

KNOT = """\
server:
    rundir: "{directory}"
    listen: {address}@53
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: info
database:
    storage: "{directory}"
template:
  - id: default
    storage: "{zones}"
    file: "%s.zone"
    semantic-checks: off
    journal-content: none
    zonefile-sync: -1
zone:
"""

# The root is answered here, so that no name outside `test.` is ever asked for anywhere; what
# Unbound asks, it asks from a loopback address, from which nothing leaves the machine.
# For a dead server: each try waits a third of a second anew, since nothing is remembered about
# it, and there are so many tries that clients give up first, each time alike.
UNBOUND = """\
server:
    directory: "{directory}"
    pidfile: "{directory}/unbound.pid"
    chroot: ""
    username: ""
    use-syslog: no
    log-queries: yes
    num-threads: 1
    interface: {address}@{port}
    outgoing-interface: {address}
    access-control: 127.0.0.0/8 allow
    do-ip6: no
    do-not-query-localhost: no
    module-config: "validator iterator"
    trust-anchor: "{anchor}"
    ede: yes
    local-zone: "." static
    local-data: ". {ttl} SOA nowhere.invalid. nobody.invalid. 1 3600 600 86400 {ttl}"
    local-zone: "test." transparent
    infra-host-ttl: 0
    outbound-msg-retry: 100
    max-sent-count: 100
remote-control:
    control-enable: no
stub-zone:
    name: "test."
    stub-addr: {authoritative}@53
"""


def daemons(directory: Path, logs: Path) -> list[Daemon]:
    """Knot and Unbound, configured and ready to be started."""
    directory.mkdir()
    anchor = zones.write(DOMAINS, directory / "zones")
    (directory / TRUST_ANCHOR).write_text(f"{anchor}\n")
    return [_knot(directory / "knot", directory / "zones", logs), _unbound(directory, logs, anchor)]


def _knot(directory: Path, zone_files: Path, logs: Path) -> Daemon:
    directory.mkdir()
    configuration = directory / "knot.conf"
    names = sorted(path.stem for path in zone_files.glob("*.zone"))
    configuration.write_text(
        KNOT.format(directory=directory, address=AUTHORITATIVE_ADDRESS, zones=zone_files)
        + "".join(f"  - domain: {name}.\n" for name in names)
    )
    return Daemon(
        "knotd",
        ["knotd", "-c", str(configuration)],
        logs / "knotd.log",
        lambda: answers(AUTHORITATIVE_ADDRESS, 53),
    )


def _unbound(directory: Path, logs: Path, anchor: str) -> Daemon:
    configuration = directory / "unbound.conf"
    configuration.write_text(
        UNBOUND.format(
            directory=directory,
            address=RESOLVER_ADDRESS,
            port=RESOLVER_PORT,
            authoritative=AUTHORITATIVE_ADDRESS,
            anchor=anchor,
            ttl=zones.TTL,
        )
    )
    return Daemon(
        "unbound",
        ["unbound", "-d", "-c", str(configuration)],
        logs / "unbound.log",
        lambda: answers(RESOLVER_ADDRESS, RESOLVER_PORT),
    )


def answers(address: str, port: int) -> bool:
    """Whether the server there knows the good domain."""
    question = dns.message.make_query("imap.good.test.", "A")
    try:
        answer = dns.query.udp(question, address, port=port, timeout=0.5, source=f"{NETWORK}.0.1")
    except (dns.exception.DNSException, OSError):
        return False
    return answer.rcode() == dns.rcode.NOERROR and bool(answer.answer)
