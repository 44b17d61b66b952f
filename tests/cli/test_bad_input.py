"""Bad input: one clear line on stderr, the documented exit code, never a traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.run import advisor

ADDRESSES = [
    "",
    "@example.org",
    "alice@",
    "alice",
    "alice@example",
    "alice@192.0.2.1",
    "alice@[192.0.2.1]",
    "192.0.2.1",
    "::1",
    "alice@*.example.org",
    "alice@exa mple.org",
    "alice@-example.org",
    "alice@example..org",
    "alice@" + "a" * 64 + ".org",
    "alice@" + "a." * 140 + "org",
    "a" * 65 + "@example.org",
    "al ice@example.org",
    "alice\u202e@example.org",
    "alice@exam\x07ple.org",
    "alice@example.123",
    "alice@\ud800.org".encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"),
    "alice@☃.example" + "☃" * 300,
    "a@xn--zzzzzz--.example",
    "--",
    "x" * 100_000 + "@example.org",
]


def is_one_line(text: str) -> bool:
    """One line that begins with the program's name, without control characters."""
    return text.startswith("advisor: ") and text.count("\n") == 1 and "\x1b" not in text


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda a: ascii(a)[:40])
def test_what_is_no_address_is_told(address: str) -> None:
    """Exit code 2 and a sentence."""
    ran = advisor("recommend", "--offline", address)
    assert (ran.code, ran.out) == (2, "")
    assert is_one_line(ran.err), ran.err


USAGE = [
    ["frobnicate"],
    ["recommend"],
    ["recommend", "a@example.org", "--frobnicate"],
    ["recommend", "a@example.org", "--format", "xml"],
    ["recommend", "a@example.org", "--timeout", "soon"],
    ["recommend", "a@example.org", "--timeout", "-1"],
    ["recommend", "a@example.org", "--timeout", "nan"],
    ["recommend", "a@example.org", "--nameserver", "no name server"],
    ["recommend", "a@example.org", "--nameserver", "127.0.0.1:99999"],
    ["recommend", "a@example.org", "--nameserver", "ns.example.org"],
    ["recommend", "a@example.org", "--ca-file", "/does/not/exist"],
    ["recommend", "a@example.org", "--ispdb", "ftp://example.org"],
    ["recommend", "a@example.org", "--rules", "/does/not/exist"],
    ["recommend", "a@gmail.com", "--offline", "--output", "/does/not/exist/file"],
    ["recommend", "a@gmail.com", "--offline", "--output", "/"],
    ["probe", "example.org:0"],
    ["probe", "example.org:70000"],
    ["probe", "example.org:x"],
    ["probe", "example.org:4711"],
    ["probe", "not a host"],
    ["probe", "example.org", "--offline"],
    ["port", "0"],
    ["port", "70000"],
    ["port", "81"],
    ["port", "gopher"],
    ["export", "floppy", "a@example.org"],
    ["explain", "TLS", "--client", "a b c"],
    ["schema", "nothing"],
    ["port", "9" * 5000],
    ["probe", "example.org:" + "9" * 5000],
    ["probe", "example.org", "--protocol", "ews"],
    ["probe", "example.org", "--protocol", "jmap", "--security", "none"],
    ["probe", "http://example.org/", "--protocol", "caldav"],
    ["probe", "https://example.org/dav/"],
    ["probe", "https://", "--protocol", "jmap"],
    ["port", "imap", "--output", "x" * 300],
    ["port", "imap", "--output", "/dev/null"],
    ["port", "imap", "--rules", "x" * 300],
    ["recommend", "a@example.org", "--ca-file", "x" * 300],
    ["rules", "show", "nothing-like-it"],
    ["rules", "lint", "/does/not/exist"],
    ["rules", "lint", "x" * 300],
    ["rules", "test", "x" * 300],
    ["probe", "example.org:443", "--protocol", "activesync"],
    ["rules", "show", "a\x1bb"],
    ["providers", "show", "nothing-like-it"],
]


@pytest.mark.parametrize("words", USAGE, ids=lambda words: " ".join(words)[:60])
def test_wrong_usage_is_one_line(words: list[str]) -> None:
    """It says what is wrong, and the exit code is 2."""
    ran = advisor(*words)
    assert (ran.code, ran.out) == (2, ""), ran
    assert is_one_line(ran.err), ran.err


def test_a_broken_overlay_gives_every_mistake(tmp_path: Path) -> None:
    """File, line and column of each, one a line."""
    (tmp_path / "one.yaml").write_text("title: [")
    (tmp_path / "two.yaml").write_text("title: x\nstatus: y\n")
    ran = advisor("recommend", "a@gmail.com", "--offline", "--rules", str(tmp_path))
    assert (ran.code, ran.out) == (2, "")
    assert "one.yaml:2:1" in ran.err
    assert "two.yaml:2:9" in ran.err
    assert "Traceback" not in ran.err


def test_an_unreadable_overlay_is_told(tmp_path: Path) -> None:
    """The path and the reason; a folder where a file should be can be read by nobody."""
    (tmp_path / "rule.yaml").mkdir()
    ran = advisor("port", "imap", "--rules", str(tmp_path))
    assert ran.code == 2
    assert "cannot be read" in ran.err


def test_a_broken_configuration_is_told(tmp_path: Path) -> None:
    """TOML errors, unknown options and values of the wrong type alike."""
    broken = (
        "x = [",
        "nameservr = 'x'\n",
        "timeout = [1]\n",
        "ca-file = 3\n",
        "probe = []\n",
        "nameserver = 5\n",
        "timeout = true\n",
        "nameserver = [5]\n",
        'format = "xml"\n',
    )
    for text in broken:
        (tmp_path / "config.toml").write_text(text)
        ran = advisor("port", "imap", ADVISOR_CONFIG_DIR=str(tmp_path))
        assert ran.code == 2
        assert is_one_line(ran.err), ran.err


@pytest.mark.parametrize("text", ['ca-file = "\\u0000"\n', 'ca-file = ""\n', "timeout = nan\n"])
def test_a_configured_value_that_cannot_be_used_is_told(tmp_path: Path, text: str) -> None:
    """Of the right type, and wrong all the same."""
    (tmp_path / "config.toml").write_text(text)
    ran = advisor("recommend", "a@gmail.com", "--offline", ADVISOR_CONFIG_DIR=str(tmp_path))
    assert (ran.code, ran.out) == (2, "")
    assert is_one_line(ran.err), ran.err


def test_a_closed_pipe_ends_quietly() -> None:
    """The reader had enough: no traceback, nothing on stderr."""
    quiet = ("providers show fastmail", "port imap", "rules list", "rules lint", "rules test",
             "schema", "--help", "--version", "export json a@gmail.com --offline")  # fmt: skip
    for words in quiet:
        shell = f"{sys.executable} -m advisor {words} | true"
        ran = subprocess.run(
            ["bash", "-o", "pipefail", "-c", shell], capture_output=True, text=True, check=False
        )
        assert ran.stderr == ""
        assert ran.returncode == 0


def test_nobody_has_to_read_what_is_wrong() -> None:
    """The exit code stands where stderr is a closed pipe."""
    shell = (
        f"{sys.executable} -m advisor port gopher 2>&1 >/dev/null | true; echo ${{PIPESTATUS[0]}}"
    )
    for _ in range(3):
        ran = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
        assert ran.stdout == "2\n"


def test_closed_streams_are_no_bug() -> None:
    """Started without stdout or stderr, it does its work and keeps its exit code."""
    for closed, words, code in ((">&-", "port imap", 0), ("2>&-", "port gopher", 2)):
        shell = f"{sys.executable} -m advisor {words} {closed}"
        assert subprocess.run(["bash", "-c", shell], check=False).returncode == code


def test_an_output_keeps_its_rights_and_its_link(tmp_path: Path) -> None:
    """A file that others may not read stays so, and a link still leads to it."""
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("")
    target.chmod(0o600)
    link.symlink_to(target)
    assert advisor("port", "imap", "--output", str(link)).code == 0
    assert (link.is_symlink(), target.stat().st_mode & 0o777) == (True, 0o600)
    assert "993" in target.read_text()


def test_an_output_that_leads_nowhere_is_refused_before_any_work(tmp_path: Path) -> None:
    """A link in a circle, a link into no folder, a pipe."""
    circle, away, fifo = tmp_path / "circle", tmp_path / "away", tmp_path / "fifo"
    circle.symlink_to(circle)
    away.symlink_to(tmp_path / "missing" / "file")
    os.mkfifo(fifo)
    for path in (circle, away, fifo):
        ran = advisor("port", "imap", "--output", str(path))
        assert (ran.code, ran.out) == (2, "")
        assert is_one_line(ran.err), ran.err
    assert fifo.is_fifo()


def test_a_new_output_has_the_usual_rights(tmp_path: Path) -> None:
    """Those that the umask leaves."""
    before = os.umask(0o027)
    try:
        assert advisor("port", "imap", "--output", str(tmp_path / "new")).code == 0
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640


def test_a_full_disk_is_told() -> None:
    """Writing to /dev/full fails with one line."""
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "advisor", "port", "imap"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert ran.returncode == 2
    assert is_one_line(ran.stderr), ran.stderr


def test_an_interrupt_is_one_line(tmp_path: Path) -> None:
    """Ctrl-C in the middle of the work: exit code 130, no half-written file."""
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        target = tmp_path / "report.json"
        words = ["recommend", "a@example.org", "--nameserver", f"127.0.0.1:{port}"]
        process = subprocess.Popen(
            [sys.executable, "-m", "advisor", *words, "--output", str(target)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        silent.settimeout(20)
        silent.recv(4096)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    assert is_one_line(err), err
    assert list(tmp_path.iterdir()) == []
