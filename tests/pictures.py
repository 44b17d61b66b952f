"""Pictures of QR codes, read by programs that know nothing of ours."""

from __future__ import annotations

import subprocess
from pathlib import Path
from shutil import which

import pytest


def scanned(picture: bytes, folder: Path) -> str:
    """The text of the only code in *picture*, a PNG or an SVG."""
    file = folder / "code.png"
    if picture.startswith(b"\x89PNG"):
        file.write_bytes(picture)
    else:
        _needs("rsvg-convert", "librsvg2-bin")
        command = ["rsvg-convert", "--zoom", "1", "--output", str(file)]
        subprocess.run(command, input=picture, check=True, timeout=30)
    _needs("zbarimg", "zbar-tools")
    command = ["zbarimg", "--quiet", "--raw", "-Sbinary", str(file)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=30)
    return done.stdout.decode()


def _needs(name: str, package: str) -> None:
    if which(name) is None:
        pytest.skip(f"{name} is not installed: apt install {package}")
