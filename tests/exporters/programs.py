"""Real mail programs, run on exported configurations; the password comes from the test."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

import pytest

SECONDS = 6.0
MAIL = b"From: alice@good.test\r\nTo: bob@good.test\r\nSubject: test\r\n\r\nHello\r\n"
# How mutt and neomutt ask about a certificate that they do not trust.
ASKING = b"(r)eject"
Until = Callable[[], bool]


@dataclass(frozen=True)
class Told:
    """What a program printed, and how it ended; *code* is None where it was ended."""

    code: int | None
    text: str


@dataclass(frozen=True)
class Job:
    """What is to be run: the configuration's text, a home to run in, and the password."""

    text: str
    home: Path
    password: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def written(self, name: str, text: str | None = None) -> Path:
        """The configuration as a file of *name* that only its owner reads."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text if text is None else text)
        path.chmod(0o600)
        return path

    def after(self, start: str, line: str) -> str:
        """The configuration with *line* after the one that begins with *start*."""
        done = []
        for one in self.text.splitlines():
            done.append(one)
            if one.startswith(start):
                done.append(line)
        assert len(done) > len(self.text.splitlines()), start
        return "".join(f"{one}\n" for one in done)

    @property
    def variables(self) -> dict[str, str]:
        """The environment: nothing of the developer's own."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm",
            **self.environment,
        }

    def run(self, command: Sequence[str], given: bytes = b"") -> Told:
        """Run *command* without a terminal."""
        done = subprocess.run(
            command,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self.variables,
            cwd=self.home,
            timeout=SECONDS,
            check=False,
            start_new_session=True,
        )
        return Told(done.returncode, done.stdout.decode(errors="replace"))

    def show(self, command: Sequence[str], until: Until) -> Told:
        """Run *command* in a terminal; end it as soon as *until* is true."""
        outer, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        log = self.home / "terminal.log"
        process = subprocess.Popen(
            ["setsid", "--ctty", *command],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env=self.variables,
            cwd=self.home,
        )
        os.close(inner)
        os.set_blocking(outer, False)
        seen = b""
        deadline = time.monotonic() + SECONDS
        while process.poll() is None and not until() and time.monotonic() < deadline:
            if ASKING in seen:
                break
            time.sleep(0.05)
            with contextlib.suppress(OSError):
                seen += os.read(outer, 65536)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(outer)
        log.write_bytes(seen)
        return Told(process.returncode, seen.decode(errors="replace"))


def needs(name: str, package: str = "") -> None:
    """Skip where *name* is not installed."""
    if which(name) is None:
        pytest.skip(f"{name} is not installed: apt install {package or name}")


def send_mutt(job: Job, name: str = "mutt") -> Told:
    """Send with mutt, without a terminal."""
    needs(name)
    path = job.written("muttrc")
    word = f'set smtp_pass="{job.password}"'
    command = [name, "-n", "-F", str(path), "-e", word, "-e", "set record=", "-s", "x"]
    return job.run([*command, "bob@good.test"], b"Hello\n")


def send_neomutt(job: Job) -> Told:
    """Send with neomutt, without a terminal."""
    return send_mutt(job, "neomutt")


def receive_mutt(job: Job, until: Until, name: str = "mutt") -> Told:
    """Look into the inbox with mutt."""
    needs(name)
    path = job.written("muttrc")
    (job.home / "Mail").mkdir(exist_ok=True)
    kind = "imap" if "set imap_user" in job.text else "pop"
    word = f'set {kind}_pass="{job.password}"'
    return job.show([name, "-n", "-F", str(path), "-e", word], until)


def receive_neomutt(job: Job, until: Until) -> Told:
    """Look into the inbox with neomutt."""
    return receive_mutt(job, until, "neomutt")


def send_msmtp(job: Job) -> Told:
    """Send with msmtp."""
    needs("msmtp")
    path = job.written(".msmtprc")
    command = ["msmtp", "-C", str(path), f"--passwordeval=printf %s {job.password}"]
    return job.run([*command, "bob@good.test"], MAIL)


def receive_mbsync(job: Job, until: Until) -> Told:
    """Mirror with mbsync."""
    del until
    needs("mbsync", "isync")
    path = job.written(".mbsyncrc", job.after("User ", f'PassCmd "printf %s {job.password}"'))
    name = job.text.split("IMAPAccount ")[1].split()[0]
    (job.home / "Mail" / name).mkdir(parents=True, exist_ok=True)
    return job.run(["mbsync", "-V", "-c", str(path), "-a"])


def receive_fetchmail(job: Job, until: Until) -> Told:
    """Fetch with fetchmail."""
    del until
    needs("fetchmail")
    word = f'    password "{job.password}"'
    path = job.written(".fetchmailrc", job.after("    username ", word))
    # Root has one lock for all otherwise, and tests may run side by side.
    apart = ("--pidfile", str(job.home / "fetchmail.pid"))
    return job.run(["fetchmail", "-v", "-N", *apart, "-f", str(path), "--mda", "cat >fetched"])


def receive_getmail(job: Job, until: Until) -> Told:
    """Fetch with getmail."""
    del until
    needs("getmail", "getmail6")
    word = f'password_command = ("/usr/bin/printf", "%s", "{job.password}")'
    path = job.written(".config/getmail/getmailrc", job.after("username ", word))
    place = Path(job.text.split("path = ~/")[1].split("\n")[0])
    for part in ("cur", "new", "tmp"):
        (job.home / place / part).mkdir(parents=True, exist_ok=True)
    return job.run(["getmail", "-g", str(path.parent), "-r", path.name])


def receive_offlineimap(job: Job, until: Until) -> Told:
    """Mirror with OfflineIMAP."""
    del until
    needs("offlineimap", "offlineimap3")
    path = job.written(".offlineimaprc", job.after("remoteuser ", f"remotepass = {job.password}"))
    (job.home / "Mail").mkdir(exist_ok=True)
    return job.run(["offlineimap", "-o", "-u", "basic", "-c", str(path)])


def receive_aerc(job: Job, until: Until) -> Told:
    """Look into the inbox with aerc."""
    needs("aerc")
    job.written(
        ".config/aerc/accounts.conf",
        job.after("source ", f"source-cred-cmd = printf %s {job.password}"),
    )
    return job.show(["aerc"], until)


SENDERS = {"mutt": send_mutt, "neomutt": send_neomutt, "msmtp": send_msmtp}
RECEIVERS: dict[str, Callable[[Job, Until], Told]] = {
    "aerc": receive_aerc,
    "fetchmail": receive_fetchmail,
    "getmail": receive_getmail,
    "mbsync@1.4": receive_mbsync,
    "mutt": receive_mutt,
    "neomutt": receive_neomutt,
    "offlineimap": receive_offlineimap,
}
