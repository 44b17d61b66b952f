"""clientConfig XML → ``ClientConfig``. A bad section is dropped with a remark, the rest stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from advisor.formats import _autoconfig_words as words
from advisor.formats._autoconfig_document import MAX_NAME, MAX_SHORT_NAME, ClientConfig, Part
from advisor.formats._autoconfig_parts import Keeper
from advisor.formats._web_address import web_address
from advisor.formats._xml import children, line_of, name, read, text_of, texts
from advisor.model.address import host_name
from advisor.model.auth import AuthMethod, OAuth2, Username, method_of
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Candidate, Problem
from advisor.model.text import printable

MAX_SECTIONS = 64
MAX_DOMAINS = 500
MAX_LINKS = 20
MAX_USERNAME = 254
MAX_DESCRIPTIONS = 100
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
    parents = [*providers, root]
    servers = _Servers(Keeper(root), domain, remarks)
    for section in _sections(parents, remarks):
        servers.add(section)
    documentation, descriptions = _documentation(first)
    return ClientConfig(
        id=_line(first.get("id", ""), 253),
        domains=tuple(_domains(first, domain, remarks)),
        name=_line(text_of(first, "displayName"), MAX_NAME),
        short_name=_line(text_of(first, "displayShortName"), MAX_SHORT_NAME),
        documentation=documentation,
        candidates=tuple(_with_oauth2(one, oauth2) for one in servers.candidates),
        remarks=tuple(remarks),
        oauth2=oauth2,
        mx_domains=tuple(_mx_domains(first)),
        descriptions=descriptions,
        details=tuple(servers.details),
        extras=(
            *servers.others,
            *(part for parent in parents for part in servers.keeper.extras(parent)),
        ),
    )


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


def _mx_domains(provider: Element) -> Iterator[str]:
    for part in children(provider, "domain"):
        found = host_name((part.text or "").strip()) if part.get("purpose") == "mx" else None
        if found is not None:
            yield found


def _documentation(
    provider: Element,
) -> tuple[tuple[str, ...], tuple[tuple[str, str, str], ...]]:
    """The addresses of the help pages, and what is said of them: (address, language, text)."""
    links: dict[str, None] = {}
    said: dict[tuple[str, str, str], None] = {}
    for part in children(provider, "documentation"):
        link = part.get("url", "").strip()
        if web_address(link) and (link in links or len(links) < MAX_LINKS):
            links[link] = None
            for description in children(part, "descr"):
                text = _line("".join(description.itertext()), 1000)
                language = _line(description.get("lang", ""), 20)
                said |= {(link, language, text): None} if text else {}
    return tuple(links), tuple(said)[:MAX_DESCRIPTIONS]


def _remark(message: str) -> tuple[Problem, str]:
    return Problem.BAD_DOCUMENT, message


def _sections(parents: Iterable[Element], remarks: list[tuple[Problem, str]]) -> Iterator[Element]:
    found = [part for parent in parents for part in children(parent, *words.SECTION_NAMES)]
    if len(found) > MAX_SECTIONS:
        remarks.append(_remark(f"only the first {MAX_SECTIONS} server sections were read"))
    yield from found[:MAX_SECTIONS]


class _Servers:
    """What comes of the server sections: *others* are those that are only handed on."""

    def __init__(self, keeper: Keeper, domain: str, remarks: list[tuple[Problem, str]]) -> None:
        self.candidates: list[Candidate] = []
        self.details: list[tuple[int, Part]] = []
        self.others: list[Part] = []
        self.keeper = keeper
        self._domain = domain
        self._remarks = remarks
        self._number = 0

    def add(self, section: Element) -> None:
        """One section: used, handed on, or dropped with a remark."""
        self._number += 1
        kind = section.get("type", "").strip()
        protocol = words.TYPES.get((name(section), kind.lower()))
        if protocol is None:  # §3.4.1: what is unknown is skipped, and no error
            self._hand_on(section)
            return
        try:
            self.candidates.append(_candidate(section, protocol, self._domain))
        except _UnusableError as error:
            where = printable(text_of(section, "hostname", "url", "serverURL"), 80)
            what = printable(f"{kind} server {where}".strip(), 120)
            place = f"section {self._number} ({what}, line {line_of(section)})"
            self._remarks.append(_remark(f"{place}: {error}"))
            if _DOMAIN in where:  # fine for those who know the domain
                self._hand_on(section)
        else:
            last = len(self.candidates) - 1
            self.details += [(last, part) for part in self.keeper.details(section)]

    def _hand_on(self, section: Element) -> None:
        part = self.keeper.section(section)
        if part is not None:
            self.others.append(part)


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
    at = f" (line {line_of(block)})"
    for part, url in urls.items():
        if url and not web_address(url, https_only=True):
            remarks.append(_remark(f"<oAuth2>{at}: its <{part}> is no https address"))
            return None
    if issuer and not _is_plain(issuer):
        remarks.append(_remark(f"<oAuth2>{at}: its <issuer> has control or invisible characters"))
        return None
    if issuer and not (host_name(issuer) or web_address(issuer, https_only=True)):
        remarks.append(_remark(f"<oAuth2>{at}: its <issuer> is no host name and no https address"))
        return None
    scopes = printable(" ".join(" ".join(texts(block, "scope")).split()), 2000).split()
    client = text_of(block, "clientID")
    client = client if _is_plain(client) and len(client) <= MAX_USERNAME else ""
    return OAuth2(issuer, urls["authURL"], urls["tokenURL"], tuple(scopes), client)


def _with_oauth2(candidate: Candidate, oauth2: OAuth2 | None) -> Candidate:
    return replace(candidate, oauth2=oauth2) if AuthMethod.OAUTH2 in candidate.auth else candidate
