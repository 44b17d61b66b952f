"""The sentences of the slips: each one that is noted has one, and each one there is noted."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import advisor.linting
from tests.linting.documents import library

ROOM = Path(advisor.linting.__file__).parent
# Which modules write slips of which format.
FORMATS = {
    "autoconfig": ("autoconfig", "_autoconfig_servers"),
    "autodiscover": ("autodiscover", "_autodiscover_protocol"),
    "mobileconfig": ("mobileconfig", "_profile_mail"),
    "pacc": ("pacc",),
    "zone": ("zone", "_records", "_txt"),
    "common": ("_xml", "_linter"),
}


def noted(form: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Each slip that the modules of *form* note, with the names of its facts."""
    for module in FORMATS[form]:
        for node in ast.walk(ast.parse((ROOM / f"{module}.py").read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "slips.add":
                facts = frozenset(str(one.arg) for one in node.keywords)
                for code in ast.walk(node.args[0]):
                    if isinstance(code, ast.Constant):
                        yield str(code.value), facts


@pytest.mark.parametrize("form", FORMATS)
def test_every_slip_has_its_sentence_and_its_facts(form: str) -> None:
    """Nothing is left in braces, and nothing is said that the code does not tell."""
    common = library().entries("slips")["common"]["slips"]
    known = library().entries("slips")[form]["slips"]
    used = set()
    for code, facts in noted(form):
        if code in ("document-broken", "document-too-large") or code.islower():
            sentence = known.get(code) or common[code]
            wanted = re.findall(r"\{([a-z_]+)\}", sentence["says"] + sentence.get("instead", ""))
            assert set(wanted) <= facts, code
            used.add(code)
    assert set(known) - used - {"document-broken", "document-too-large"} == set()


def test_every_public_module_is_a_linter() -> None:
    """Adding a format is adding one file, and one with its sentences."""
    public = {path.stem for path in ROOM.glob("[a-z]*.py")}
    assert public == set(FORMATS) - {"common"}
    assert public | {"common"} == set(library().entries("slips"))
