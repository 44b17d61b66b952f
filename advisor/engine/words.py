"""What the words for security and for signing in do, in one program or in all of them."""

from __future__ import annotations

import re

from advisor.model.client import Client, Label
from advisor.model.endpoint import Protocol

# Where the program is not known, only these words mean the same nearly everywhere.
_SECURITY = {
    "ssl/tls": "implicit",
    "implicit tls": "implicit",
    "implicit": "implicit",
    "starttls": "starttls",
    "start tls": "starttls",
    "starttls required": "starttls",
    "none": "none",
    "no encryption": "none",
    "unencrypted": "none",
    "off": "none",
    "auto": "auto",
}
_SIGN_IN = {
    "normal password": "password",
    "password": "password",
    "plain": "password",
    "login": "password",
    "encrypted password": "challenge",
    "cram-md5": "challenge",
    "spa": "ntlm",
    "ntlm": "ntlm",
    "secure password authentication": "ntlm",
    "oauth2": "oauth2",
    "kerberos": "gssapi",
    "kerberos/gssapi": "gssapi",
    "none": "none",
    "no authentication": "none",
}


def folded(text: str) -> str:
    """*text* in lower case without quotation marks, colons, and blanks that say nothing."""
    plain = " ".join(re.sub(r"[\"'“”:]", " ", text.lower()).split())
    return re.sub(r" ?([=/]) ?", r"\1", plain)


def security(
    text: str, client: Client | None, protocol: Protocol, port: int
) -> tuple[str, Label | None]:
    """What a security label does on *port*, and the client's own label it was recognised as.

    It is "auto" where the client's label does one thing or another by the port, and nobody knows
    which on this one; "unknown" where the word is not the client's, or not clear without one.
    """
    wanted = folded(text)
    choices = client.choices(protocol) if client else ()
    named = [one for one in choices if folded(one.label) == wanted]
    if named:
        fitting = next((one for one in named if one.does_on(port)), None)
        if fitting is None and len({one.does for one in named}) > 1:
            return "auto", named[0]
        found = fitting or named[0]
        return found.does, found
    does = _SECURITY.get(wanted, "unknown")
    if client is not None and all(one.does != does for one in choices):
        does = "unknown"
    return does, None


def sign_in(text: str, client: Client | None, protocol: Protocol) -> str:
    """What a sign-in label does: a method of ``AuthMethod``, auto, or unknown."""
    wanted = folded(text)
    named = [one for one in client.sign_in if folded(one.label) == wanted] if client else []
    named.sort(key=lambda one: protocol not in one.protocols)
    return named[0].does if named else _SIGN_IN.get(wanted, "unknown")
