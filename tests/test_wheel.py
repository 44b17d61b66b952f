"""The wheel, as somebody else gets it: built, installed into a bare environment, and asked."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.wheel

ROOT = Path(__file__).parent.parent


def pip(*words: str, python: Path | str = sys.executable) -> None:
    """Run pip with *words*; what it says is shown where it fails."""
    done = subprocess.run(
        [str(python), "-m", "pip", "--disable-pip-version-check", "-q", *words],
        capture_output=True, text=True, cwd=ROOT, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), ".")
    (built,) = folder.glob("*.whl")
    return built


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel and its dependencies, and nothing else."""

    programs: Path
    home: Path

    def advisor(self, *words: str) -> str:
        """What ``advisor`` prints for *words*, far from the tree and with an empty home."""
        done = subprocess.run(
            [self.programs / "advisor", *words],
            capture_output=True, text=True, encoding="utf-8", cwd=self.home, timeout=60,
            check=False,
            env={"HOME": str(self.home), "PATH": os.defpath, "LANG": "C.UTF-8"},
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), done
        return done.stdout


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in a fresh environment."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=120)
    programs = folder / "bin"
    pip("install", str(wheel), python=programs / "python")
    return Installed(programs, tmp_path_factory.mktemp("home"))


def names(wheel: Path) -> set[str]:
    """The files in the wheel."""
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_rules_are_inside(wheel: Path) -> None:
    """Every one of them, and every file of the package."""
    tree = {
        *(
            f"advisor/rules/{path.relative_to(ROOT / 'rules')}"
            for path in ROOT.glob("rules/**/*.*")
        ),
        *(str(path.relative_to(ROOT)) for path in ROOT.glob("advisor/**/*.py")),
        "advisor/py.typed",
    }
    assert tree - names(wheel) == set()


def test_nothing_else_is_inside(wheel: Path) -> None:
    """No test, no cache, nothing beside the package."""
    inside = names(wheel)
    assert {name.partition("/")[0].partition("-")[0] for name in inside} == {
        "advisor",
        "mail_advisor",
    }
    assert not [name for name in inside if "test" in name.lower() or "__pycache__" in name]


def test_the_wheel_tells_what_it_needs(wheel: Path) -> None:
    """The dependencies of the project, and the version of the package."""
    from advisor import __version__

    with ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = archive.read(name).decode()
    assert f"\nVersion: {__version__}\n" in metadata
    assert "\nRequires-Dist: dnspython" in metadata
    assert "\nRequires-Python: >=3.11" in metadata


def test_it_recommends(installed: Installed) -> None:
    """From the knowledge inside the wheel."""
    page = installed.advisor("recommend", "jane@gmail.com", "--offline")
    assert "imap.gmail.com" in page
    assert "smtp.gmail.com" in page


def test_it_knows_the_ports(installed: Installed) -> None:
    """Twice, so that what the first run kept is used by the second."""
    first = installed.advisor("port", "imap")
    assert first.startswith("IMAP: port 993")
    assert installed.advisor("port", "imap") == first


def test_its_rules_pass_their_own_examples(installed: Installed) -> None:
    """All of them, from where they are now."""
    assert installed.advisor("rules", "test").endswith(" passed, 0 failed\n")


def test_it_runs_as_a_module(installed: Installed) -> None:
    """``python -m advisor`` is the same program."""
    done = subprocess.run(
        [installed.programs / "python", "-I", "-m", "advisor", "--version"],
        capture_output=True, text=True, cwd=installed.home, check=True,
    )  # fmt: skip
    assert done.stdout == installed.advisor("--version")
