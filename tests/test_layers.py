"""Who may import whom: the arrows between the rooms, checked on the syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "advisor"

# Each room, and the rooms it may import from. A file at the top is a room of its own.
ALLOWED: dict[str, set[str]] = {
    "errors": {"model"},
    "_version": set(),
    "_plugins": {"errors"},
    "options": set(),
    "loop": set(),
    "folders": set(),
    "model": {"errors"},
    "formats": {"errors", "model"},
    "dialogues": {"errors", "model", "_plugins"},
    "services": {"_version", "dialogues", "errors", "formats", "model"},
    "engine": {"errors", "formats", "model"},
    "knowledge": {"_plugins", "_version", "engine", "errors", "folders", "model"},
    "exporters": {"errors", "model", "formats"},
    "linting": {"errors", "model", "formats"},
    "net": {"errors", "model", "options", "_version"},
    "probing": {"errors", "formats", "model", "dialogues", "net", "services", "_plugins"},
    "discovery": {"errors", "model", "formats", "net", "knowledge", "engine", "_plugins"},
    "ports": {"model", "engine", "knowledge", "questions"},
    "questions": {"errors", "model", "knowledge"},
    "diagnosing": {"engine", "knowledge", "model", "reporting"},
    "instructions": {"_plugins", "errors", "exporters", "formats", "knowledge", "model"},
    "login": {"diagnosing", "dialogues", "errors", "knowledge", "model", "net", "probing"},
    "checking": {"engine", "errors", "knowledge", "model", "net", "options", "probing",
                 "reporting", "login"},
    "mirror": {"errors", "formats", "model", "net", "options"},
    "looking": {"engine", "knowledge", "model", "net", "options", "probing"},
    "linter": {"_plugins", "engine", "errors", "knowledge", "linting", "model"},
    "terms": {"errors", "model", "engine", "knowledge"},
    "schema": {"model"},
    "exporting": {"_plugins", "errors", "exporters", "model", "publishing"},
    "publishing": {"_plugins", "errors", "exporters", "formats", "model"},
    "signing": {"errors", "model", "net"},
    "reporting": {"model", "engine", "discovery", "_version"},
    "heard": {"engine", "model"},
    "asking": {"discovery", "engine", "heard", "model", "net", "options", "probing"},
    "advise": {"asking", "discovery", "engine", "heard", "knowledge", "model", "net",
               "options", "probing", "reporting", "login"},
    "auditing": {"_plugins", "advise", "engine", "errors", "exporters", "formats", "heard",
                 "knowledge", "linter", "model", "net", "options"},
    "inspect": {"engine", "errors", "formats", "knowledge", "model", "net", "options", "probing",
                "services", "login", "_version"},
    "doctoring": {"_version", "engine", "errors", "knowledge", "model", "net", "options",
                  "probing"},
    "cli": {"_plugins", "_version", "advise", "auditing", "checking", "diagnosing", "doctoring",
            "engine", "errors", "exporters", "exporting", "folders", "formats", "inspect",
            "instructions", "knowledge", "linter", "looking", "loop", "mirror", "model", "options",
            "ports", "publishing", "schema", "signing", "terms"},
    "sync": {"advise", "auditing", "checking", "doctoring", "engine", "heard", "inspect",
             "knowledge", "loop", "model", "options"},
    "__init__": {"_version", "advise", "auditing", "checking", "diagnosing", "doctoring", "engine",
                 "exporters", "exporting", "inspect", "instructions", "knowledge", "linter",
                 "model", "options", "ports", "schema", "sync", "terms"},
    "__main__": {"cli"},
}  # fmt: skip

# Rooms (and files) without I/O: no sockets, no clocks, no files; h11 is such a one itself.
PURE = (
    "model", "formats", "dialogues", "services", "engine", "exporters", "linting",
    "discovery/ranking.py",
)  # fmt: skip
IMPURE = {
    "asyncio", "dns", "http", "io", "os", "pathlib", "random", "select", "shutil", "socket",
    "ssl", "subprocess", "tempfile", "threading", "time", "urllib.request",
}  # fmt: skip

FILES = sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Every module that *path* imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def room(path: Path) -> str:
    """The room a file belongs to: its folder, or its own name at the top."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else path.stem


def shown(path: Path) -> str:
    """The path as test id."""
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_imports_follow_the_arrows(path: Path) -> None:
    """A room imports itself and what its arrows lead to, nothing else."""
    own = room(path)
    targets = {name.split(".")[1] for name in imports(path) if name.startswith("advisor.")}
    assert targets - {own} <= ALLOWED[own]


@pytest.mark.parametrize("path", [p for p in FILES if shown(p).startswith(PURE)], ids=shown)
def test_the_pure_middle_has_no_io(path: Path) -> None:
    """What means something is computed from values alone."""
    touched = {name for name in imports(path) if name in IMPURE or name.split(".")[0] in IMPURE}
    assert not touched


def test_the_arrows_have_no_cycle() -> None:
    """The picture can be drawn from top to bottom (errors and model name each other's types)."""
    left = {
        name: targets - {"model" if name == "errors" else ""} for name, targets in ALLOWED.items()
    }
    while left:
        free = [name for name, targets in left.items() if not targets & set(left)]
        assert free, f"a cycle among {sorted(left)}"
        for name in free:
            del left[name]
