"""Words for people, where no mail client's own are asked for."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.cli._output import Paint
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.evidence import Channel, Trust
from advisor.model.report import Setting, Severity

PROTOCOLS = {one: one.shown for one in Protocol}

SECURITY = {
    Security.TLS: "SSL/TLS",
    Security.STARTTLS: "STARTTLS",
    Security.NONE: "no encryption",
}

# What stands before a finding.
MARKS = {Severity.ERROR: "x", Severity.WARNING: "!", Severity.NOTE: "-"}

AUTH = {
    AuthMethod.PASSWORD: "password",
    AuthMethod.CHALLENGE: "challenge (CRAM-MD5)",
    AuthMethod.SCRAM: "SCRAM",
    AuthMethod.NTLM: "NTLM",
    AuthMethod.GSSAPI: "Kerberos",
    AuthMethod.OAUTH2: "OAuth2",
    AuthMethod.EXTERNAL: "client certificate",
    AuthMethod.NONE: "no login",
}

CHANNELS = {
    Channel.HTTPS: "HTTPS",
    Channel.HTTP: "plain HTTP",
    Channel.DNSSEC: "signed DNS",
    Channel.DNS: "DNS, not signed",
    Channel.BUNDLED: "what came with advisor",
}

TRUST = {
    Trust.VERIFIED: "",
    Trust.AUTHENTICATED: "",
    Trust.UNAUTHENTICATED: ", which is no proof that these are the right servers",
    Trust.GUESSED: ", which is a guess",
}


def sign_in(setting: Setting, *, app_password: bool = False) -> str:
    """How to sign in, by the first method, with the second as an alternative.

    With *app_password* the account's own password is refused, and the word says so.
    """
    words = [AUTH[method] for method in setting.auth[:2]] or ["password"]
    return " or ".join("app password" if app_password and w == "password" else w for w in words)


def user_name(setting: Setting, address: str | None) -> str:
    """The user name, or what to put there."""
    if setting.username and not (address is None and "%" in setting.username):
        return setting.username
    return {
        "address": "the full e-mail address",
        "localpart": "the part before the @",
        "domain\\localpart": "DOMAIN\\name",
    }.get(setting.username_form.value, "as your provider says")


def place(setting: Setting) -> str:
    """A setting in a few words: "IMAP 143 STARTTLS"."""
    return f"{PROTOCOLS[setting.protocol]} {setting.port} {SECURITY[setting.security]}"


def listed(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def mark(severity: Severity, paint: Paint) -> str:
    """What stands before a finding, in the colour of its *severity*."""
    colours = {Severity.ERROR: paint.alarm, Severity.WARNING: paint.warn}
    return colours.get(severity, str)(MARKS[severity])
