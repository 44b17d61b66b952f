"""Three networks in a row: whoever asks, what lies between, and the lab's real mail servers.

The middle one routes, and filters with nftables: what a test loads there is the network between.
Servers have addresses that look public (192.88.99.0/24, which nobody uses any more, RFC 7526).
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import trustme

from tests.run import Ran, advisor

from . import dovecot, postfix, relay, requirements
from .authority import Authority
from .daemon import Daemon, accepts
from .namespaces import Namespace, join
from .scenarios import DOMAINS

START_SECONDS = 20.0
NETWORK = "192.88.99"
RESOLVER, LIAR, PROXY, PORTAL = (f"{NETWORK}.{n}" for n in (53, 54, 90, 99))
# The same in IPv6, for which nothing routes anywhere either: the first host is the only one there.
NETWORK6 = "2a0f:ffff"
RESOLVER6, FIRST6 = f"{NETWORK6}::53", f"{NETWORK6}::1"
PORTAL_NAME = "login.hotel.test"

# The servers that tests name, of two owners, and who answers for them in the proxy's place.
HOSTS = ("imap.good.test", "smtp.good.test", "imap.srv.test", "smtp.srv.test")
STRANGER = "smtp.starttls.test"

MASKING, SHIELD, WEB = 9001, 9002, 9080

UNBOUND = """\
server:
    directory: "{directory}"
    pidfile: "{directory}/{name}.pid"
    chroot: ""
    username: ""
    use-syslog: no
    num-threads: 1
{interfaces}
    access-control: 0.0.0.0/0 allow
    access-control: ::/0 allow
    module-config: "iterator"
{data}
remote-control:
    control-enable: no
"""

NGINX = """\
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {logs}/portal.log warn;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{ listen {port}; return 302 http://{portal}/hello; }}
}}
"""

PROVIDER = """\
name: {domain}
documentation: https://{domain}/
domains: [{domain}]
mx: []
servers:
  - {{protocol: imap, host: imap.{domain}, port: 993, security: tls, username: address}}
  - {{protocol: imap, host: imap.{domain}, port: 143, security: starttls, username: address}}
  - {{protocol: smtp, host: smtp.{domain}, port: 465, security: tls, username: address}}
  - {{protocol: smtp, host: smtp.{domain}, port: 587, security: starttls, username: address}}
sign_in:
  account_password: unknown
  app_password: unknown
  oauth2: unknown
access: open
max_tls: null
oauth2: null
notes: []
sources:
  - {{name: the lab, url: "https://{domain}/"}}
verified: 2026-11-29
"""


def missing() -> str | None:
    """Why there are no networks in a row here, in one sentence; None if there are."""
    if reason := requirements.missing():
        return reason
    packages = {"ip": "iproute2", "nft": "nftables", "unshare": "util-linux"}
    absent = [package for name, package in packages.items() if shutil.which(name) is None]
    return f"this needs Debian's packages: apt install {' '.join(absent)}" if absent else None


class Between:
    """The three networks, with everything started; ``end`` leaves nothing."""

    def __init__(self) -> None:
        """Start it all.

        Raises:
            LabError: why it cannot.
        """
        self._directory = Path(tempfile.mkdtemp(prefix="advisor-between-", dir="/tmp"))
        self._directory.chmod(0o755)
        self._daemons: list[Daemon] = []
        self._all: list[Namespace] = []
        try:
            self._client, self._middle, self._servers, self._modern = (
                self._namespace() for _ in range(4)
            )
            self._connect()
            self._start()
        except BaseException:
            self.end()
            raise

    def _namespace(self) -> Namespace:
        made = Namespace()
        self._all.append(made)
        return made

    def end(self) -> None:
        """End every server, and let the networks go."""
        for daemon in self._daemons:
            daemon.ask_to_end()
        for daemon in self._daemons:
            daemon.end()
        for namespace in self._all:
            namespace.end()
        shutil.rmtree(self._directory, ignore_errors=True)

    def filter(self, rules: str) -> None:
        """Make *rules* (nftables, ``forward`` and ``prerouting`` chains) the network between."""
        self._middle.run("nft -f -", f"flush ruleset\ntable ip between {{\n{rules}\n}}\n")

    def clear(self) -> None:
        """Let everything through."""
        self._middle.run("nft flush ruleset")

    def doctor(self, *words: str, nameserver: str = RESOLVER) -> Ran:
        """What ``advisor doctor`` says from the client's side; by IPv6 only if asked so."""
        with (self._modern if nameserver == RESOLVER6 else self._client).inside():
            return advisor(
                "doctor", *words, "--nameserver", nameserver, "--timeout", "2",
                "--ca-file", str(self._directory / "trusted.pem"),
                "--rules", str(self._directory / "rules"),
            )  # fmt: skip

    def _connect(self) -> None:
        join(self._client, self._middle, "near", ("10.9.0.2/24", "10.9.0.1/24"))
        join(self._middle, self._servers, "far", ("10.9.1.1/24", "10.9.1.2/24"))
        self._client.run("ip route add default via 10.9.0.1")
        self._middle.run(f"ip route add {NETWORK}.0/24 via 10.9.1.2")
        self._servers.run("ip route add default via 10.9.1.1")
        for address in (RESOLVER, LIAR):
            self._servers.run(f"ip addr add {address}/32 dev lo")
        self._middle.allow("ipv4/ip_forward")
        self._servers.allow("ipv4/conf/far/route_localnet")
        self._connect_ipv6()
        places = {address: _place(host) for host, address in addresses().items()}
        led = ", ".join(f"{public} : {place}" for public, place in places.items())
        self._servers.run(
            "nft -f -",
            "table ip lab { chain prerouting { type nat hook prerouting priority dstnat; "
            f"dnat to ip daddr map {{ {led} }}; }}\n}}\n",
        )

    def _connect_ipv6(self) -> None:
        """A client that has nothing else."""
        join(self._modern, self._middle, "new", (f"{NETWORK6}:1::2/64", f"{NETWORK6}:1::1/64"))
        for end, address in ((self._middle, "2::1"), (self._servers, "2::2")):
            end.run(f"ip addr add {NETWORK6}:{address}/64 dev far nodad")
        self._modern.run(f"ip route add default via {NETWORK6}:1::1")
        self._middle.run(f"ip route add {NETWORK6}::/64 via {NETWORK6}:2::2")
        self._servers.run(f"ip route add default via {NETWORK6}:2::1")
        self._middle.allow("ipv6/conf/all/forwarding")
        for address in (RESOLVER6, FIRST6):
            self._servers.run(f"ip addr add {address}/128 dev lo nodad")

    def _start(self) -> None:
        logs = self._directory / "logs"
        logs.mkdir()
        logs.chmod(0o755)
        authority = Authority(self._directory / "authority")
        shield = trustme.CA(
            organization_name="ESET, spol. s r. o.", organization_unit_name="ESET SSL Filter CA"
        )
        own = shield.issue_cert(*HOSTS)
        own.private_key_and_cert_chain_pem.write_to_path(self._directory / "shield.pem")
        (self._directory / "trusted.pem").write_bytes(
            authority.ca_file.read_bytes() + shield.cert_pem.bytes()
        )
        providers = self._directory / "rules" / "providers"
        providers.mkdir(parents=True)
        for domain in ("good.test", "srv.test"):
            (providers / f"{domain.replace('.', '-')}.yaml").write_text(
                PROVIDER.format(domain=domain)
            )
        place = self._directory
        mail = dovecot.daemons(place / "dovecot", logs, authority)
        mail += postfix.daemons(
            place / "postfix", logs, authority, dovecot.auth_socket(place / "dovecot")
        )
        modern = self._relay("modern", self._modern_posts(), logs)
        self._begin(self._servers, [*mail, *self._name_servers(logs), modern])
        between = self._relay("between", self._posts(), logs)
        self._begin(self._middle, [between, self._portal(logs)])

    def _begin(self, where: Namespace, daemons: list[Daemon]) -> None:
        deadline = time.monotonic() + START_SECONDS
        with where.inside():
            for daemon in daemons:
                daemon.start()
                self._daemons.append(daemon)
            for daemon in daemons:
                daemon.wait_until_ready(deadline)

    def _name_servers(self, logs: Path) -> list[Daemon]:
        known = "".join(
            f'    local-data: "{host}. A {address}"\n' for host, address in addresses().items()
        )
        known += f'    local-data: "{HOSTS[0]}. AAAA {FIRST6}"\n'
        honest = '    local-zone: "." static\n    local-data: ". SOA a. b. 1 60 60 60 60"\n'
        lies = "".join(
            f'    local-zone: "{zone}" redirect\n    local-data: "{zone} A {PORTAL}"\n'
            for zone in (".", "test.", "invalid.")
        )
        return [
            self._unbound("resolver", (RESOLVER, RESOLVER6), honest + known, logs),
            self._unbound("liar", (LIAR,), lies, logs),
        ]

    def _unbound(self, name: str, where: tuple[str, ...], data: str, logs: Path) -> Daemon:
        configuration = self._directory / f"{name}.conf"
        interfaces = "\n".join(f"    interface: {address}" for address in where)
        configuration.write_text(
            UNBOUND.format(directory=self._directory, name=name, interfaces=interfaces, data=data)
        )
        command = ["unbound", "-d", "-c", str(configuration)]
        return Daemon(name, command, logs / f"{name}.log", _accepting(where[0], 53))

    def _posts(self) -> list[relay.Post]:
        """The firewall that blanks and the mail shield."""
        certificate = str(self._directory / "shield.pem")
        return [
            {"address": "0.0.0.0", "port": MASKING, "to": None, "blanks": True,
             "certificate": None},
            {"address": "0.0.0.0", "port": SHIELD, "to": None, "blanks": False,
             "certificate": certificate},
        ]  # fmt: skip

    def _modern_posts(self) -> list[relay.Post]:
        """The first host, reached by IPv6."""
        return [
            {"address": FIRST6, "port": port, "to": (_place(HOSTS[0]), port), "blanks": False,
             "certificate": None}
            for port in (143, 993)
        ]  # fmt: skip

    def _relay(self, name: str, posts: list[relay.Post], logs: Path) -> Daemon:
        plan = self._directory / f"{name}.json"
        plan.write_text(json.dumps(posts))
        command = [sys.executable, "-I", relay.__file__, str(plan)]
        address, port = posts[-1]["address"], posts[-1]["port"]
        return Daemon(name, command, logs / f"{name}.log", _accepting(address, port))

    def _portal(self, logs: Path) -> Daemon:
        folder = self._directory / "portal"
        folder.mkdir()
        configuration = folder / "nginx.conf"
        configuration.write_text(
            NGINX.format(directory=folder, logs=logs, port=WEB, portal=PORTAL_NAME)
        )
        command = ["nginx", "-c", str(configuration), "-e", str(logs / "portal.log")]
        return Daemon("portal", command, logs / "portal.log", _accepting("127.0.0.1", WEB))


def addresses() -> dict[str, str]:
    """The public address of each host."""
    found = {host: f"{NETWORK}.{n}" for n, host in enumerate(HOSTS, 1)}
    return found | {STRANGER: PROXY}


def _place(host: str) -> str:
    """Where the lab has it: an address of its own loopback."""
    domain = next(one for one in DOMAINS if host.endswith(f".{one.name}"))
    return domain.address(host.removesuffix(f".{domain.name}"))


def _accepting(address: str, port: int) -> Callable[[], bool]:
    return lambda: accepts(address, port)
