"""The server sections of clientConfig XML, each with what is wrong with how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from advisor.formats import _autoconfig_words as words
from advisor.formats._web_address import web_address
from advisor.formats._xml import children, name
from advisor.linting._linter import Slips
from advisor.linting._xml import at, first, tag, value
from advisor.model.address import host_name
from advisor.model.auth import AuthMethod, method_of
from advisor.model.endpoint import Protocol, Security
from advisor.model.published import Entry
from advisor.model.text import printable

MAX_SECTIONS = 100
PLACEHOLDER = re.compile(r"%[A-Z]+%")
_FILLED = ("%EMAILADDRESS%", "%EMAILLOCALPART%", "%EMAILDOMAIN%")
_HALF = re.compile(r"%?EMAIL(?:ADDRESS|LOCALPART|DOMAIN)%?", re.IGNORECASE)

# Types that documents have and that advisor makes no use of (draft §3.5, and version 1.1).
_OTHER_TYPES = frozenset({
    "graph", "exchange", "owa", "nntp", "webdav", "xmpp", "xmpptcp", "matrix", "opentalk",
})  # fmt: skip
_EXACT_TYPES = {(section, kind) for section, kind in words.SECTIONS.values()}
_OLD_METHODS = {
    "plain": "password-cleartext",
    "secure": "password-encrypted",
    "OAuth": "OAuth2",
    "http-basic": "Basic",
    "http-digest": "Digest",
}
_METHODS = frozenset({
    "password-cleartext", "password-encrypted", "NTLM", "GSSAPI", "TLS-client-cert", "OAuth2",
    "client-IP-address", "none", "smtp-after-pop", *_OLD_METHODS,
})  # fmt: skip
_HTTP_METHODS = frozenset({"Basic", "Digest"})
_EXACT_SOCKETS = ("SSL", "STARTTLS", "plain")


def servers(parents: Iterable[Element], slips: Slips) -> tuple[Entry, ...]:
    """The servers below *parents* that can be understood."""
    sections = [part for parent in parents for part in children(parent, *words.SECTION_NAMES)]
    if len(sections) > MAX_SECTIONS:
        slips.add(
            "sections-too-many", at(sections[MAX_SECTIONS]), count=len(sections), limit=MAX_SECTIONS
        )
    found: list[Entry] = []
    seen: set[tuple[object, ...]] = set()
    for section in sections[:MAX_SECTIONS]:
        protocol = _protocol(section, slips)
        if protocol is None:
            _username(section, slips)
            continue
        entry = _by_url(section, protocol, slips) if protocol in words.BY_URL else None
        entry = entry or _by_host(section, protocol, slips)
        same = (protocol, entry.host_written, entry.port, entry.security, entry.username)
        if same in seen:
            slips.add("server-twice", at(section), protocol=protocol)
        seen.add(same)
        found.append(entry)
    return tuple(found)


def _protocol(section: Element, slips: Slips) -> Protocol | None:
    kind = section.get("type", "").strip()
    called = name(section)
    found = words.TYPES.get((called, kind.lower()))
    if not kind:
        slips.add(
            "type-missing",
            at(section),
            element=tag(section),
            instead=f'<{called} type="imap">' if called == "incomingServer" else "",
        )
    elif found is None and kind.lower() not in _OTHER_TYPES:
        slips.add("type-unknown", at(section), kind=kind, element=tag(section))
    elif found is not None and (words.written_section(called), kind) not in _EXACT_TYPES:
        slips.add("type-case", at(section), kind=kind, instead=words.SECTIONS[found][1])
    return found


def _by_url(section: Element, protocol: Protocol, slips: Slips) -> Entry:
    part = first(section, "url", "serverURL")
    methods, written = _authentication(section, slips, over_http=True)
    line, column = at(section)
    if part is None:
        slips.add("url-missing", at(section), protocol=protocol)
        return Entry(protocol, line, column, auth=methods, auth_written=written)
    if name(part) == "serverURL":
        slips.add("old-spelling", at(part), old="<serverURL>", new="<url>")
    text = value(part, slips)
    found = web_address(text)
    if PLACEHOLDER.search(text):
        slips.add("placeholder-in-server-url", at(part))
    elif found is None:
        slips.add("url-invalid", at(part), text=text)
    elif not found.secure:
        slips.add("url-without-encryption", at(part))
    return Entry(
        protocol, *at(section), found.host if found else None, printable(text, 200),
        found.port if found else None, _of(found.secure) if found else None,
        auth=methods, auth_written=written, username=_username(section, slips),
    )  # fmt: skip


def _of(secure: bool) -> Security:
    return Security.TLS if secure else Security.NONE


def _by_host(section: Element, protocol: Protocol, slips: Slips) -> Entry:
    host, host_written = _host(section, slips)
    security, security_written = _security(section, slips)
    methods, written = _authentication(section, slips, over_http=False)
    return Entry(
        protocol, *at(section), host, host_written, _port(section, slips), security,
        security_written, methods, written, _username(section, slips),
        printable(section.get("type", ""), 40), _written_port(section), _bare(section),
        write_tls="<socketType>SSL</socketType>",
        write_starttls="<socketType>STARTTLS</socketType>",
    )  # fmt: skip


def _host(section: Element, slips: Slips) -> tuple[str | None, str]:
    part = first(section, "hostname")
    text = value(part, slips) if part is not None else ""
    if part is None or not text:
        slips.add("hostname-missing", at(section if part is None else part))
        return None, ""
    if PLACEHOLDER.search(text):
        return None, printable(text, 253)
    found = host_name(text)
    if found is None or printable(text, len(text)) != text:
        instead = "a name that the certificate is for" if _is_address(text) else ""
        slips.add("hostname-invalid", at(part), text=text, instead=instead)
        return None, printable(text, 253)
    return found, printable(text, 253)


def _is_address(text: str) -> bool:
    return re.fullmatch(r"[0-9.]+|[0-9a-fA-F:\[\]]*:[0-9a-fA-F:\[\]]*", text) is not None


def _port(section: Element, slips: Slips) -> int | None:
    part = first(section, "port")
    text = value(part, slips) if part is not None else ""
    if part is None or not text:
        slips.add("port-missing", at(section if part is None else part))
        return None
    if text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535:
        return int(text)
    slips.add("port-invalid", at(part), text=text)
    return None


def _written_port(section: Element) -> str:
    part = first(section, "port")
    return "" if part is None else printable((part.text or "").strip(), 40)


def _security(section: Element, slips: Slips) -> tuple[Security | None, str]:
    parts = list(children(section, "socketType"))
    if not parts:
        slips.add("socket-type-missing", at(section))
        return None, ""
    found, spelled = None, ""
    for part in parts:
        text = value(part, slips)
        known = words.SOCKET_TYPES.get(text.lower())
        if known is None:
            hint = "SSL for TLS from the first byte, STARTTLS for an upgrade"
            slips.add("socket-type-unknown", at(part), text=text, instead=hint)
        elif text not in _EXACT_SOCKETS:
            slips.add("socket-type-case", at(part), text=text, right=words.SOCKET_TYPE[known])
        if found is None:
            found, spelled = known, text
    if len(parts) > 1:
        slips.add("socket-type-twice", at(parts[1]))
    return found, printable(spelled, 40)


def _authentication(
    section: Element, slips: Slips, *, over_http: bool
) -> tuple[tuple[AuthMethod, ...], tuple[str, ...]]:
    parts = list(children(section, "authentication"))
    found: dict[AuthMethod, None] = {}
    written = []
    for part in parts:
        text = value(part, slips)
        written.append(printable(text, 40))
        found |= dict.fromkeys(_method(part, text, slips, over_http=over_http))
    if not parts:
        slips.add("authentication-missing", at(section))
    elif not found:
        slips.add("authentication-unusable", at(parts[0]))
    elif all(part.get("system", "").lower() == "sasl" for part in parts):
        slips.add("sasl-without-fallback", at(parts[0]))
    return tuple(found), tuple(written[:20])


def _bare(section: Element) -> tuple[str, ...]:
    """The ways to sign in that stand in elements without attributes."""
    parts = [part for part in children(section, "authentication") if not part.attrib]
    return tuple(printable((part.text or "").strip(), 40) for part in parts[:20])


def _method(part: Element, text: str, slips: Slips, *, over_http: bool) -> Iterator[AuthMethod]:
    system = part.get("system", "").lower()
    if system == "sasl":
        known = method_of(text)
        if known is None:
            slips.add("mechanism-unknown", at(part), text=text)
        else:
            yield known
        return
    known = words.METHODS.get(text.lower())
    if known is None:
        slips.add("authentication-unknown", at(part), text=text)
        return
    yield known
    better = _OLD_METHODS.get(text)
    if better is not None:
        slips.add("old-spelling", at(part), old=f"“{text}”", new=_written(better))
    elif text not in _METHODS | _HTTP_METHODS:
        right = words.METHOD[known]
        slips.add("authentication-case", at(part), text=text, instead=_written(right))
    elif text in _HTTP_METHODS and (not over_http or system != "http"):
        instead = _written(text) if over_http else _written(words.METHOD[known])
        slips.add("authentication-of-http", at(part), text=text, instead=instead)


def _written(method: str) -> str:
    system = ' system="http"' if method in _HTTP_METHODS else ""
    return f"<authentication{system}>{method}</authentication>"


def _username(section: Element, slips: Slips) -> str:
    part = first(section, "username")
    if part is None:
        return ""
    text = value(part, slips)
    if printable(text, len(text)) != text or any(one.isspace() and one != " " for one in text):
        slips.add("username-invisible", at(part))
    rest = text
    for placeholder in _FILLED:
        rest = rest.replace(placeholder, "")
    half = _HALF.search(rest)
    if half:
        right = f"%{half.group().strip('%').upper()}%"
        slips.add("placeholder-broken", at(part), text=half.group(), instead=right)
    elif PLACEHOLDER.search(rest):
        slips.add("placeholder-unknown", at(part), text=rest)
    return printable(text, 300)
