"""clientConfig XML → ``ClientConfig``. A bad section is dropped with a remark, the rest stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from advisor.formats import _autoconfig_words as words
from advisor.formats._autoconfig_document import MAX_NAME, MAX_SHORT_NAME, ClientConfig
from advisor.formats._web_address import web_address
from advisor.formats._xml import children, name, read, text_of, texts
from advisor.model.address import host_name
from advisor.model.auth import AuthMethod, OAuth2, Username, method_of
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Candidate, Problem
from advisor.model.text import printable

MAX_SECTIONS = 64
MAX_DOMAINS = 500
MAX_LINKS = 20
MAX_USERNAME = 254
_DOMAIN = "%EMAILDOMAIN%"


class _UnusableError(ValueError):
    """A section that cannot be used; the message says what is wrong with it."""


def parse(document: bytes, *, domain: str = "") -> ClientConfig:
    """What *document* says.

    Placeholders stay in user names. In host names and web addresses only ``%EMAILDOMAIN%`` is
    filled in, with *domain*, and what comes of it is checked like any other; nothing of the
    local part ever gets into a host name (§3.8).

    Raises:
        FormatError: it is no autoconfig XML at all; a single bad section raises nothing.
    """
    root = read(document, "clientConfig", "autoconfig XML")
    providers = list(children(root, "emailProvider"))
    first = providers[0] if providers else Element("emailProvider")
    remarks: list[tuple[Problem, str]] = []
    oauth2 = _oauth2([root, *providers], remarks)
    sections = [part for parent in [*providers, root] for part in children(parent, *_SECTIONS)]
    candidates = list(_candidates(sections, domain, remarks))
    return ClientConfig(
        id=_line(first.get("id", ""), 253),
        domains=tuple(_domains(first, domain, remarks)),
        name=_line(text_of(first, "displayName"), MAX_NAME),
        short_name=_line(text_of(first, "displayShortName"), MAX_SHORT_NAME),
        documentation=tuple(_documentation(first)),
        candidates=tuple(_with_oauth2(one, oauth2) for one in candidates),
        remarks=tuple(remarks),
        oauth2=oauth2,
    )


_SECTIONS = words.SECTION_NAMES


def _line(text: str, limit: int) -> str:
    return printable(" ".join(text.split()), limit * 4)[:limit].rstrip()


def _domains(provider: Element, domain: str, remarks: list[tuple[Problem, str]]) -> Iterator[str]:
    seen = set()
    for text in texts(provider, "domain")[:MAX_DOMAINS]:
        found = host_name(text.replace(_DOMAIN, domain)) if _is_plain(text) else None
        if found is None:
            remarks.append(_remark(f"<domain> {printable(text, 80)} is no domain"))
        elif found not in seen:
            seen.add(found)
            yield found


def _documentation(provider: Element) -> list[str]:
    links = (part.get("url", "").strip() for part in children(provider, "documentation"))
    return [link for link in dict.fromkeys(links) if web_address(link)][:MAX_LINKS]


def _remark(message: str) -> tuple[Problem, str]:
    return Problem.BAD_DOCUMENT, message


def _candidates(
    sections: list[Element], domain: str, remarks: list[tuple[Problem, str]]
) -> Iterator[Candidate]:
    if len(sections) > MAX_SECTIONS:
        remarks.append(_remark(f"only the first {MAX_SECTIONS} server sections were read"))
    for number, section in enumerate(sections[:MAX_SECTIONS], 1):
        kind = section.get("type", "").strip()
        protocol = words.TYPES.get((name(section), kind.lower()))
        if protocol is None:
            continue  # §3.4.1: what is unknown is skipped, and no error
        try:
            yield _candidate(section, protocol, domain)
        except _UnusableError as error:
            where = printable(text_of(section, "hostname", "url", "serverURL"), 80)
            what = f"{kind} server {where}".strip()
            remarks.append(_remark(f"section {number} ({printable(what, 120)}): {error}"))


def _candidate(section: Element, protocol: Protocol, domain: str) -> Candidate:
    methods, mechanisms = _authentication(section)
    username = Username(_username(section))
    if protocol in words.BY_URL:
        endpoint, url = _by_url(section, protocol, domain)
        return Candidate(endpoint, username, methods, mechanisms, url=url)
    endpoint = Endpoint(protocol, _host(section, domain), _port(section), _security(section))
    return Candidate(endpoint, username, methods, mechanisms)


def _username(section: Element) -> str:
    """The user name as it stands there: one that had to be rewritten would be a wrong one."""
    text = text_of(section, "username")
    if not _is_plain(text):
        raise _UnusableError("its <username> has line breaks, control or invisible characters")
    if len(text) > MAX_USERNAME:
        raise _UnusableError(f"its <username> is longer than {MAX_USERNAME} characters")
    return text


def _is_plain(text: str) -> bool:
    """Is *text* the same on the screen as in the document? No blanks but spaces, nothing hidden."""
    return printable(text, len(text)) == text and not any(
        sign.isspace() for sign in text if sign != " "
    )


def _by_url(section: Element, protocol: Protocol, domain: str) -> tuple[Endpoint, str]:
    text = text_of(section, "url", "serverURL").replace(_DOMAIN, domain)
    found = web_address(text) if _is_plain(text) else None
    if found is None:
        raise _UnusableError("its <url> is missing, or no web address")
    security = Security.TLS if found.secure else Security.NONE
    return Endpoint(protocol, found.host, found.port, security), found.url


def _host(section: Element, domain: str) -> str:
    text = text_of(section, "hostname")
    found = host_name(text.replace(_DOMAIN, domain)) if _is_plain(text) else None
    if found is None:
        raise _UnusableError("its <hostname> is no host name" if text else "it has no <hostname>")
    return found


def _port(section: Element) -> int:
    text = text_of(section, "port")
    if text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535:
        return int(text)
    raise _UnusableError("its <port> is no port" if text else "it has no <port>")


def _security(section: Element) -> Security:
    """The first <socketType> that we know: several are alternatives in their order."""
    given = texts(section, "socketType")
    for text in given:
        if text.lower() in words.SOCKET_TYPES:
            return words.SOCKET_TYPES[text.lower()]
    if not given:
        raise _UnusableError("it has no <socketType>")
    raise _UnusableError(
        f"its <socketType> {printable(given[0], 20)} is not SSL, STARTTLS or plain"
    )


def _authentication(section: Element) -> tuple[tuple[AuthMethod, ...], tuple[str, ...]]:
    """Methods and SASL mechanisms in their order; empty where the section names none.

    A ``password-encrypted`` after a mechanism that it covers is only the fallback of that one
    for readers that do not know ``system="sasl"`` (§3.7.4).
    """
    methods: dict[AuthMethod, None] = {}
    mechanisms: dict[str, None] = {}
    elements = [part for part in children(section, "authentication") if (part.text or "").strip()]
    for element in elements:
        text = (element.text or "").strip()
        if element.get("system", "").lower() == "sasl":
            method = method_of(text)
            mechanisms |= {printable(text.upper(), 20): None} if method else {}
        else:
            method = words.METHODS.get(text.lower())
            if method is AuthMethod.CHALLENGE and AuthMethod.SCRAM in methods:
                continue
        methods |= {method: None} if method else {}
    if elements and not methods:
        raise _UnusableError("it offers no <authentication> that is known here")
    return tuple(methods), tuple(mechanisms)


def _oauth2(parents: Iterable[Element], remarks: list[tuple[Problem, str]]) -> OAuth2 | None:
    block = next((part for parent in parents for part in children(parent, "oAuth2")), None)
    if block is None:
        return None
    urls = {part: text_of(block, part) for part in ("authURL", "tokenURL")}
    issuer = text_of(block, "issuer")
    for part, url in urls.items():
        if url and not web_address(url, https_only=True):
            remarks.append(_remark(f"<oAuth2>: its <{part}> is no https address"))
            return None
    if issuer and not _is_plain(issuer):
        remarks.append(_remark("<oAuth2>: its <issuer> has control or invisible characters"))
        return None
    if issuer and not (host_name(issuer) or web_address(issuer, https_only=True)):
        remarks.append(_remark("<oAuth2>: its <issuer> is neither host name nor https address"))
        return None
    scopes = printable(" ".join(" ".join(texts(block, "scope")).split()), 2000).split()
    return OAuth2(issuer, urls["authURL"], urls["tokenURL"], tuple(scopes))


def _with_oauth2(candidate: Candidate, oauth2: OAuth2 | None) -> Candidate:
    return replace(candidate, oauth2=oauth2) if AuthMethod.OAUTH2 in candidate.auth else candidate
