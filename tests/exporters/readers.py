"""Reads exported documents back: what each says of the way in and the way out."""

from __future__ import annotations

import configparser
import json
import plistlib
import re
import shlex
import tomllib
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import yaml

from advisor.formats.autoconfig import parse

# Protocol, host, port, security, user name.
Way = tuple[str, str, int, str, str]
Reader = Callable[[bytes], set[Way]]

_SCHEMES = {
    "imaps": ("imap", "tls"),
    "imap": ("imap", "starttls"),
    "pops": ("pop3", "tls"),
    "pop": ("pop3", "starttls"),
    "smtps": ("smtp", "tls"),
    "smtp": ("smtp", "starttls"),
    "imap+insecure": ("imap", "none"),
    "smtp+insecure": ("smtp", "none"),
}


def _url(text: str, username: str | None = None, is_clear: bool = False) -> Way:
    parts = urlsplit(text)
    protocol, security = _SCHEMES[re.sub(r"\+(plain|none|xoauth2|oauthbearer)$", "", parts.scheme)]
    assert parts.hostname
    assert parts.port
    name = unquote(parts.username or "") if username is None else username
    return (protocol, parts.hostname, parts.port, "none" if is_clear else security, name)


def _autoconfig(document: bytes) -> set[Way]:
    found = set()
    for one in parse(document).candidates:
        at = one.endpoint
        name = one.username.template
        found.add((str(at.protocol), at.host, at.port, str(at.security), name))
    return found


def _report(plain: Mapping[str, list[dict[str, object]]]) -> set[Way]:
    names = ("protocol", "host", "port", "security", "username")
    return {
        tuple(one[name] for name in names)  # type: ignore[misc]
        for one in (*plain["incoming"], *plain["outgoing"])
    }


def _profile(document: bytes) -> set[Way]:
    mail = plistlib.loads(document)["PayloadContent"][0]
    kinds = {"EmailTypeIMAP": "imap", "EmailTypePOP": "pop3"}
    found = set()
    for way, protocol in (("Incoming", kinds[mail["EmailAccountType"]]), ("Outgoing", "smtp")):
        of = {
            key.removeprefix(f"{way}MailServer"): value
            for key, value in mail.items()
            if key.startswith(way)
        }
        port = of["PortNumber"]
        upgrades = port in (143, 110, 587)  # how the system chooses
        security = ("starttls" if upgrades else "tls") if of["UseSSL"] else "none"
        found.add((protocol, of["HostName"], port, security, of["Username"]))
    return found


def _qr(document: bytes) -> set[Way]:
    version, sequence, incoming, groups = json.loads(document)
    assert (version, sequence) == (1, [1, 1])
    [[outgoing, identity]] = groups
    assert len(identity) == 2
    ways = {0: "none", 2: "starttls", 3: "tls"}
    protocols = ["imap", "pop3"]
    found = set()
    for (kind, host, port, security, _, name), spoken in (
        (incoming, protocols[incoming[0]]),
        (outgoing, "smtp"),
    ):
        assert spoken != "smtp" or kind == 0
        found.add((spoken, host, port, ways[security], name))
    return found


def _assignments(document: bytes, pattern: str) -> dict[str, str]:
    found = {}
    for line in document.decode().splitlines():
        if matched := re.fullmatch(pattern, line):
            found[matched[1]] = matched[2]
    return found


def _mutt(document: bytes) -> set[Way]:
    text = _assignments(document, r"set (\w+) = (.*)")
    said = {key: re.sub(r"\\(.)", r"\1", value.strip('"')) for key, value in text.items()}
    is_clear = said["ssl_force_tls"] == "no"
    url = said.get("folder") or said.get("spoolfile") or said["spool_file"]
    return {
        _url(url, said.get("imap_user") or said["pop_user"], is_clear and "s://" not in url),
        _url(said["smtp_url"], None, is_clear and "s://" not in said["smtp_url"]),
    }


def _msmtp(document: bytes) -> set[Way]:
    said = _assignments(document, r'(\w+) "?(.*?)"?')
    upgrades = said["tls_starttls"] == "on"
    security = ("starttls" if upgrades else "tls") if said["tls"] == "on" else "none"
    return {("smtp", said["host"], int(said["port"]), security, said["user"])}


def _mbsync(document: bytes) -> set[Way]:
    said = _assignments(document, r'(\w+) "?(.*?)"?')
    kinds = {"IMAPS": "tls", "STARTTLS": "starttls", "None": "none"}
    security = kinds[said.get("TLSType") or said["SSLType"]]
    return {("imap", said["Host"], int(said["Port"]), security, said["User"])}


def _fetchmail(document: bytes) -> set[Way]:
    words = shlex.split(document.decode(), comments=True)
    security = "tls" if "ssl" in words else "starttls"
    if words[words.index("sslproto") + 1] == "":
        security = "none"
    protocol, port, name = (
        words[words.index(key) + 1] for key in ("protocol", "service", "username")
    )
    return {(protocol.lower(), words[words.index("poll") + 1], int(port), security, name)}


def _sections(document: bytes, *, expands: bool = False) -> configparser.RawConfigParser:
    parser = configparser.ConfigParser() if expands else configparser.RawConfigParser()
    parser.read_string(document.decode())
    return parser


def _getmail(document: bytes) -> set[Way]:
    said = _sections(document)["retriever"]
    kind = said["type"]
    protocol = "imap" if "IMAP" in kind else "pop3"
    security = "tls" if "SSL" in kind else "none"
    return {(protocol, said["server"], int(said["port"]), security, said["username"])}


def _offlineimap(document: bytes) -> set[Way]:
    parser = _sections(document, expands=True)
    said = parser[next(name for name in parser if name.endswith("-remote"))]
    upgrades = said.getboolean("starttls")
    security = "tls" if said.getboolean("ssl") else "starttls" if upgrades else "none"
    return {("imap", said["remotehost"], int(said["remoteport"]), security, said["remoteuser"])}


def _aerc(document: bytes) -> set[Way]:
    parser = _sections(document)
    said = parser[parser.sections()[0]]
    return {_url(said["source"]), _url(said["outgoing"])}


def _himalaya(document: bytes) -> set[Way]:
    [account] = tomllib.loads(document.decode())["accounts"].values()
    found = set()
    for protocol in ("imap", "smtp"):
        said = account[protocol]
        url = urlsplit(said["server"])
        security = (
            "tls" if url.scheme.endswith("s") else "starttls" if said.get("starttls") else "none"
        )
        [mechanism] = said["sasl"].values()
        assert url.hostname
        assert url.port
        found.add((protocol, url.hostname, url.port, security, mechanism["username"]))
    return found


def _srv(document: bytes) -> set[Way]:
    labels = {
        "_imaps": ("imap", "tls"),
        "_imap": ("imap", "starttls"),
        "_pop3s": ("pop3", "tls"),
        "_pop3": ("pop3", "starttls"),
        "_submissions": ("smtp", "tls"),
        "_submission": ("smtp", "starttls"),
    }
    found = set()
    for line in document.decode().splitlines():
        words = line.split()
        label = words[0].partition(".")[0]
        if label in labels:
            protocol, security = labels[label]
            found.add((protocol, words[-1].rstrip("."), int(words[-2]), security, ""))
    return found


def _autodiscover(document: bytes) -> set[Way]:
    """By the words of [MS-OXDSCLI] alone: "SSL" from the first byte, "TLS" by STARTTLS."""
    found = set()
    for section in ElementTree.fromstring(document).iter():
        if section.tag.endswith("}Protocol"):
            said = {child.tag.partition("}")[2]: child.text or "" for child in section}
            security = {"SSL": "tls", "TLS": "starttls", "None": "none"}[said["Encryption"]]
            protocol = said["Type"].lower()
            name = said.get("LoginName", "")
            found.add((protocol, said["Server"], int(said["Port"]), security, name))
    return found


def _pacc(document: bytes) -> set[Way]:
    kinds = {"imap": ("imap", 993), "pop3": ("pop3", 995), "submit": ("smtp", 465)}
    return {
        (kinds[name][0], said["host"], kinds[name][1], "tls", "")
        for name, said in json.loads(document)["protocols"].items()
        if name in kinds
    }


READERS: dict[str, Reader] = {
    "aerc": _aerc,
    "autoconfig": _autoconfig,
    "autodiscover": _autodiscover,
    "fetchmail": _fetchmail,
    "getmail": _getmail,
    "himalaya": _himalaya,
    "json": lambda document: _report(json.loads(document)),
    "mbsync": _mbsync,
    "mbsync@1.4": _mbsync,
    "mobileconfig": _profile,
    "msmtp": _msmtp,
    "mutt": _mutt,
    "neomutt": _mutt,
    "offlineimap": _offlineimap,
    "pacc": _pacc,
    "srv": _srv,
    "thunderbird-qr": _qr,
    "yaml": lambda document: _report(yaml.safe_load(document)),
}
