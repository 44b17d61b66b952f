"""The vocabulary of autoconfig, in both directions: lenient in, strict out."""

from __future__ import annotations

from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security

# draft-ietf-mailmaint-autoconfig-06 §3.5 and §3.7.3; types are compared in lower case.
TYPES = {
    ("incomingServer", "imap"): Protocol.IMAP,
    ("incomingServer", "pop3"): Protocol.POP3,
    ("incomingServer", "jmap"): Protocol.JMAP,
    ("incomingServer", "ews"): Protocol.EWS,
    ("incomingServer", "activesync"): Protocol.ACTIVESYNC,
    ("outgoingServer", "smtp"): Protocol.SMTP,
    ("calendar", "caldav"): Protocol.CALDAV,
    ("addressbook", "carddav"): Protocol.CARDDAV,
    ("addressBook", "carddav"): Protocol.CARDDAV,  # drafts of 2023 and 2024
    ("setupServer", "managesieve"): Protocol.MANAGESIEVE,
}
# How sections are written, in this order: IMAP first, because some readers take the first.
SECTIONS = {
    Protocol.IMAP: ("incomingServer", "imap"),
    Protocol.POP3: ("incomingServer", "pop3"),
    Protocol.JMAP: ("incomingServer", "jmap"),
    Protocol.EWS: ("incomingServer", "ews"),
    Protocol.ACTIVESYNC: ("incomingServer", "activeSync"),
    Protocol.SMTP: ("outgoingServer", "smtp"),
    Protocol.CALDAV: ("calendar", "caldav"),
    Protocol.CARDDAV: ("addressbook", "carddav"),
    Protocol.MANAGESIEVE: ("setupServer", "managesieve"),
}
PROVIDER_SECTIONS = ("incomingServer", "outgoingServer")
# Every element that holds a server, also those of which no type is used here (§3.4).
SECTION_NAMES = frozenset({
    *(section for section, _ in TYPES), "fileShare", "chatServer", "videoConference",
})  # fmt: skip
# The other elements of the draft's grammar: what has one of these names must fit it.
GRAMMAR = frozenset({
    "clientConfig", "emailProvider", "domain", "displayName", "displayShortName", "documentation",
    "descr", "url", "hostname", "port", "socketType", "authentication", "username", "oAuth2",
    "authURL", "tokenURL", "issuer", "scope", "clientID", "clientSecret", "clientConfigUpdate",
})  # fmt: skip
BY_URL = (
    Protocol.JMAP,
    Protocol.EWS,
    Protocol.ACTIVESYNC,
    Protocol.CALDAV,
    Protocol.CARDDAV,
)

SOCKET_TYPES = {"ssl": Security.TLS, "starttls": Security.STARTTLS, "plain": Security.NONE}
SOCKET_TYPE = {Security.TLS: "SSL", Security.STARTTLS: "STARTTLS", Security.NONE: "plain"}

# §3.7.4 and §3.6.2, and the spellings of 1.0 and of earlier drafts.
METHODS = {
    "password-cleartext": AuthMethod.PASSWORD,
    "plain": AuthMethod.PASSWORD,
    "basic": AuthMethod.PASSWORD,
    "http-basic": AuthMethod.PASSWORD,
    "password-encrypted": AuthMethod.CHALLENGE,
    "secure": AuthMethod.CHALLENGE,
    "digest": AuthMethod.CHALLENGE,
    "http-digest": AuthMethod.CHALLENGE,
    "ntlm": AuthMethod.NTLM,
    "gssapi": AuthMethod.GSSAPI,
    "oauth2": AuthMethod.OAUTH2,
    "oauth": AuthMethod.OAUTH2,
    "tls-client-cert": AuthMethod.EXTERNAL,
    "client-ip-address": AuthMethod.NONE,
    "none": AuthMethod.NONE,
}
METHOD = {
    AuthMethod.PASSWORD: "password-cleartext",
    AuthMethod.CHALLENGE: "password-encrypted",
    AuthMethod.SCRAM: "password-encrypted",
    AuthMethod.NTLM: "NTLM",
    AuthMethod.GSSAPI: "GSSAPI",
    AuthMethod.OAUTH2: "OAuth2",
    AuthMethod.EXTERNAL: "TLS-client-cert",
    AuthMethod.NONE: "none",
}
# §3.6.2: what web servers ask for has names of its own.
HTTP_METHOD = {AuthMethod.PASSWORD: "Basic", AuthMethod.CHALLENGE: "Digest"}


def written_section(name: str) -> str:
    """The spelling of the draft for the element *name*."""
    return "addressbook" if name == "addressBook" else name
