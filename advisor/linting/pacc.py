"""PACC: the settings of a domain as JSON.

Read as revision 02 has it, with what programs that implement 03 do otherwise (``submit``).

See: draft-ietf-mailmaint-pacc-02.
"""

from __future__ import annotations

import base64
import difflib
import hashlib
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from advisor.errors import FormatError
from advisor.formats._web_address import web_address
from advisor.linting._json import parse
from advisor.linting._linter import Linter, Slips, unreadable
from advisor.linting._values import Value
from advisor.linting._xml import quoted
from advisor.model.address import host_name
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.published import Entry, Reading
from advisor.model.text import printable

_BY_HOST = {
    "imap": (Protocol.IMAP, 993), "pop3": (Protocol.POP3, 995), "submit": (Protocol.SMTP, 465),
    "smtp": (Protocol.SMTP, 465),
}  # fmt: skip
_BY_URL = {"jmap": Protocol.JMAP, "caldav": Protocol.CALDAV, "carddav": Protocol.CARDDAV}
_PROTOCOLS = (*_BY_HOST, *_BY_URL, "managesieve", "webdav")
_MEMBERS = ("protocols", "authentication", "info")


def recognises(document: bytes) -> bool:
    """Does it begin like a JSON object?"""
    return re.match(rb"(\xef\xbb\xbf)?\s*\{", document) is not None


def lint(document: bytes) -> Reading:
    """What the document says, and how it is written."""
    slips = Slips()
    try:
        root = parse(document)
    except FormatError as error:
        return unreadable(error, slips)
    if document.startswith(b"\xef\xbb\xbf"):
        slips.add("byte-order-mark", (1, 1))
    _members(root, slips)
    methods = _authentication(root.get("authentication"), root, slips)
    _info(root.get("info"), root, slips)
    entries = tuple(_entries(root, methods, slips))
    digest = base64.b64encode(hashlib.sha256(document).digest()).decode("ascii")
    remark = f"The TXT record for exactly these bytes: v=UAAC1; a=sha256; d={digest}"
    return Reading(entries, slips(), line=root.at[0], column=root.at[1], remarks=(remark,))


def _members(root: Value, slips: Slips) -> None:
    for one in (root, *(value for value in root.value.values() if value.kind == "object")):
        for name in one.twice:
            slips.add("member-twice", one.at, name=name)
    if "servers" in root.value and "protocols" not in root.value:
        slips.add("pacc-of-2025", root.at)
        return
    for name, value in root.value.items():
        if name not in _MEMBERS:
            slips.add("member-unknown", value.at, name=name, hint=_near(name, _MEMBERS))
    if root.get("protocols") is None:
        slips.add("protocols-missing", root.at)


def _near(name: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Is {quoted(close[0])} meant?" if close else ""


def _entries(root: Value, methods: tuple[AuthMethod, ...], slips: Slips) -> Iterator[Entry]:
    protocols = root.get("protocols")
    if protocols is None:
        return
    if protocols.kind != "object":
        slips.add("protocols-no-object", protocols.at)
        return
    for name, value in protocols.value.items():
        if value.kind != "object":
            slips.add("protocol-no-object", value.at, name=name)
        elif name in _BY_HOST:
            yield _by_host(name, value, methods, slips, alone="submit" not in protocols.value)
        elif name in _BY_URL or name == "webdav":
            yield from _by_url(name, value, methods, slips)
        elif name == "managesieve":
            slips.add("managesieve", value.at)
        else:
            slips.add("protocol-unknown", value.at, name=name, hint=_near(name, _PROTOCOLS))


def _by_host(
    name: str, value: Value, methods: tuple[AuthMethod, ...], slips: Slips, *, alone: bool
) -> Entry:
    protocol, port = _BY_HOST[name]
    if name == "smtp" and alone:
        slips.add("smtp-for-submit", value.at)
    written = value.text("host")
    place = (value.get("host") or value).at
    found = host_name(written)
    if found is None:
        instead = '{"host": "mail.example.org"}'
        slips.add("hostname-invalid", place, name=name, instead=instead)
    for extra in value.value:
        if extra != "host":
            said = " It is always the registered one for implicit TLS." if extra == "port" else ""
            slips.add("member-ignored", value.value[extra].at, name=extra, why=said)
    return Entry(
        protocol, *place, found, printable(written, 253), port, Security.TLS, "implicit TLS",
        methods, tuple(method.value for method in methods), "%EMAILADDRESS%",
    )  # fmt: skip


def _by_url(
    name: str, value: Value, methods: tuple[AuthMethod, ...], slips: Slips
) -> Iterator[Entry]:
    written = value.text("url")
    place = (value.get("url") or value).at
    found = web_address(written, https_only=True)
    if found is None:
        slips.add("url-invalid", place, name=name)
        return
    parts = urlsplit(written)
    if parts.port is not None:
        slips.add("url-with-port", place, instead=parts._replace(netloc=found.host).geturl())
    if name != "jmap" and parts.path in ("", "/"):
        slips.add("url-without-path", place, url=written.rstrip("/"))
    if name in _BY_URL:
        yield Entry(
            _BY_URL[name], *place, found.host, printable(written, 200), found.port, Security.TLS,
            "https", methods, tuple(method.value for method in methods), "%EMAILADDRESS%",
        )  # fmt: skip


def _authentication(value: Value | None, root: Value, slips: Slips) -> tuple[AuthMethod, ...]:
    if value is None or value.kind != "object":
        slips.add("authentication-missing", value.at if value else root.at)
        return ()
    found = []
    password = value.get("password")
    if password is None or password.kind != "boolean":
        slips.add("password-flag", (password or value).at)
    elif password.value:
        found.append(AuthMethod.PASSWORD)
    oauth = value.get("oauth-public")
    if oauth is not None:
        issuer = oauth.text("issuer")
        if web_address(issuer, https_only=True) is None or set("?#") & set(issuer):
            slips.add("issuer-invalid", oauth.at)
        else:
            found.append(AuthMethod.OAUTH2)
    if not found and password is not None and password.kind == "boolean":
        slips.add("no-way-in", value.at)
    return tuple(found)


def _info(value: Value | None, root: Value, slips: Slips) -> None:
    provider = value.get("provider") if value is not None else None
    name = provider.get("name") if provider is not None else None
    if provider is None or name is None or not provider.text("name").strip():
        slips.add("name-missing", (provider or value or root).at)
    for key, limit in (("name", 60), ("shortName", 20)):
        one = provider.get(key) if provider is not None else None
        if one is not None and isinstance(one.value, str) and len(one.value) > limit:
            slips.add("name-too-long", one.at, name=key, count=len(one.value), limit=limit)


LINTER = Linter("pacc", "PACC JSON", recognises, lint)
