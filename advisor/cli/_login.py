"""The options for signing in, and where the password or token comes from.

It is never an argument and never in the environment: other users of the machine can read both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer

from advisor.errors import InputError
from advisor.model.login import Credentials

PasswordFd = Annotated[
    int | None,
    typer.Option(
        "--password-fd", metavar="N", help="With --login: read the password from this descriptor."
    ),
]
Keyring = Annotated[
    bool,
    typer.Option(
        "--keyring", help="With --login: take the password of “mail-advisor” from the keyring."
    ),
]
TokenCommand = Annotated[
    str | None,
    typer.Option(
        "--token-command",
        metavar="COMMAND",
        help="With --login: sign in by OAuth2 with the token that this prints; no shell.",
    ),
]
Mechanism = Annotated[
    str | None,
    typer.Option("--mechanism", metavar="NAME", help="With --login: this one, such as PLAIN."),
]
BothUsernames = Annotated[
    bool,
    typer.Option(
        "--both-usernames",
        help="With --login: where the address is refused try the part before the @ too.",
    ),
]


@dataclass(frozen=True)
class Asked:
    """What the options of one command say about signing in.

    *named_by_settings*: the user name is the settings', and *username* only what to ask for.
    """

    login: bool
    username: str
    password_fd: int | None
    token_command: str | None
    mechanism: str | None
    keyring: bool
    both: bool
    named_by_settings: bool = False

    def check(self, *, live: bool = True) -> None:
        """Refuse options that do not go together.

        Raises:
            InputError: which, and what to do.
        """
        given = {
            "--password-fd": self.password_fd is not None,
            "--keyring": self.keyring,
            "--token-command": self.token_command is not None,
        }
        ways = [name for name, is_given in given.items() if is_given]
        others = {"--mechanism": self.mechanism is not None, "--both-usernames": self.both}
        if not self.login:
            for name in (*ways, *(name for name, is_given in others.items() if is_given)):
                raise InputError(f"{name} goes with --login only")
            return
        if len(ways) > 1:
            raise InputError(f"give one of {' and '.join(ways)}, not both")
        if not live:
            raise InputError("--login needs the network and a server: leave out what forbids it")
        if not self.username.strip():
            raise InputError("--login needs a user name: give the address, or --username")
        if self.named_by_settings and "@" not in self.username:
            raise InputError("--login needs the full address, such as jane@example.org")


@contextmanager
def credentials(asked: Asked) -> Iterator[Credentials | None]:
    """What to sign in with, for as long as it is needed and wiped after; None if not asked for.

    Raises:
        InputError: the options contradict each other, or no secret came.
    """
    asked.check()
    if not asked.login:
        yield None
        return
    from advisor.cli import _secrets

    _secrets.keep_from_dumps()
    with _secrets.obtained(asked) as secret, _secrets.kept_out_of_errors(secret):
        yield Credentials(
            "" if asked.named_by_settings else asked.username,
            secret,
            is_token=asked.token_command is not None,
            both_usernames=asked.both,
            mechanism=asked.mechanism,
        )
