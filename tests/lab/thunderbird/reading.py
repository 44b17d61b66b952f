"""Thunderbird's own reading of autoconfig: what it fetches, and what it takes from a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .marionette import Marionette, MarionetteError

MODULES = "resource:///modules/accountcreation"
TOLD = """
const told = config => {
  const one = server => [server.type, server.hostname, server.port ?? null, server.socketType,
    server.username ?? "", server.auth];
  return {
    source: config.subSource, name: config.displayName,
    incoming: [config.incoming, ...config.incomingAlternatives].map(one),
    outgoing: [config.outgoing, ...config.outgoingAlternatives].map(one),
  };
};
"""
FETCH = (
    TOLD
    + f"""
const {{FetchConfig}} = ChromeUtils.importESModule("{MODULES}/FetchConfig.sys.mjs");
const {{AccountConfig}} = ChromeUtils.importESModule("{MODULES}/AccountConfig.sys.mjs");
const [address, name] = arguments;
const domain = address.split("@")[1];
return FetchConfig.fromISP(domain, address, new AbortController().signal).then(config => {{
  AccountConfig.replaceVariables(config, name, address);
  return told(config);
}});
"""
)
READ = (
    TOLD
    + f"""
const {{readFromXML}} = ChromeUtils.importESModule("{MODULES}/readFromXML.sys.mjs");
const {{JXON}} = ChromeUtils.importESModule("resource:///modules/JXON.sys.mjs");
const xml = new DOMParser().parseFromString(arguments[0], "text/xml");
return told(readFromXML(JXON.build(xml), "isp-https"));
"""
)
DISCOVER = (
    TOLD
    + f"""
const {{fetchConfigFromExchange}} =
  ChromeUtils.importESModule("{MODULES}/ExchangeAutoDiscover.sys.mjs");
const [domain] = arguments;
return fetchConfigFromExchange(
  domain, "alice@" + domain, new AbortController().signal, "", "", () => Promise.reject()
).then(told);
"""
)
# nsMsgSocketType and nsMsgAuthMethod.
SECURITY = {0: "none", 2: "starttls", 3: "tls"}
AUTH = {1: "none", 3: "password", 4: "challenge", 5: "gssapi", 6: "ntlm", 10: "oauth2"}

# Protocol, host, port, security, user name.
Way = tuple[str, str, int | None, str, str]


@dataclass(frozen=True)
class Server:
    """One server as Thunderbird understood it, and how it would sign in."""

    way: Way
    auth: str


@dataclass(frozen=True)
class Config:
    """A document as Thunderbird understood it: the servers it takes first, then the others."""

    source: str
    name: str
    incoming: tuple[Server, ...]
    outgoing: tuple[Server, ...]


def fetched(control: Marionette, address: str, name: str) -> Config:
    """What it finds for *address* at the domain itself, with the placeholders filled in."""
    return _config(control.run(FETCH, address, name))


def read(control: Marionette, document: str) -> Config | str:
    """What it reads from *document*, or the reason why it refuses it."""
    try:
        return _config(control.run(READ, document))
    except MarionetteError as error:
        return str(error)


def discovered(control: Marionette, domain: str) -> Config | str:
    """What it gets from the Autodiscover of *domain*, or the reason why it gets nothing."""
    try:
        return _config(control.run(DISCOVER, domain))
    except MarionetteError as error:
        return str(error)


def _config(plain: dict[str, Any]) -> Config:
    servers = {
        way: tuple(_server(one) for one in plain[way] if one[1])  # those with a host
        for way in ("incoming", "outgoing")
    }
    return Config(plain["source"] or "", plain["name"] or "", **servers)


def _server(plain: list[Any]) -> Server:
    protocol, host, port, security, username, auth = plain
    return Server((protocol, host, port, SECURITY[security], username), AUTH[auth])
