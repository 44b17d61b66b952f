"""E-mail addresses and mail domains.

Domains are A-labels inside (RFC 5890 §2.3.2.1) and U-labels on screen. The local part is kept
exactly as typed: nobody but the receiving host may interpret it (RFC 5321 §2.3.11).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from advisor.errors import InvalidAddress
from advisor.model.text import printable

MAX_DOMAIN = 253
MAX_LABEL = 63
MAX_LOCAL_PART = 64
MAX_ADDRESS = 254

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?", re.ASCII)
_ATEXT = r"[^\x00-\x20\x7f\"(),.:;<>@\[\]\\]+"
_DOT_ATOM = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*")
_QUOTED = re.compile(r'"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"')
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Domain:
    """A mail domain: *ascii* in A-labels, *unicode* in U-labels."""

    ascii: str
    unicode: str

    def __str__(self) -> str:
        return self.ascii


@dataclass(frozen=True, slots=True)
class Subject:
    """What advice is asked for: a domain, and the address in it where one was given."""

    domain: Domain
    local_part: str | None = None

    @property
    def address(self) -> str | None:
        """The full address with an A-label domain, or None where only a domain is known."""
        return None if self.local_part is None else f"{self.local_part}@{self.domain.ascii}"

    @property
    def shown(self) -> str:
        """Address or domain for people, in U-labels."""
        if self.local_part is None:
            return self.domain.unicode
        return printable(f"{self.local_part}@{self.domain.unicode}")


def host_name(text: str) -> str | None:
    """*text* as a host name in lower-case A-labels without a final dot, or None if it is none.

    Addresses such as ``192.0.2.1``, empty labels and single labels are no host names here.
    """
    name = text.removesuffix(".")
    if not name.isascii():
        try:
            import idna

            name = idna.encode(name, uts46=True, std3_rules=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    name = name.lower()
    if not 0 < len(name) <= MAX_DOMAIN or _IPV4.fullmatch(name):
        return None
    labels = name.split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        return None
    if all(len(label) <= MAX_LABEL and _LABEL.fullmatch(label) for label in labels):
        return name
    return None


def server_name(text: str) -> str | None:
    """*text* as what a server can be reached by, or None if it is none.

    That is a host name, ``localhost``, or an IP address, which may stand in brackets.
    """
    import ipaddress

    if text.lower() == "localhost":
        return "localhost"
    address = re.fullmatch(r"\[?([0-9a-fA-F:.]+)\]?", text)
    try:
        return str(ipaddress.ip_address(address[1])) if address else host_name(text)
    except ValueError:
        return host_name(text)


def domain(text: str) -> Domain:
    """The mail domain written as *text*, in A-labels or U-labels.

    Raises:
        InvalidAddress: not a domain, an IP address, a wildcard, a single label, or too long.

    See: RFC 1035 §2.3.4 (lengths), RFC 5891 §5 (IDNA).
    """
    shown = printable(text, 80)
    name = text.strip().rstrip(".")
    if not name:
        raise InvalidAddress("the domain is empty: give an address such as alice@example.org")
    if name.startswith("[") or _IPV4.fullmatch(name) or ":" in name:
        raise InvalidAddress(
            f"{shown} is an IP address, and settings are published for domains: "
            "give an address such as alice@example.org"
        )
    if "*" in name:
        raise InvalidAddress(f"{shown} is a wildcard, not a domain: give the domain itself")
    if len(name) > 4 * MAX_DOMAIN:
        raise InvalidAddress(f"{shown} is longer than a domain can be ({MAX_DOMAIN} characters)")
    ascii_name = _to_a_labels(name, shown)
    if len(ascii_name) > MAX_DOMAIN:
        raise InvalidAddress(f"{shown} is longer than a domain can be ({MAX_DOMAIN} characters)")
    labels = ascii_name.split(".")
    for label in labels:
        if not label:
            raise InvalidAddress(f"{shown} has an empty label: two dots in a row, or one in front")
        if len(label) > MAX_LABEL:
            raise InvalidAddress(f"{shown} has a label of more than {MAX_LABEL} characters")
        if not _LABEL.fullmatch(label) or "_" in label:
            raise InvalidAddress(f"{shown} is not a domain: “{printable(label)}” is no valid label")
    if len(labels) < 2:
        raise InvalidAddress(
            f"{shown} is a single word, not a mail domain: give it in full, such as example.org"
        )
    if labels[-1].isdigit():
        raise InvalidAddress(f"{shown} is not a domain: a top-level domain is never a number")
    return Domain(ascii_name, _to_u_labels(ascii_name))


def _to_a_labels(name: str, shown: str) -> str:
    if name.isascii() and "xn--" not in name.lower():
        return name.lower()
    import idna

    try:
        return idna.encode(name, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise InvalidAddress(
            f"{shown} is not a valid internationalised domain: {printable(str(error))}"
        ) from None


def _to_u_labels(name: str) -> str:
    if "xn--" not in name:
        return name
    import idna

    try:
        return printable(idna.decode(name))
    except (idna.IDNAError, UnicodeError):
        return name


def subject(text: str) -> Subject:
    """The address or bare domain written as *text*; an address is split at its last ``@``.

    Raises:
        InvalidAddress: the local part or the domain cannot be one; the message says why.

    See: RFC 5321 §4.1.2 (syntax) and §4.5.3.1 (lengths), RFC 6531 §3.3 (UTF-8 local parts).
    """
    text = text.strip()
    if "@" not in text:
        return Subject(domain(text))
    local_part, _, domain_text = text.rpartition("@")
    shown = printable(text, 80)
    if not local_part:
        raise InvalidAddress(
            f"{shown} has nothing before the @: give it in full, or the domain alone"
        )
    if len(local_part.encode("utf-8", "surrogatepass")) > MAX_LOCAL_PART:
        raise InvalidAddress(f"{shown}: before the @ stand more than {MAX_LOCAL_PART} octets")
    if (
        not (_DOT_ATOM.fullmatch(local_part) or _QUOTED.fullmatch(local_part))
        or printable(local_part) != local_part
    ):
        raise InvalidAddress(
            f"{shown} is not an e-mail address: “{printable(local_part, 70)}” "
            "cannot stand before the @"
        )
    found = Subject(domain(domain_text), local_part)
    if len((found.address or "").encode("utf-8")) > MAX_ADDRESS:
        raise InvalidAddress(f"{shown} is longer than an address can be ({MAX_ADDRESS} octets)")
    return found


def is_within(host: str, parent: str) -> bool:
    """Is *host* equal to *parent* or below it? Both in A-labels."""
    return host == parent or host.endswith("." + parent)
