"""What a program may import, and what it pays for it."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import advisor
from advisor.errors import InputError
from advisor.options import Options

PUBLIC = [
    "AuditReport",
    "CheckReport",
    "Credentials",
    "Diagnosis",
    "DoctorReport",
    "Endpoint",
    "Entered",
    "Export",
    "Instructions",
    "Library",
    "LintReport",
    "Options",
    "ProbeReport",
    "Protocol",
    "Report",
    "Secret",
    "Security",
    "__version__",
    "audit",
    "audit_sync",
    "check",
    "check_sync",
    "diagnose",
    "doctor",
    "doctor_sync",
    "explain",
    "export",
    "instruct",
    "lint",
    "probe",
    "probe_sync",
    "publish",
    "recommend",
    "recommend_sync",
    "schema_of",
    "targets",
    "which_port",
]


def test_all_is_exactly_what_is_public() -> None:
    """Sorted, and nothing by accident."""
    assert advisor.__all__ == PUBLIC
    assert dir(advisor) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there(name: str) -> None:
    """Documented and typed, wherever it lives."""
    found = getattr(advisor, name)
    if name == "__version__":
        assert isinstance(found, str)
        return
    assert inspect.getdoc(found)
    if inspect.isfunction(found):
        signature = inspect.signature(found)
        assert signature.return_annotation is not inspect.Signature.empty
        assert all(p.annotation is not p.empty for p in signature.parameters.values())


def test_another_name_is_an_attribute_error() -> None:
    """As in any module."""
    with pytest.raises(AttributeError, match="no attribute 'recomend'"):
        _ = advisor.recomend


def test_asking_the_network_is_a_coroutine_and_has_a_plain_wrapper() -> None:
    """Both ways to call it."""
    for name in ("recommend", "probe", "check", "audit", "doctor"):
        assert inspect.iscoroutinefunction(getattr(advisor, name))
        assert not inspect.iscoroutinefunction(getattr(advisor, f"{name}_sync"))


def loaded(code: str) -> set[str]:
    """The modules that *code* leaves loaded in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


HEAVY = {"asyncio", "dns", "h11", "ssl", "socket", "cryptography", "xml", "yaml", "typer", "rich"}


@pytest.mark.parametrize(
    "code",
    [
        "import advisor",
        "from advisor import Options, Report, ProbeReport, __version__",
        "from advisor import which_port, explain",
        "from advisor import Credentials, DoctorReport, Endpoint, Library, Secret, Security",
    ],
)
def test_a_library_loads_where_it_is_used(code: str) -> None:
    """No network, no XML and no command line for those who do not ask for them."""
    assert not loaded(code) & HEAVY


def test_an_answer_from_memory_loads_no_network() -> None:
    """Design §12: nothing that only those need who ask somebody."""
    code = (
        "from advisor.advise import recommend_offline\n"
        "assert recommend_offline('jane@gmail.com').incoming"
    )
    assert not loaded(code) & (HEAVY - {"yaml", "typer", "rich"})


def test_the_wrapper_answers_without_a_network() -> None:
    """The whole way, as a program would."""
    report = advisor.recommend_sync("jane@gmail.com", Options(offline=True))
    assert report.incoming[0].host == "imap.gmail.com"


def test_a_report_becomes_documents_and_steps() -> None:
    """What export, instructions and schema do on the command line."""
    report = advisor.recommend_sync("jane@gmail.com", Options(offline=True, client="mutt"))
    made = advisor.export(report, "mutt", name="Jane Doe")
    assert b"imap.gmail.com" in made.document
    assert {"README.md", "nginx.conf"} <= set(advisor.publish(report))
    steps = advisor.instruct(report, tongue="de")
    assert (steps.language, steps.client.id) == ("de", "mutt")
    assert advisor.schema_of("doctor")["title"] == "advisor.doctor/1"
    with pytest.raises(InputError, match="no export format"):
        advisor.export(report, "word")


def test_a_login_takes_a_secret_that_shows_nowhere() -> None:
    """Built as a program would, and wiped when it is over."""
    with advisor.Secret(b"correct horse") as secret:
        given = advisor.Credentials("jane@example.org", secret)
        assert "horse" not in repr(given)
    assert not secret.octets


def test_the_doctor_waits_and_names_what_is_wrong() -> None:
    """Nobody is contacted where nobody is named."""
    with pytest.raises(InputError, match="name what to reach"):
        advisor.doctor_sync()
    (end,) = advisor.targets("imap.example.org:993")
    assert (end.protocol, end.security) == (advisor.Protocol.IMAP, advisor.Security.TLS)


def test_the_package_is_typed() -> None:
    """PEP 561: the marker that lets type checkers look inside."""
    assert (Path(advisor.__file__).parent / "py.typed").is_file()
