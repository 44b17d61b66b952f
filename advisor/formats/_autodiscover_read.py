"""Autodiscover XML → ``Settings``. A bad section is dropped with a remark, the rest stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from advisor.errors import InvalidAddress
from advisor.formats import _autodiscover_words as words
from advisor.formats._autodiscover_document import Refusal, Settings
from advisor.formats._web_address import web_address
from advisor.formats._xml import children, read, text_of
from advisor.model.address import host_name, subject
from advisor.model.auth import ADDRESS, LOCALPART, AuthMethod, Username
from advisor.model.endpoint import INCOMING, Endpoint, Protocol, Security
from advisor.model.evidence import Candidate, Problem
from advisor.model.text import is_plain, printable

MAX_SECTIONS = 64
MAX_USERNAME = 254

_Remarks = list[tuple[Problem, str]]


class _UnusableError(ValueError):
    """A section that cannot be used; the message says what is wrong with it."""


def parse(document: bytes, *, address: str = "") -> Settings:
    """What *document*, the answer for *address* (where that is known), says.

    Where a user name repeats *address* or its local part, it is given with the placeholders of
    autoconfig. A ``LoginName`` that is missing would be the local part by the format, and is the
    address in practice: it is left open. So is the sign-in where ``SPA`` is missing.

    Raises:
        FormatError: it is no Autodiscover XML at all; a single bad section raises nothing.
    """
    root = read(document, "Autodiscover", "Autodiscover XML")
    response = next(children(root, "Response"), None)
    remarks: _Remarks = []
    if response is None:
        return Settings(remarks=((Problem.BAD_DOCUMENT, "it has no <Response>"),))
    account = next(children(response, "Account", "Action"), None)
    error = _error(response) or (None if account is None else _error(account))
    if error is not None:
        return Settings(error=error)
    if account is None:
        return Settings(remarks=((Problem.BAD_DOCUMENT, "it has no <Account>"),))
    url, elsewhere = _redirect(account, remarks)
    if url or elsewhere:
        return Settings(redirect_url=url, redirect_address=elsewhere)
    candidates = tuple(_unique(_candidates(account, address, remarks)))
    user = next(children(response, "User"), None)
    shown = "" if user is None else " ".join(text_of(user, "DisplayName").split())
    return Settings(candidates, printable(shown, 100), remarks=tuple(remarks))


def _error(parent: Element) -> Refusal | None:
    found = next(children(parent, "Error"), None)
    if found is None:
        return None
    code = text_of(found, "ErrorCode", "Status")
    number = int(code) if re.fullmatch("[0-9]{1,5}", code) else 0
    return Refusal(number, printable(" ".join(text_of(found, "Message").split()), 120))


def _redirect(account: Element, remarks: _Remarks) -> tuple[str, str]:
    """URL or address to ask instead; ("", "") where the answer is here, or nowhere."""
    url = text_of(account, "RedirectUrl")
    address = text_of(account, "RedirectAddr", "Redirect")
    action = text_of(account, "Action").lower()
    has_settings = action == "settings" or any(children(account, "Protocol", "Settings"))
    if has_settings and not action.startswith("redirect"):
        return "", ""
    if url and action != "redirectaddr":
        if web_address(url, https_only=True):
            return url, ""
        remarks.append(_bad(f"it redirects to {printable(url, 80)}, which is no https address"))
    elif address:
        if _is_address(address):
            return "", address
        remarks.append(_bad(f"it redirects to {printable(address, 80)}, which is no address"))
    elif action.startswith("redirect"):
        remarks.append(_bad("it redirects without saying where to"))
    return "", ""


def _is_address(text: str) -> bool:
    try:
        return subject(text).local_part is not None
    except InvalidAddress:
        return False


def _bad(message: str) -> tuple[Problem, str]:
    return Problem.BAD_DOCUMENT, message


def _candidates(account: Element, address: str, remarks: _Remarks) -> Iterator[Candidate]:
    sections = [*children(account, "Protocol"), *_servers(account)]
    if len(sections) > MAX_SECTIONS:
        remarks.append(_bad(f"only the first {MAX_SECTIONS} sections were read"))
    incoming = Username()
    for number, section in enumerate(sections[:MAX_SECTIONS], 1):
        kind = text_of(section, "Type") or section.get("Type", "")
        try:
            found = _section(section, kind, address, remarks)
        except _UnusableError as error:
            where = printable(f"{kind} {text_of(section, 'Server')}".strip(), 120)
            remarks.append(_bad(f"section {number} ({where}): {error}"))
            continue
        if found is None:
            continue
        if found.endpoint.protocol in INCOMING and not incoming.template:
            incoming = found.username
        shares = found.endpoint.protocol is Protocol.SMTP and _switch(section, "UsePOPAuth")
        if shares and not found.username.template:
            found = replace(found, username=incoming)
        yield found


def _servers(account: Element) -> Iterator[Element]:
    """The sections of an ActiveSync answer."""
    for settings in children(account, "Settings"):
        yield from children(settings, "Server")


def _section(section: Element, kind: str, address: str, remarks: _Remarks) -> Candidate | None:
    """The server of one section; None for a service that is none of ours."""
    wanted = kind.upper()
    if wanted in words.MAIL:
        return _mail(section, words.MAIL[wanted], address, remarks)
    if wanted in words.EXCHANGE:
        url = text_of(section, "EwsUrl", "ASUrl")
        return _by_url(Protocol.EWS, url) if url else None
    if wanted == "MOBILESYNC":
        return _by_url(Protocol.ACTIVESYNC, text_of(section, "Url", "Server"))
    if wanted in words.BY_URL:
        return _by_url(words.BY_URL[wanted], text_of(section, "Server"))
    if not kind:
        raise _UnusableError("it has no <Type>")
    return None


def _by_url(protocol: Protocol, text: str) -> Candidate:
    found = web_address(text)
    if found is None:
        raise _UnusableError("its address is missing, or no web address")
    security = Security.TLS if found.secure else Security.NONE
    return Candidate(Endpoint(protocol, found.host, found.port, security), url=found.url)


def _mail(section: Element, protocol: Protocol, address: str, remarks: _Remarks) -> Candidate:
    host = host_name(text_of(section, "Server"))
    if host is None:
        raise _UnusableError("its <Server> is missing, or no host name")
    way = words.way(
        protocol, _port(section), _written(section, "SSL"), _written(section, "Encryption")
    )
    if way.security is None:
        raise _UnusableError(f"it {way.doubt}")
    at = Endpoint(protocol, host, way.port, way.security)
    username = Username(_username(section, address))
    auth = _auth(section, protocol)
    doubts = [way.doubt, *_doubts(section)]
    remarks += [(Problem.DOUBTFUL, f"{_server(at)} {one}") for one in doubts if one]
    return Candidate(at, username, auth)


def _server(at: Endpoint) -> str:
    """An endpoint as it is named in remarks."""
    return f"{words.TYPES[at.protocol]} {at.host}"


def _written(section: Element, element: str) -> str | None:
    """What stands in *element*, "" where it is empty, None where it is not there."""
    found = next(children(section, element), None)
    return None if found is None else "".join(found.itertext()).strip()


def _switch(section: Element, element: str) -> bool | None:
    """on or off; None for anything else."""
    return {"on": True, "off": False}.get(text_of(section, element).lower())


def _doubts(section: Element) -> Iterator[str]:
    if _switch(section, "SPA") is None:
        said = _written(section, "SPA")
        shown = "nothing of SPA" if said is None else f"SPA “{printable(said, 20)}”"
        yield f"says {shown}, so that some programs insist on Windows sign-in"
    if _switch(section, "SMTPLast"):
        yield "says SMTPLast: mail has to be fetched before any can be sent"


def _port(section: Element) -> int | None:
    text = text_of(section, "Port")
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535:
        return int(text)
    raise _UnusableError("its <Port> is no port")


def _auth(section: Element, protocol: Protocol) -> tuple[AuthMethod, ...]:
    if protocol is Protocol.SMTP and _switch(section, "AuthRequired") is False:
        return (AuthMethod.NONE,)
    spa = _switch(section, "SPA")
    return () if spa is None else (AuthMethod.NTLM if spa else AuthMethod.PASSWORD,)


def _username(section: Element, address: str) -> str:
    """The user name with placeholders, or "" where it is left open."""
    text, name_of_domain = text_of(section, "LoginName"), text_of(section, "DomainName")
    if not is_plain(text) or not is_plain(name_of_domain):
        raise _UnusableError("its user name has line breaks, control or invisible characters")
    if len(text) + len(name_of_domain) > MAX_USERNAME:
        raise _UnusableError(f"its user name is longer than {MAX_USERNAME} characters")
    template = _template(text, address)
    if not _switch(section, "DomainRequired") or "@" in text or "\\" in text:
        return template
    if template in ("", LOCALPART.template) and not name_of_domain:
        return ADDRESS.template
    if not name_of_domain:
        return template
    return f"{_domain(name_of_domain, address)}\\{template or LOCALPART.template}"


def _template(text: str, address: str) -> str:
    """*text* with placeholders for *address*, its local part, and its domain before a ``\\``."""
    parts = (address, address.rpartition("@")[0])
    known = "|".join(re.escape(part) for part in parts if part)
    if known:
        text = re.sub(
            rf"(?<![a-z0-9])(?:{known})(?![a-z0-9])",
            lambda found: ADDRESS.template if "@" in found[0] else LOCALPART.template,
            text,
            flags=re.IGNORECASE,
        )
    domain, slash, user = text.partition("\\")
    return f"{_domain(domain, address)}\\{user}" if slash else text


def _domain(text: str, address: str) -> str:
    own = address.rpartition("@")[2].lower()
    return "%EMAILDOMAIN%" if own and text.lower() == own else text


def _unique(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Each server once: Exchange names the same address in several sections."""
    seen = set()
    for one in candidates:
        if (one.endpoint, one.url) not in seen:
            seen.add((one.endpoint, one.url))
            yield one
