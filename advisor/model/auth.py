"""Sign-in: what the user must have, what goes over the wire, and the form of the user name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class AuthMethod(StrEnum):
    """What the user must have to sign in."""

    PASSWORD = "password"
    CHALLENGE = "challenge"
    SCRAM = "scram"
    NTLM = "ntlm"
    GSSAPI = "gssapi"
    OAUTH2 = "oauth2"
    EXTERNAL = "external"
    NONE = "none"


# SASL mechanism names (IANA registry "SASL Mechanisms"); XOAUTH2 and LOGIN are not registered.
_MECHANISMS = {
    "PLAIN": AuthMethod.PASSWORD,
    "LOGIN": AuthMethod.PASSWORD,
    "USER": AuthMethod.PASSWORD,
    "CRAM-MD5": AuthMethod.CHALLENGE,
    "DIGEST-MD5": AuthMethod.CHALLENGE,
    "APOP": AuthMethod.CHALLENGE,
    "NTLM": AuthMethod.NTLM,
    "GSSAPI": AuthMethod.GSSAPI,
    "GSS-SPNEGO": AuthMethod.GSSAPI,
    "XOAUTH2": AuthMethod.OAUTH2,
    "OAUTHBEARER": AuthMethod.OAUTH2,
    "EXTERNAL": AuthMethod.EXTERNAL,
    "ANONYMOUS": AuthMethod.NONE,
    # IANA registry "HTTP Authentication Schemes".
    "BASIC": AuthMethod.PASSWORD,
    "DIGEST": AuthMethod.CHALLENGE,
    "BEARER": AuthMethod.OAUTH2,
    "DPOP": AuthMethod.OAUTH2,
    "NEGOTIATE": AuthMethod.GSSAPI,
}


def method_of(mechanism: str) -> AuthMethod | None:
    """The method that SASL *mechanism* belongs to, or None for one we do not know."""
    name = mechanism.upper()
    return AuthMethod.SCRAM if name.startswith("SCRAM-") else _MECHANISMS.get(name)


def methods_of(mechanisms: tuple[str, ...]) -> tuple[AuthMethod, ...]:
    """The methods behind *mechanisms*, each once, in their order."""
    found = (method_of(name) for name in mechanisms)
    return tuple(dict.fromkeys(method for method in found if method is not None))


_PLACEHOLDER = re.compile("%EMAIL(ADDRESS|LOCALPART|DOMAIN)%")


class UsernameForm(StrEnum):
    """Which part of the address a server wants as user name."""

    ADDRESS = "address"
    LOCALPART = "localpart"
    DOMAIN_LOCALPART = "domain\\localpart"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OAuth2:
    """Where a client gets its token: RFC 8414 issuer or a bare issuer host, and the end points.

    *client_id* is the one that the provider gives to every client; there is never a secret.
    """

    issuer: str
    auth_url: str = ""
    token_url: str = ""
    scopes: tuple[str, ...] = ()
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class Username:
    """A user name as a source gives it: *template* with the placeholders of autoconfig.

    ``%EMAILADDRESS%``, ``%EMAILLOCALPART%`` and ``%EMAILDOMAIN%`` stand for the parts of the
    user's own address; an empty template means that nobody said.
    """

    template: str = ""

    @property
    def form(self) -> UsernameForm:
        """The form this template stands for."""
        match self.template:
            case "":
                return UsernameForm.UNKNOWN
            case "%EMAILADDRESS%" | "%EMAILLOCALPART%@%EMAILDOMAIN%":
                return UsernameForm.ADDRESS
            case "%EMAILLOCALPART%":
                return UsernameForm.LOCALPART
            case "%EMAILDOMAIN%\\%EMAILLOCALPART%":
                return UsernameForm.DOMAIN_LOCALPART
        return UsernameForm.OTHER

    def fill(self, local_part: str | None, domain: str) -> str:
        """The user name itself, or the template as it is where no local part is known."""
        if local_part is None:
            return self.template
        values = {"ADDRESS": f"{local_part}@{domain}", "LOCALPART": local_part, "DOMAIN": domain}
        return _PLACEHOLDER.sub(lambda found: values[found[1]], self.template)


ADDRESS = Username("%EMAILADDRESS%")
LOCALPART = Username("%EMAILLOCALPART%")
