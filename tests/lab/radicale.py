"""The lab's CalDAV and CardDAV server: one Radicale, to which nginx adds TLS."""

from __future__ import annotations

from pathlib import Path

from .daemon import Daemon, accepts
from .dovecot import PASSWORD
from .scenarios import DAV_ADDRESS, DAV_PORT

CONFIGURATION = """\
[server]
hosts = {address}:{port}
[auth]
type = htpasswd
htpasswd_filename = {directory}/users
htpasswd_encryption = plain
[storage]
filesystem_folder = {directory}/collections
"""


def daemons(directory: Path, logs: Path) -> list[Daemon]:
    """The one Radicale, with one user."""
    directory.mkdir()
    (directory / "users").write_text(f"alice:{PASSWORD}\n")
    configuration = directory / "radicale.conf"
    configuration.write_text(
        CONFIGURATION.format(address=DAV_ADDRESS, port=DAV_PORT, directory=directory)
    )
    return [
        Daemon(
            "Radicale",
            ["radicale", "-C", str(configuration)],
            logs / "radicale.log",
            lambda: accepts(DAV_ADDRESS, DAV_PORT),
        )
    ]
