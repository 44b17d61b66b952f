"""The lab as a whole: started, looked at, and ended without a trace."""

from __future__ import annotations

import atexit
import fcntl
import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from advisor.options import Options

from . import dns, dovecot, misbehaving, postfix, radicale, requirements, web
from .authority import Authority
from .daemon import Daemon, LabError
from .scenarios import AUTHORITATIVE_ADDRESS, DOMAINS, RESOLVER_ADDRESS, RESOLVER_PORT, Dns, Policy

START_SECONDS = 30.0
OTHER_LAB_SECONDS = 180.0
TAIL_LINES = 15

# Sockets' paths must be short, so nothing is below the tests' own folders.
PLACE = Path("/tmp")
PREFIX = "advisor-lab-"
LOCK = PLACE / "advisor-lab.lock"


# How Unbound logs a question: "info: 127.0.0.1 imap.good.test. A IN".
ASKED = r"info: [0-9.]+ (\S+)\. (\S+) IN"


class Lab:
    """All the servers; there is one lab a machine, since its addresses are fixed."""

    nameserver = f"{RESOLVER_ADDRESS}:{RESOLVER_PORT}"
    ispdb_url = "https://ispdb.test/v1.1/"
    password = dovecot.PASSWORD

    def __init__(self) -> None:
        """Nothing is started or written yet."""
        self._directory: Path | None = None
        self._daemons: list[Daemon] = []
        self._lock: TextIO | None = None

    def start(self) -> Lab:
        """Start every server, and wait until all of them answer.

        Raises:
            LabError: why there is no lab; its message ends with the servers' logs.
        """
        if reason := requirements.missing():
            raise LabError(reason)
        atexit.register(self.stop)
        try:
            self._lock = _only_lab()
            _remove_leftovers()
            self._directory = Path(tempfile.mkdtemp(prefix=PREFIX, dir=PLACE))
            self._directory.chmod(0o755)
            self._daemons = self._configure()
            deadline = time.monotonic() + START_SECONDS
            for daemon in self._daemons:
                daemon.start()
            for daemon in self._daemons:
                daemon.wait_until_ready(deadline)
            for daemon in self._daemons:
                daemon.check()
        except BaseException as error:
            logs = self.logs()
            self.stop()
            if isinstance(error, LabError):
                raise LabError(f"{error}\n{logs}") from None
            raise
        return self

    def stop(self) -> None:
        """End every server and remove every file; harmless when repeated."""
        for daemon in self._daemons:
            daemon.ask_to_end()
        for daemon in self._daemons:
            daemon.end()
        self._daemons = []
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        atexit.unregister(self.stop)

    def __enter__(self) -> Lab:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def directory(self) -> Path:
        """Where everything that is written is, while the lab is up."""
        if self._directory is None:
            raise LabError("the lab is not running")
        return self._directory

    @property
    def ca_file(self) -> Path:
        """The certificate of the lab's authority, as PEM."""
        return self.directory / "authority" / "ca.pem"

    @property
    def trust_anchor(self) -> Path:
        """The key that all signatures in the zones go back to."""
        return self.directory / "dns" / dns.TRUST_ANCHOR

    @property
    def checking_options(self) -> list[str]:
        """The options by which advisor checks signatures itself.

        The name server is the one with the zones: it hands out signatures, and never looks at them.
        """
        return [
            *("--nameserver", AUTHORITATIVE_ADDRESS),
            *("--no-trust-resolver", "--trust-anchor", str(self.trust_anchor)),
            *("--ca-file", str(self.ca_file)),
            *("--ispdb", "none"),
        ]

    def dns_queries(self) -> list[str]:
        """Each question that the resolver was asked so far: "name type"."""
        log = (self.log_directory / "unbound.log").read_text(errors="replace")
        return [f"{name} {kind}" for name, kind in re.findall(ASKED, log)]

    def mail_connections(self) -> int:
        """How many connections the mail servers have written into their logs so far."""
        logs = (*self.log_directory.glob("dovecot-*.log"), self.log_directory / "postfix.log")
        texts = [path.read_text(errors="replace") for path in logs]
        return sum(
            text.count("-login: Info: Disc") + text.count(": connect from") for text in texts
        )

    @property
    def log_directory(self) -> Path:
        """Where every server writes its log."""
        return self.directory / "logs"

    @property
    def cli_options(self) -> list[str]:
        """The options by which advisor sees the lab and nothing else."""
        return [
            *("--nameserver", self.nameserver),
            *("--ca-file", str(self.ca_file)),
            *("--ispdb", self.ispdb_url),
        ]

    @contextmanager
    def publishing(self, domain: str, document: bytes, host: str = "autoconfig") -> Iterator[None]:
        """Let https://HOST.DOMAIN answer with *document* meanwhile, where it answers at all."""
        file = web.file_of(self.directory / "web", domain, host)
        before = file.read_bytes()
        file.write_bytes(document)
        try:
            yield
        finally:
            file.write_bytes(before)

    def web_requests(self) -> list[str]:
        """Each request the web servers answered so far: "scheme://host/path?query status"."""
        return web.requests(self.log_directory)

    @property
    def options(self) -> Options:
        """The same for the library."""
        nameservers = (self.nameserver,)
        return Options(nameservers=nameservers, ca_file=self.ca_file, ispdb=self.ispdb_url)

    def logs(self) -> str:
        """The last lines of every log, for the message of a failure."""
        tails = []
        if self._directory is not None:
            for path in sorted(self.log_directory.glob("*.log")):
                lines = path.read_text(errors="replace").splitlines()[-TAIL_LINES:]
                tails.append("\n".join([f"== {path.name}", *lines]))
        return "\n".join(tails)

    def _configure(self) -> list[Daemon]:
        """Every server, in the order in which they need each other."""
        self.log_directory.mkdir()
        self.log_directory.chmod(0o755)
        authority = Authority(self.directory / "authority")
        place, logs = self.directory, self.log_directory
        return [
            _misbehaving(place / "misbehaving.json", logs),
            *dns.daemons(place / "dns", logs),
            *dovecot.daemons(place / "dovecot", logs, authority),
            *radicale.daemons(place / "radicale", logs),
            *web.daemons(place / "web", logs, authority),
            *postfix.daemons(
                place / "postfix", logs, authority, dovecot.auth_socket(place / "dovecot")
            ),
        ]


def _misbehaving(plan_file: Path, logs: Path) -> Daemon:
    """The servers that no real program is, in one process."""
    places = {
        policy: [
            (domain.address(server.host), port)
            for domain in DOMAINS
            for server in domain.servers
            for port in server.ports
            if server.policy is policy
        ]
        for policy in (Policy.SILENT, Policy.GARBAGE)
    }
    name_servers = {
        kind: [(domain.name_server_address(), 53) for domain in DOMAINS if domain.dns is kind]
        for kind in (Dns.SILENT, Dns.LAME)
    }
    plan: misbehaving.Plan = {
        "silent": places[Policy.SILENT],
        "garbage": places[Policy.GARBAGE],
        "silent-dns": name_servers[Dns.SILENT],
        "refusing-dns": name_servers[Dns.LAME],
    }
    plan_file.write_text(json.dumps(plan))
    return Daemon(
        "misbehaving servers",
        [sys.executable, "-I", misbehaving.__file__, str(plan_file)],
        logs / "misbehaving.log",
        lambda: misbehaving.are_up(plan),
    )


def _remove_leftovers() -> None:
    """Remove what labs left that were killed; whoever holds the lock is the only one."""
    for path in PLACE.glob(f"{PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)


def _only_lab() -> TextIO:
    """The lock that says there is one lab; waits for another lab to end.

    Raises:
        LabError: the other lab did not end in time.
    """
    lock = LOCK.open("a")
    deadline = time.monotonic() + OTHER_LAB_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                lock.close()
                raise LabError(f"another lab is running and holds {LOCK}") from None
            time.sleep(0.2)
        else:
            return lock
