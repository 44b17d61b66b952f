"""What the lab needs from the machine: programs, users, and the right to bind standard ports."""

from __future__ import annotations

import os
import pwd
import shutil
import sys
from pathlib import Path

# Program or file, and the Debian package it is in.
PROGRAMS = {
    "knotd": "knot",
    "unbound": "unbound",
    "nginx": "nginx-light",
    "radicale": "radicale",
    "postconf": "postfix",
    "dovecot": "dovecot-core",
    "/usr/lib/dovecot/imap-login": "dovecot-imapd",
    "/usr/lib/dovecot/pop3-login": "dovecot-pop3d",
    "/usr/lib/dovecot/managesieve-login": "dovecot-managesieved",
}
USERS = {"postfix": "postfix", "dovecot": "dovecot-core", "dovenull": "dovecot-core"}


def missing() -> str | None:
    """Why the lab cannot run here, in one sentence; None if it can."""
    if sys.platform != "linux":
        return "the test lab needs Linux: only there is all of 127.0.0.0/8 loopback"
    if os.geteuid() != 0:
        return "the test lab needs root: its servers bind ports below 1024 and change user"
    add_system_programs()
    packages = {package for name, package in PROGRAMS.items() if not _exists(name)}
    packages |= {package for name, package in USERS.items() if not _is_user(name)}
    if packages:
        return f"the test lab needs Debian's packages: apt install {' '.join(sorted(packages))}"
    return None


def add_system_programs() -> None:
    """Let servers be found although /usr/sbin is in few users' PATH."""
    path = os.environ.get("PATH", os.defpath)
    if "/usr/sbin" not in path.split(os.pathsep):
        os.environ["PATH"] = f"{path}{os.pathsep}/usr/sbin"


def _exists(name: str) -> bool:
    return Path(name).exists() if name.startswith("/") else shutil.which(name) is not None


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
