"""PACC: the settings of a domain as JSON, and the record in DNS that holds its digest.

The format knows implicit TLS on the standard ports only, one server of each protocol, the full
address as user name, and the same ways to sign in everywhere. ManageSieve is skipped, because no
port with implicit TLS is registered for it; so are WebDAV, logos and contacts.

The text of revisions 03 and 04 could not be read: their differences to 02 (``submit`` for
``smtp``, the optional ``info``) are taken from programs that implement them.

See: draft-ietf-mailmaint-pacc-02.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from advisor.errors import ExportError
from advisor.formats import _json
from advisor.formats._web_address import web_address
from advisor.model.address import host_name
from advisor.model.auth import ADDRESS, AuthMethod, OAuth2, UsernameForm
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Candidate, Problem
from advisor.model.text import printable

MAX_NAME = 60
MAX_SHORT_NAME = 20

# By host, with the port that the format leaves out; ``smtp`` is what revision 02 calls ``submit``.
_BY_HOST = {
    "imap": (Protocol.IMAP, 993),
    "pop3": (Protocol.POP3, 995),
    "submit": (Protocol.SMTP, 465),
    "smtp": (Protocol.SMTP, 465),
}
_BY_URL = {
    "jmap": Protocol.JMAP,
    "caldav": Protocol.CALDAV,
    "carddav": Protocol.CARDDAV,
}
_NAMES = {protocol: name for name, protocol in _BY_URL.items()} | {
    Protocol.IMAP: "imap",
    Protocol.POP3: "pop3",
    Protocol.SMTP: "submit",
}
_ISSUER = "oauth-public"
# Bytes of a SHA-256 digest.
_DIGEST = 32

# What a text record with a digest is made of: tags that are letters and digits, values without ";".
_TAG = re.compile(r"[ \t]*([A-Za-z0-9]+)[ \t]*=[ \t]*([\x21-\x3a\x3c-\x7e]*)[ \t]*")


@dataclass(frozen=True, slots=True)
class Configuration:
    """A PACC document; *documentation* is the web address of the provider's help page, or None.

    *remarks* are the parts that could not be used, each with what is wrong with it.
    """

    name: str = ""
    short_name: str = ""
    documentation: str | None = None
    candidates: tuple[Candidate, ...] = ()
    remarks: tuple[tuple[Problem, str], ...] = ()


def address(domain: str) -> str:
    """Where *domain* publishes its document."""
    return f"https://ua-auto-config.{domain}/.well-known/user-agent-configuration.json"


def owner(domain: str) -> str:
    """The name in DNS where *domain* publishes the digest of its document."""
    return f"_ua-auto-config.{domain}"


def record(document: bytes) -> str:
    """The text record that vouches for *document*, to its last byte."""
    digest = base64.b64encode(_sha256(document)).decode("ascii")
    return f"v=UAAC1; a=sha256; d={digest}"


def digests(records: Iterable[str]) -> frozenset[bytes]:
    """The SHA-256 digests in text records; what is no such record is passed over.

    Several may stand side by side while a document changes.
    """
    return frozenset(found for text in records if (found := _digest(text)) is not None)


def matches(document: bytes, records: Iterable[str]) -> bool:
    """Does one of the text records vouch for *document*?"""
    return _sha256(document) in digests(records)


def _sha256(document: bytes) -> bytes:
    # Loads OpenSSL, which who only wants the address of the document should not wait for.
    import hashlib

    return hashlib.sha256(document).digest()


def _digest(text: str) -> bytes | None:
    tags: dict[str, str] = {}
    parts = text.rstrip(" \t").removesuffix(";").split(";")
    for part in parts:
        found = _TAG.fullmatch(part)
        if found is None or found[1].lower() in tags:
            return None
        tags[found[1].lower()] = found[2]
    if tags.get("v", "").upper() != "UAAC1" or tags.get("a", "").lower() != "sha256":
        return None
    try:
        digest = base64.b64decode(tags.get("d", ""), validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest if len(digest) == _DIGEST else None


def parse(document: bytes) -> Configuration:
    """What *document* says; unknown members are ignored, bad ones dropped with a remark.

    Raises:
        FormatError: it is no JSON, or has no ``protocols``.
    """
    root = _json.read(document, "PACC JSON")
    if not isinstance(root.get("protocols"), dict):
        raise _json.bad("the document has no “protocols”: it is not PACC JSON")
    remarks: list[tuple[Problem, str]] = []
    methods, oauth2 = _authentication(root.get("authentication"), remarks)
    candidates = tuple(
        Candidate(endpoint, ADDRESS, methods, oauth2=oauth2, url=url)
        for endpoint, url in _servers(root["protocols"], remarks)
    )
    info = _object(root.get("info"))
    provider = _object(info.get("provider"))
    documentation = _object(info.get("help")).get("documentation")
    return Configuration(
        _line(provider.get("name"), MAX_NAME),
        _line(provider.get("shortName"), MAX_SHORT_NAME),
        documentation if _is_web(documentation) else None,
        candidates,
        tuple(remarks),
    )


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _line(value: object, limit: int) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return printable(text, limit * 4)[:limit].rstrip()


def _is_web(value: object, *, https_only: bool = False) -> bool:
    return isinstance(value, str) and web_address(value, https_only=https_only) is not None


def _servers(
    protocols: Mapping[str, Any], remarks: list[tuple[Problem, str]]
) -> Iterator[tuple[Endpoint, str | None]]:
    seen = set()
    for name, (protocol, port) in _BY_HOST.items():
        if name not in protocols:
            continue
        text = _object(protocols[name]).get("host")
        host = host_name(text) if isinstance(text, str) else None
        if host is None:
            remarks.append(_remark(f"“{name}” has no host name in its “host”"))
        elif (endpoint := Endpoint(protocol, host, port, Security.TLS)) not in seen:
            seen.add(endpoint)
            yield endpoint, None
    for name, protocol in _BY_URL.items():
        if name not in protocols:
            continue
        text = _object(protocols[name]).get("url")
        found = web_address(text, https_only=True) if isinstance(text, str) else None
        if found is None:
            remarks.append(_remark(f"“{name}” has no https address in its “url”"))
        else:
            yield Endpoint(protocol, found.host, found.port, Security.TLS), found.url


def _authentication(
    value: object, remarks: list[tuple[Problem, str]]
) -> tuple[tuple[AuthMethod, ...], OAuth2 | None]:
    """The ways to sign in, for all protocols; empty where nothing is said."""
    said = _object(value)
    methods: list[AuthMethod] = []
    oauth2 = None
    if _ISSUER in said:
        issuer = _object(said[_ISSUER]).get("issuer")
        if _is_web(issuer, https_only=True) and not set("?#") & set(str(issuer)):
            methods.append(AuthMethod.OAUTH2)
            oauth2 = OAuth2(str(issuer))
        else:
            remarks.append(_remark(f"“{_ISSUER}” has no https address in its “issuer”"))
    if said.get("password") is True:
        methods.append(AuthMethod.PASSWORD)
    return tuple(methods), oauth2


def _remark(message: str) -> tuple[Problem, str]:
    return Problem.BAD_DOCUMENT, message


def render(configuration: Configuration) -> bytes:
    """*configuration* as a document of revision 03, always the same bytes; see ``record``.

    *remarks* are not written.

    Raises:
        ExportError: it needs something that the format cannot say; the message names it.
    """
    protocols: dict[str, dict[str, str]] = {}
    for candidate in configuration.candidates:
        name = _name(candidate)
        if name in protocols:
            raise ExportError(f"PACC has room for one {name} server only")
        url = candidate.url
        protocols[name] = {"host": candidate.endpoint.host} if url is None else {"url": url}
    document: dict[str, Any] = {"protocols": protocols}
    if said := _sign_in(configuration.candidates):
        document["authentication"] = said
    provider = {"name": configuration.name, "shortName": configuration.short_name}
    info = {"provider": {key: text for key, text in provider.items() if text}}
    if configuration.documentation:
        info["help"] = {"documentation": configuration.documentation}
    document["info"] = info
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def _name(candidate: Candidate) -> str:
    """What the format calls the protocol of *candidate*, which it must be able to say."""
    endpoint = candidate.endpoint
    name = _NAMES.get(endpoint.protocol)
    if name is None:
        raise ExportError(f"PACC has no word for {endpoint.protocol}")
    if candidate.url is None and name in _BY_URL:
        raise ExportError(f"PACC needs the web address of {endpoint}")
    if endpoint.security is not Security.TLS:
        raise ExportError(f"PACC cannot say STARTTLS or no encryption, which {endpoint} needs")
    port = _BY_HOST[name][1] if name in _BY_HOST else 443
    if endpoint.port != port:
        raise ExportError(f"PACC cannot say the port of {endpoint}; it knows {port} only")
    if candidate.username.form not in (UsernameForm.ADDRESS, UsernameForm.UNKNOWN):
        raise ExportError(f"PACC cannot say the user name of {endpoint}, which is not the address")
    return name


def _sign_in(candidates: Iterable[Candidate]) -> dict[str, Any]:
    said = {(frozenset(one.auth), one.oauth2 and one.oauth2.issuer) for one in candidates}
    if len(said) > 1:
        raise ExportError("PACC has one way to sign in for all servers, and they differ")
    methods, issuer = next(iter(said), (frozenset[AuthMethod](), None))
    if not methods:
        return {}
    if unknown := sorted(methods - {AuthMethod.PASSWORD, AuthMethod.OAUTH2}):
        raise ExportError(f"PACC has no word for signing in with {', '.join(unknown)}")
    found: dict[str, Any] = {"password": AuthMethod.PASSWORD in methods}
    if AuthMethod.OAUTH2 in methods:
        if not _is_web(issuer, https_only=True):
            raise ExportError("PACC needs the https address of the OAuth2 issuer")
        found[_ISSUER] = {"issuer": issuer}
    return found
