"""Signing in on request: with what, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from advisor.model.address import Subject
from advisor.model.auth import UsernameForm
from advisor.model.secret import Secret


class LoginResult(StrEnum):
    """What one try came to, by the server's own words."""

    WORKS = "works"
    WRONG_PASSWORD = "wrong-password"
    WRONG_USERNAME_FORM = "wrong-username-form"
    NEEDS_APP_PASSWORD = "needs-app-password"
    NEEDS_OAUTH2 = "needs-oauth2"
    PROTOCOL_DISABLED = "protocol-disabled"
    TRY_LATER = "try-later"
    REFUSED = "refused"
    FAILED = "failed"
    NOT_TRIED = "not-tried"


class Obstacle(StrEnum):
    """Why the secret was not sent."""

    UNVERIFIED = "unverified"  # no encryption, or no good certificate
    NO_MECHANISM = "no-mechanism"  # nothing is offered that fits what was given
    LOCKOUT = "lockout"  # the host refused it once; one more wrong try could lock the account


@dataclass(frozen=True, slots=True)
class Login:
    """One try to sign in, or why none was made.

    *says* is the server's own answer without the secret, or the reason why nothing was sent, which
    *obstacle* classifies. *refused_form* is the form of the user name that the server refused just
    before this one.
    """

    mechanism: str | None
    username_form: UsernameForm
    result: LoginResult
    says: str
    refused_form: UsernameForm | None = None
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody wants to sign in with.

    *username* is empty where the settings name it. *is_token*: the secret is a token of OAuth2.
    *both_usernames*: a refused address may be tried once more by its local part, and the other way
    round. *mechanism* is the only one to try; None for the first of ``rules/order.yaml`` offered.
    """

    username: str
    secret: Secret
    is_token: bool = False
    both_usernames: bool = False
    mechanism: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A user name as it is sent, and the form it has."""

    text: str
    form: UsernameForm


def names(username: str, *, both: bool, who: Subject | None = None) -> tuple[Name, ...]:
    """The names to try for *username*, at most two: the other form only where *both* are wanted.

    A local part becomes an address where it is known *who* that is.
    """
    local_part, at, _ = username.rpartition("@")
    if "\\" in username:
        return (Name(username, UsernameForm.DOMAIN_LOCALPART),)
    if at:
        first, other = Name(username, UsernameForm.ADDRESS), local_part
        second = Name(other, UsernameForm.LOCALPART) if other else None
    else:
        first = Name(username, UsernameForm.LOCALPART)
        address = who.address if who else None
        second = Name(address, UsernameForm.ADDRESS) if address else None
    return (first, second) if both and second is not None else (first,)
