"""Getting a password or token: prompt, descriptor, keyring, or the output of a command."""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from advisor.errors import InputError
from advisor.model.secret import Secret
from advisor.model.text import printable

if TYPE_CHECKING:
    from advisor.cli._login import Asked

# The name under which people store it: ``keyring set mail-advisor USER``.
SERVICE = "mail-advisor"

# Octets of a secret, and seconds for the command that prints a token.
MOST = 8192
TOKEN_SECONDS = 30.0

_NO_DUMPS = 4  # PR_SET_DUMPABLE, prctl(2)


def keep_from_dumps() -> None:
    """No core dump of this process from now on, and no other process may look into it.

    The limit alone does not stop a dump that the kernel hands to a program, hence both.
    """
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(_NO_DUMPS, 0, 0, 0, 0)


@contextmanager
def kept_out_of_errors(secret: Secret) -> Iterator[None]:
    """An error that would show *secret*, or one behind it, becomes one that does not.

    None should: this is for bugs, of ours or of a library, that --verbose prints.
    """
    try:
        yield
    except Exception as error:
        shown = "".join(traceback.format_exception(error))
        if secret.masked(shown) == shown:
            raise
        hidden = RuntimeError(f"{type(error).__name__}, whose message held the password")
    else:
        return
    raise hidden from None


def obtained(asked: Asked) -> Secret:
    """The secret, by whichever way was asked for.

    Raises:
        InputError: none came; the message says why and what to do.
    """
    if asked.password_fd is not None:
        return _from_descriptor(asked.password_fd)
    if asked.token_command is not None:
        return _from_command(asked.token_command)
    return _from_keyring(asked.username) if asked.keyring else _from_prompt(asked.username)


def _from_prompt(username: str) -> Secret:
    import getpass

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return _of(getpass.getpass(f"Password for {printable(username, 80)}: "))
    except (getpass.GetPassWarning, EOFError, OSError):
        raise InputError(
            "there is no terminal to ask for the password: give --password-fd or --keyring"
        ) from None


def _of(text: str) -> Secret:
    return Secret(text.encode("utf-8", "surrogateescape"))


def _from_descriptor(number: int) -> Secret:
    """Its first line."""
    read = bytearray()
    try:
        while len(read) <= MOST and b"\n" not in read and (piece := os.read(number, MOST)):
            read += piece
    except (OSError, OverflowError):
        raise InputError(f"--password-fd {number} is not open for reading") from None
    secret = Secret(read.partition(b"\n")[0].removesuffix(b"\r"))
    read[:] = bytes(len(read))
    return secret


def _from_keyring(username: str) -> Secret:
    try:
        import keyring
    except ImportError:
        raise InputError(
            "--keyring needs one more package: pip install 'mail-advisor[keyring]'"
        ) from None
    try:
        found = keyring.get_password(SERVICE, username)
    except (keyring.errors.KeyringError, OSError, RuntimeError) as error:
        raise InputError(f"the keyring cannot be read: {printable(str(error), 200)}") from None
    if not found:
        shown = printable(username, 80)
        raise InputError(
            f"the keyring has nothing for {shown}: store it with `keyring set {SERVICE} {shown}`"
        )
    return _of(found)


def _from_command(command: str) -> Secret:
    """What *command* prints, run without a shell, within bounds of time and size."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise InputError(f"--token-command cannot be read: {error}") from None
    if not words:
        raise InputError("--token-command is empty")
    name = printable(words[0], 80)
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own words, and no shell
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be started"
        raise InputError(f"--token-command {name}: {printable(str(reason), 80)}") from None
    try:
        read = _output(process, name)
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    secret = Secret(read.strip())
    read[:] = bytes(len(read))
    return secret


def _output(process: subprocess.Popen[bytes], name: str) -> bytearray:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    deadline, number, read = time.monotonic() + TOKEN_SECONDS, process.stdout.fileno(), bytearray()
    while select.select([number], [], [], max(0.0, deadline - time.monotonic()))[0]:
        piece = os.read(number, MOST)
        read += piece
        if len(read) > MOST:
            raise InputError(f"--token-command {name} prints more than a token")
        if not piece:
            break
    else:
        raise InputError(f"--token-command {name} did not end within {TOKEN_SECONDS:g} s")
    try:
        code = process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise InputError(f"--token-command {name} did not end in time") from None
    if code != 0:
        raise InputError(f"--token-command {name} failed with exit code {code}")
    return read
