"""From a report to steps in the words of its client; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.errors import ExportError
from advisor.model.auth import AuthMethod
from advisor.model.instructions import Entry, Instructions, Step
from advisor.model.report import ClientRow, Report, Setting
from advisor.model.telling import concerns

_PLAIN = {
    "host": "Server",
    "port": "Port",
    "security": "Security",
    "sign_in": "Sign-in",
    "username": "User name",
}
_SECURITY = {"tls": "SSL/TLS", "starttls": "STARTTLS", "none": "no encryption"}
_SIGN_IN = {
    "oauth2": "OAuth2, in the provider's own window",
    "challenge": "CRAM-MD5",
    "scram": "SCRAM",
    "ntlm": "NTLM",
    "gssapi": "Kerberos",
    "external": "client certificate",
    "none": "no sign-in",
}
_NAMES = {"imap": "IMAP", "pop3": "POP3", "smtp": "SMTP"}

# Findings that the steps themselves already say.
_SAID = frozenset({"client-types-port"})


def instructions(report: Report) -> Instructions:
    """The steps to set up what *report* recommends in its client.

    Raises:
        ExportError: the report is for no client, or recommends nothing that can be used.
    """
    client = report.client
    if client is None:
        raise ExportError("instructions are for a mail client: say which with --client")
    incoming = next((one for one in report.incoming if one.is_usable), None)
    outgoing = next((one for one in report.outgoing if one.is_usable), None)
    if incoming is None and outgoing is None:
        raise ExportError(
            f"nothing safe is left for {report.domain} in {client.name}: "
            "advisor recommend says why, and names a way out"
        )
    return Instructions(
        report.address,
        report.domain,
        client,
        tuple(_steps(report, client, incoming, outgoing)),
        tuple(_beware(report, [one for one in (incoming, outgoing) if one])),
    )


def _steps(
    report: Report, client: ClientRow, incoming: Setting | None, outgoing: Setting | None
) -> Iterator[Step]:
    yield Step(
        "Add an account by hand (manual set-up), without letting the program guess.",
        client.paths.get("add"),
    )
    if incoming is not None:
        kind = _NAMES[incoming.protocol.value]
        text = f"Choose {kind} as the type, and enter the incoming server."
        yield Step(text, client.paths.get("incoming"), _entries(incoming, report, client))
    if outgoing is not None:
        text = "Enter the outgoing server (SMTP), with signing in switched on."
        yield Step(text, client.paths.get("outgoing"), _entries(outgoing, report, client))
    trial = "send a mail to yourself and wait until it arrives" if outgoing else "fetch your mail"
    yield Step(
        f"Save, then {trial}. If a certificate warning appears, do not accept it: compare the "
        "server names with the ones above."
    )


def _entries(one: Setting, report: Report, client: ClientRow) -> tuple[Entry, ...]:
    words = {name: client.fields.get(name, plain).rstrip(":") for name, plain in _PLAIN.items()}
    entries = [
        Entry(words["host"], one.host),
        Entry(words["port"], str(one.port)),
        Entry(words["security"], one.label or _SECURITY[one.security.value]),
        Entry(words["sign_in"], one.sign_in_label or _sign_in(one)),
        Entry(words["username"], one.username or "the full e-mail address"),
    ]
    if _takes_app_password(one, report):
        entries.append(Entry("Password", "an app password, not that of the account"))
    return tuple(entries)


def _sign_in(one: Setting) -> str:
    return _SIGN_IN.get(one.auth[0].value, one.auth[0].value) if one.auth else "password"


def _takes_app_password(one: Setting, report: Report) -> bool:
    """Is it an app password that belongs into the password's box?"""
    codes = {found.code for found in report.findings}
    if one.auth and one.auth[0] is not AuthMethod.PASSWORD:
        return False
    return bool(codes & {"app-password-required", "client-app-password"})


def _beware(report: Report, chosen: Sequence[Setting]) -> Iterator[str]:
    known = {str(one.endpoint) for one in (*report.incoming, *report.outgoing)}
    for one in report.findings:
        is_about_settings = known.issuperset(one.about)
        if one.code not in _SAID and (concerns(one, chosen, ()) or not is_about_settings):
            yield one.message
