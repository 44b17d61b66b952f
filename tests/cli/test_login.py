"""The options for signing in, and where the secret may come from."""

from __future__ import annotations

import os
import pty
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from advisor.cli import _secrets
from advisor.cli._login import Asked
from advisor.errors import InputError
from tests.run import Ran, advisor

PASSWORD = "s3cret-Pa55word"
NOBODY = ("probe", "127.0.0.1:1", "--protocol", "imap", "--login", "jane")


@pytest.fixture
def readable() -> Iterator[int]:
    """A descriptor with the password and more on it."""
    reading, writing = os.pipe()
    os.write(writing, PASSWORD.encode() + b"\r\nmore\n")
    os.close(writing)
    yield reading
    os.close(reading)


def by(command: str | None = None, fd: int | None = None, *, keyring: bool = False) -> Asked:
    return Asked(
        login=True, username="jane", password_fd=fd, token_command=command, mechanism=None,
        keyring=keyring, both=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["probe", "h.example", "--keyring"], "--keyring goes with --login only"),
        (["recommend", "a@example.org", "--password-fd", "0"], "--password-fd goes with --login"),
        (["probe", "h.example", "--mechanism", "PLAIN"], "--mechanism goes with --login only"),
        ([*NOBODY, "--keyring", "--password-fd", "0"], "give one of --password-fd and --keyring"),
        (["probe", "h.example", "--login", ""], "--login needs a user name"),
        (["recommend", "example.org", "--login"], "--login needs the full address"),
        (["recommend", "a@example.org", "--login", "--offline"], "--login needs the network"),
        (["recommend", "a@example.org", "--login", "--no-probe"], "--login needs the network"),
        ([*NOBODY, "--password-fd", "77"], "--password-fd 77 is not open for reading"),
        ([*NOBODY, "--password-fd", "0"], "the password is empty"),
        ([*NOBODY, "--token-command", "false"], "failed with exit code 1"),
        ([*NOBODY, "--token-command", "no-such-command-here"], "No such file"),
        ([*NOBODY, "--token-command", "'"], "cannot be read"),
        ([*NOBODY, "--token-command", "true"], "the token is empty"),
        (
            ["check", "--protocol", "imap", "--port", "993", "--security", "SSL", "--login"],
            "--login needs the network and a server",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(words: list[str], says: str) -> None:
    """One line, exit code 2."""
    ran = advisor(*words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1


def test_no_terminal_to_ask_on() -> None:
    """A password is never read where it would be seen."""
    done = subprocess.run(
        [sys.executable, "-m", "advisor", *NOBODY],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "there is no terminal to ask for the password" in done.stderr


ON_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def test_the_prompt_does_not_show_what_is_typed() -> None:
    """On a terminal of its own."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", ON_TERMINAL, "-m", "advisor", *NOBODY],
        stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    shown, is_typed = b"", False
    while select.select([ours], [], [], 30)[0]:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # how Linux tells that nobody writes there any more
            break
        shown += piece
        if b"Password for jane: " in shown and not is_typed:
            is_typed = bool(os.write(ours, PASSWORD.encode() + b"\n"))
    os.close(ours)
    assert (process.wait(10), is_typed) == (4, True)
    assert PASSWORD.encode() not in shown


def test_a_descriptor_gives_its_first_line(readable: int) -> None:
    """Without the line end."""
    assert _secrets.obtained(by(fd=readable)).octets == PASSWORD.encode()


def test_a_token_command_is_run_without_a_shell(tmp_path: Path) -> None:
    """Words in quotes are one word, and nothing is expanded."""
    mark = tmp_path / "made"
    secret = _secrets.obtained(by(f"printf '%s' 'a;touch {mark}$HOME'"))
    assert secret.octets == f"a;touch {mark}$HOME".encode()
    assert not mark.exists()


def test_a_token_command_is_bounded_in_size() -> None:
    """One that never stops is stopped."""
    with pytest.raises(InputError, match="prints more than a token"):
        _secrets.obtained(by("yes"))


def test_a_token_command_is_bounded_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """With all that it started."""
    monkeypatch.setattr(_secrets, "TOKEN_SECONDS", 0.2)
    began = time.monotonic()
    with pytest.raises(InputError, match=r"did not end within 0\.2 s"):
        _secrets.obtained(by("sh -c 'sleep 30; echo token'"))
    assert time.monotonic() - began < 10


def test_the_keyring_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not installed, it is told how to."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(InputError, match=r"pip install 'mail-advisor\[keyring\]'"):
        _secrets.obtained(by(keyring=True))


def test_the_keyring_is_asked_for_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Under the name that the README tells."""
    (tmp_path / "keyring").mkdir()
    (tmp_path / "keyring" / "__init__.py").write_text(
        "from . import errors\n"
        f"def get_password(service, user): return {{('mail-advisor', 'jane'): '{PASSWORD}'}}"
        ".get((service, user))\n"
    )
    (tmp_path / "keyring" / "errors.py").write_text("class KeyringError(Exception): pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("keyring", "keyring.errors"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert _secrets.obtained(by(keyring=True)).octets == PASSWORD.encode()


DUMPING = """
import os, resource, signal, sys, time
os.chdir(sys.argv[1])
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
from advisor.cli import _secrets
_secrets.keep_from_dumps()
os.abort()
"""


def test_an_abort_leaves_no_core(tmp_path: Path) -> None:
    """Whoever allowed one before: the process ends by the signal, and nothing of it is written."""
    process = subprocess.Popen(
        [sys.executable, "-c", DUMPING, str(tmp_path)], stderr=subprocess.DEVNULL
    )
    _, status = os.waitpid(process.pid, 0)
    process.returncode = 0
    assert (os.WTERMSIG(status), os.WCOREDUMP(status)) == (signal.SIGABRT, False)
    assert list(tmp_path.iterdir()) == []


BUGGY = """
import sys
import advisor.inspect

async def probe(*_, login, **__):
    password = bytes(login.secret.octets)
    try:
        raise KeyError(password)
    except KeyError:
        raise ValueError({says}) from None if {cut} else ValueError("later")

advisor.inspect.probe = probe
from advisor.cli._main import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize("verbose", [(), ("--verbose",)])
@pytest.mark.parametrize(
    ("says", "named"),
    [('"nothing of it"', "ValueError"), ("password", "RuntimeError")],
)
def test_a_bug_does_not_show_it(
    says: str, named: str, verbose: tuple[str, ...], readable: int
) -> None:
    """Whatever stands in the error: neither its message nor its traceback is printed with it."""
    done = subprocess.run(
        [
            *(sys.executable, "-c", BUGGY.format(says=says, cut=True)),
            *(*NOBODY, "--password-fd", str(readable), *verbose),
        ],
        pass_fds=[readable], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 70
    assert f"a bug in advisor ({named})" in done.stderr
    assert ("Traceback" in done.stderr) is bool(verbose)
    assert PASSWORD not in done.stdout + done.stderr


def test_an_error_behind_an_error_does_not_show_it_either(readable: int) -> None:
    """Python prints both, one beneath the other."""
    code = BUGGY.replace('from None if {cut} else ValueError("later")', "").format(says='"x"')
    done = subprocess.run(
        [sys.executable, "-c", code, *NOBODY, "--password-fd", str(readable), "--verbose"],
        pass_fds=[readable], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, PASSWORD in done.stdout + done.stderr) == (70, False)
    assert "ValueError, whose message held the password" in done.stderr


def everybody() -> bytes:
    """The arguments and variables of every process that can be seen."""
    seen = b""
    for process in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            with suppress(OSError):
                seen += (process / name).read_bytes()
    return seen


def test_a_token_of_a_command_is_in_no_argument_and_no_variable(tmp_path: Path) -> None:
    """While the command runs and after, in any process."""
    (tmp_path / "token").write_text(PASSWORD)
    command = f"sh -c 'cat {tmp_path}/token; sleep 0.3'"
    process = subprocess.Popen(
        [sys.executable, "-m", "advisor", *NOBODY, "--token-command", command],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    seen = b""
    while process.poll() is None:
        seen += everybody()
        time.sleep(0.02)
    out, err = process.communicate()
    assert b"--token-command" in seen
    assert PASSWORD.encode() not in seen + out + err


PEEK = """
import os, resource, sys
from advisor.cli import _secrets
_secrets.keep_from_dumps()
import ctypes
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


def test_no_core_is_dumped() -> None:
    """Neither into a file nor into a program (PR_GET_DUMPABLE is 0)."""
    assert resource.getrlimit(resource.RLIMIT_CORE)
    done = subprocess.run([sys.executable, "-c", PEEK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(0, 0) 0"


def test_the_secret_is_in_no_argument_and_no_variable() -> None:
    """While it is held, with a server that never answers: read from /proc as others could."""
    reading, writing = os.pipe()
    os.write(writing, PASSWORD.encode() + b"\n")
    os.close(writing)
    process = subprocess.Popen(
        [sys.executable, "-m", "advisor", *NOBODY, "--password-fd", str(reading)],
        pass_fds=[reading], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(reading)
    seen = b""
    while process.poll() is None:
        for name in ("cmdline", "environ"):
            try:
                seen += Path(f"/proc/{process.pid}/{name}").read_bytes()
            except OSError:
                continue
        time.sleep(0.02)
    out, err = process.communicate()
    ran = Ran(process.returncode, out.decode(), err.decode())
    assert ran.code == 4
    assert seen
    assert PASSWORD.encode() not in seen + out + err
