"""The real nginx and the real Caddy, run on the examples of a publishing kit."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import pytest

from advisor.publishing import FOLDER

SECONDS = 10.0

_NGINX = """\
daemon off; master_process off; pid {place}/pid; error_log stderr;
events {{}}
http {{
access_log off;
client_body_temp_path {place}/body; proxy_temp_path {place}/proxy;
fastcgi_temp_path {place}/fastcgi; uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;
{example}
}}
"""
_CADDY = """\
{{
    admin off
    auto_https disable_redirects
    skip_install_trust
    https_port {port}
    default_bind {address}
}}
{example}
"""


def _nginx(example: str, place: Path, at: tuple[str, int], pem: Path) -> list[str]:
    """Only where it listens, and the names of files, are other than in the example."""
    address, port = at
    text = example.replace(FOLDER, str(place))
    text = text.replace("listen 443", f"listen {address}:{port}")
    text = re.sub(r"/etc/letsencrypt/\S+\.pem", str(pem), text)
    whole = place / "whole.conf"
    whole.write_text(_NGINX.format(place=place, example=text))
    return [_program("nginx", "nginx-light"), "-p", str(place), "-c", str(whole), "-e", "stderr"]


def _caddy(example: str, place: Path, at: tuple[str, int], pem: Path) -> list[str]:
    """The same; by itself it would fetch its certificates from a public authority."""
    address, port = at
    text = example.replace(FOLDER, str(place))
    text = re.sub(r"(?m)^(\S+ \{)$", rf"\1\n    tls {pem} {pem}", text)
    whole = place / "Caddyfile"
    whole.write_text(_CADDY.format(address=address, port=port, example=text))
    return [
        _program("caddy", "caddy"), "run", "--config", str(whole), "--adapter", "caddyfile",
    ]  # fmt: skip


# The file of the kit, and how a server is run on it.
SERVERS: Mapping[str, tuple[str, Callable[[str, Path, tuple[str, int], Path], list[str]]]] = {
    "nginx": ("nginx.conf", _nginx),
    "caddy": ("Caddyfile", _caddy),
}


@contextmanager
def serving(
    name: str, files: Mapping[str, bytes], place: Path, at: tuple[str, int], pem: Path
) -> Iterator[None]:
    """The server *name*, serving the kit *files* from *place* with the certificate *pem*."""
    example, command = SERVERS[name]
    for file, data in files.items():
        (place / file).write_bytes(data)
    place.chmod(0o755)
    line = command(files[example].decode(), place, at, pem)
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(
            line, stdout=log, stderr=log, env={"HOME": str(place), "PATH": "/usr/bin:/bin"}
        )
    try:
        deadline = time.monotonic() + SECONDS
        while not _answers(at):
            assert process.poll() is None, (place / "log").read_text()
            assert time.monotonic() < deadline, (place / "log").read_text()
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A port of this computer where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def _answers(at: tuple[str, int]) -> bool:
    try:
        socket.create_connection(at, timeout=1).close()
    except OSError:
        return False
    return True


def _program(name: str, package: str) -> str:
    program = which(name) or which(name, path="/usr/sbin")
    if program is None:
        pytest.skip(f"{name} is not installed: apt install {package}")
    return program
