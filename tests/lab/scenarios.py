"""The whole lab as one table: every domain, what it publishes, and what its servers do.

A host's address is 127.77.<number of the domain>.<place of the host in it, from 1>, so that every
host has the standard ports to itself. A port that is not named is closed.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from . import pox

NETWORK = "127.77"
RESOLVER_ADDRESS = f"{NETWORK}.0.53"
RESOLVER_PORT = 5353
AUTHORITATIVE_ADDRESS = f"{NETWORK}.0.54"
WEB_WICKET_ADDRESS = f"{NETWORK}.0.80"
# What JMAP hands out; no server of Debian's speaks it without an account (RFC 8620 section 2).
SESSION = """{"capabilities": {"urn:ietf:params:jmap:core": {}, "urn:ietf:params:jmap:mail": {}},
"accounts": {}, "primaryAccounts": {}, "username": "", "apiUrl": "https://api.calendars.test/api",
"downloadUrl": "", "uploadUrl": "", "eventSourceUrl": "", "state": "0"}
"""
DAV_ADDRESS, DAV_PORT = f"{NETWORK}.0.90", 5232

IMAP_PORTS = (143, 993)
POP3_PORTS = (110, 995)
SMTP_PORTS = (25, 465, 587)
SIEVE_PORTS = (4190,)
MAIL_PORTS = IMAP_PORTS + POP3_PORTS + SMTP_PORTS + SIEVE_PORTS
WEB_PORTS = (80, 443)
IMPLICIT_TLS_PORTS = (465, 993, 995)

CONFIG = "/mail/config-v1.1.xml"
WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml"
PACC = "/.well-known/user-agent-configuration.json"
ANYTHING = "*"


class Policy(StrEnum):
    """How a mail server treats TLS and logins, or how it misbehaves."""

    STRICT = "STARTTLS, and no login before it"
    LENIENT = "STARTTLS, and logins before it too"
    PLAIN = "no TLS at all, logins in the clear"
    OLD_TLS = "TLS 1.0 and 1.1 only"
    SILENT = "accepts and never speaks"
    GARBAGE = "speaks no protocol at all"


class Certificate(StrEnum):
    """What is right or wrong with a server's certificate; all but the last are the lab CA's."""

    GOOD = "good"
    EXPIRED = "expired"
    EXPIRING = "expires in five days"
    WRONG_NAME = "wrong name"
    SELF_SIGNED = "self-signed"


class Dns(StrEnum):
    """How a domain's zone is reached and signed."""

    UNSIGNED = "unsigned"
    SIGNED = "signed"
    BOGUS = "signed, and every signature of its data is wrong"
    LAME = "delegated to a server that does not have it"
    SILENT = "delegated to a server that never answers"


@dataclass(frozen=True)
class Server:
    """Mail ports of one host; a host may be named again for ports that behave otherwise."""

    host: str
    ports: tuple[int, ...]
    policy: Policy = Policy.STRICT
    certificate: Certificate = Certificate.GOOD


@dataclass(frozen=True)
class Document:
    """Answers 200 with an autoconfig document of these offers: "protocol host port socketType".

    Every one of them has this user name and these ways to sign in.
    """

    offers: tuple[str, ...]
    domain: str
    username: str = "%EMAILADDRESS%"
    auth: tuple[str, ...] = ("password-cleartext",)


@dataclass(frozen=True)
class Html:
    """Answers 200 with a web page, whatever was asked for."""

    title: str


@dataclass(frozen=True)
class Redirect:
    """Answers with a redirection."""

    status: int
    location: str


@dataclass(frozen=True)
class Text:
    """Answers 200 with this text."""

    media_type: str
    text: str


@dataclass(frozen=True)
class Login:
    """Answers 401: only who signs in learns more."""


@dataclass(frozen=True)
class Dav:
    """Answers as the lab's CalDAV and CardDAV server does."""


Answer = Document | Html | Redirect | Text | Login | Dav


@dataclass(frozen=True)
class Site:
    """One port of a web host: its answers by path (`ANYTHING` for all), 404 for the rest."""

    host: str
    port: int
    answers: Mapping[str, Answer]
    certificate: Certificate = Certificate.GOOD


@dataclass(frozen=True)
class Domain:
    """One domain: what it shows, its hosts, and its zone's lines besides their addresses."""

    name: str
    number: int
    shows: str
    servers: tuple[Server, ...] = ()
    sites: tuple[Site, ...] = ()
    records: tuple[str, ...] = ()
    dns: Dns = Dns.UNSIGNED
    hosts: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Number the hosts in the order in which the table names them."""
        named = [server.host for server in self.servers] + [site.host for site in self.sites]
        object.__setattr__(self, "hosts", tuple(dict.fromkeys(named)))

    def address(self, host: str) -> str:
        """The loopback address of one of the domain's hosts."""
        return f"{NETWORK}.{self.number}.{self.hosts.index(host) + 1}"

    def name_server_address(self) -> str:
        """Where the zone is delegated to."""
        if self.dns in (Dns.LAME, Dns.SILENT):
            return f"{NETWORK}.{self.number}.53"
        return AUTHORITATIVE_ADDRESS

    def full_name(self, host: str) -> str:
        """A host's name with the domain; "@" is the domain itself."""
        return self.name if host == "@" else f"{host}.{self.name}"


def imap(*ports: int, host: str = "imap", certificate: Certificate = Certificate.GOOD) -> Server:
    """A well-behaved IMAP server."""
    return Server(host, ports, certificate=certificate)


def pop(*ports: int) -> Server:
    """A well-behaved POP3 server."""
    return Server("pop", ports)


def smtp(*ports: int, host: str = "smtp", certificate: Certificate = Certificate.GOOD) -> Server:
    """A well-behaved submission server."""
    return Server(host, ports, certificate=certificate)


def mx(host: str = "mx") -> Server:
    """A server for mail from other servers: port 25 and nothing else."""
    return Server(host, (25,))


def autoconfig(
    domain: str, *offers: str, port: int = 443, certificate: Certificate = Certificate.GOOD
) -> Site:
    """autoconfig.DOMAIN with a document of these offers, over HTTPS unless the port is 80."""
    return Site("autoconfig", port, {CONFIG: Document(offers, domain)}, certificate)


def pacc(domain: str) -> str:
    """A PACC document for the usual hosts of a domain."""
    hosts = {"imap": {"host": f"imap.{domain}"}, "submit": {"host": f"smtp.{domain}"}}
    provider = {"provider": {"name": f"Mail of {domain}"}}
    return json.dumps({"protocols": hosts, "authentication": {"password": True}, "info": provider})


def pacc_site(domain: str) -> Site:
    """ua-auto-config.DOMAIN with that document."""
    return Site("ua-auto-config", 443, {PACC: Text("application/json", pacc(domain))})


def pacc_record(document: str) -> str:
    """The zone line with the digest of a document."""
    digest = base64.b64encode(hashlib.sha256(document.encode()).digest()).decode()
    return f'_ua-auto-config TXT "v=UAAC1; a=sha256; d={digest}"'


def autodiscover(text: str, host: str = "autodiscover") -> Site:
    """A host that answers this where Autodiscover is looked for."""
    return Site(host, 443, {pox.FILE: Text("text/xml", text)})


def usual(domain: str) -> tuple[str, ...]:
    """The offers of the usual four ports: both ways of TLS, for IMAP and for submission."""
    return (
        f"imap imap.{domain} 993 SSL",
        f"imap imap.{domain} 143 STARTTLS",
        f"smtp smtp.{domain} 465 SSL",
        f"smtp smtp.{domain} 587 STARTTLS",
    )


def implicit(domain: str) -> tuple[str, ...]:
    """The offers of IMAP and submission over implicit TLS only."""
    return (f"imap imap.{domain} 993 SSL", f"smtp smtp.{domain} 465 SSL")


USUAL_SERVERS = (imap(143, 993), smtp(465, 587))
IMPLICIT_SRV = ("_imaps._tcp SRV 0 1 993 imap", "_submissions._tcp SRV 0 1 465 smtp")
USUAL_SRV = (*IMPLICIT_SRV, "_submission._tcp SRV 10 1 587 smtp")

ISPDB = Domain(
    "ispdb.test",
    1,
    "the lab's ISPDB; knows ispdbonly.test and nobody else",
    sites=(
        Site(
            "@",
            443,
            {
                "/v1.1/ispdbonly.test": Document(
                    (
                        "imap imap.hoster.test 993 SSL",
                        "imap imap.hoster.test 143 STARTTLS",
                        "smtp smtp.hoster.test 465 SSL",
                        "smtp smtp.hoster.test 587 STARTTLS",
                    ),
                    "ispdbonly.test",
                )
            },
        ),
    ),
)

DOMAINS: tuple[Domain, ...] = (
    ISPDB,
    # Everything in order.
    Domain(
        "good.test",
        2,
        "everything published, everything live, nothing wrong",
        servers=(imap(143, 993), pop(110, 995), smtp(465, 587), mx()),
        sites=(
            autoconfig(
                "good.test",
                "imap imap.good.test 993 SSL",
                "imap imap.good.test 143 STARTTLS",
                "pop3 pop.good.test 995 SSL",
                "smtp smtp.good.test 465 SSL",
                "smtp smtp.good.test 587 STARTTLS",
            ),
        ),
        records=(
            "@ MX 10 mx",
            "_imaps._tcp SRV 0 1 993 imap",
            "_imap._tcp SRV 0 0 0 .",
            "_pop3s._tcp SRV 0 1 995 pop",
            "_submissions._tcp SRV 0 1 465 smtp",
            "_submission._tcp SRV 10 1 587 smtp",
        ),
    ),
    Domain(
        "starttls.test",
        3,
        "only the STARTTLS ports",
        servers=(imap(143), pop(110), smtp(587)),
        sites=(
            autoconfig(
                "starttls.test",
                "imap imap.starttls.test 143 STARTTLS",
                "pop3 pop.starttls.test 110 STARTTLS",
                "smtp smtp.starttls.test 587 STARTTLS",
            ),
        ),
    ),
    Domain(
        "implicit.test",
        4,
        "only the implicit-TLS ports",
        servers=(imap(993), pop(995), smtp(465)),
        sites=(
            autoconfig(
                "implicit.test", *implicit("implicit.test"), "pop3 pop.implicit.test 995 SSL"
            ),
        ),
    ),
    Domain(
        "xn--bcher-kva.test",
        5,
        "bücher.test: a name beyond ASCII",
        servers=USUAL_SERVERS,
        sites=(autoconfig("xn--bcher-kva.test", *usual("xn--bcher-kva.test")),),
        records=USUAL_SRV,
    ),
    # Where the settings are published.
    Domain(
        "srv.test",
        6,
        "only SRV, to hosts of its own; no autoconfig host",
        servers=USUAL_SERVERS,
        records=USUAL_SRV,
    ),
    Domain(
        "twohosts.test",
        7,
        "two SRV records a service: IMAP by priority, submission by weight",
        servers=(
            imap(993, host="imap1"),
            imap(993, host="imap2"),
            smtp(465, host="smtp1"),
            smtp(465, host="smtp2"),
        ),
        records=(
            "_imaps._tcp SRV 10 40 993 imap2",
            "_imaps._tcp SRV 0 60 993 imap1",
            "_submissions._tcp SRV 5 25 465 smtp2",
            "_submissions._tcp SRV 5 75 465 smtp1",
        ),
    ),
    Domain(
        "foreignsrv.test",
        8,
        "unsigned SRV that lead to another domain's hosts",
        records=(
            "_imaps._tcp SRV 0 1 993 imap.hoster.test.",
            "_submissions._tcp SRV 0 1 465 smtp.hoster.test.",
            "_submission._tcp SRV 10 1 587 smtp.hoster.test.",
        ),
    ),
    Domain(
        "hoster.test",
        9,
        "a hoster with autoconfig; also the servers of other domains",
        servers=(imap(143, 993), smtp(465, 587), mx("mx1.eu.mail")),
        sites=(autoconfig("hoster.test", *usual("hoster.test")),),
        records=("@ MX 10 mx1.eu.mail",),
    ),
    Domain(
        "hosted.test",
        10,
        "nothing but an MX at hoster.test, three labels below it",
        records=("@ MX 10 mx1.eu.mail.hoster.test.",),
    ),
    Domain(
        "ispdbonly.test",
        11,
        "nothing but an ISPDB entry and an MX",
        servers=(mx(),),
        records=("@ MX 10 mx",),
    ),
    Domain(
        "gmailhosted.test",
        12,
        "an MX at Google, whose hosts do not exist in the lab",
        records=("@ MX 1 aspmx.l.google.com.",),
    ),
    Domain(
        "wellknown.test",
        13,
        "only https://wellknown.test/.well-known/autoconfig/",
        servers=USUAL_SERVERS,
        sites=(Site("@", 443, {WELL_KNOWN: Document(usual("wellknown.test"), "wellknown.test")}),),
    ),
    Domain(
        "httponly.test",
        14,
        "autoconfig over plain HTTP only",
        servers=USUAL_SERVERS,
        sites=(autoconfig("httponly.test", *usual("httponly.test"), port=80),),
    ),
    # Publications with something wrong.
    Domain(
        "redirect.test",
        15,
        "HTTPS autoconfig that redirects to HTTP, where the document is",
        servers=USUAL_SERVERS,
        sites=(
            Site(
                "autoconfig",
                443,
                {CONFIG: Redirect(301, f"http://autoconfig.redirect.test{CONFIG}")},
            ),
            autoconfig("redirect.test", *usual("redirect.test"), port=80),
        ),
    ),
    Domain(
        "loop.test",
        16,
        "HTTPS autoconfig that redirects to itself",
        servers=USUAL_SERVERS,
        sites=(
            Site(
                "autoconfig",
                443,
                {CONFIG: Redirect(302, f"https://autoconfig.loop.test{CONFIG}")},
            ),
        ),
    ),
    Domain(
        "badxml.test",
        17,
        "HTTPS autoconfig that answers 200 with a web page",
        servers=USUAL_SERVERS,
        sites=(Site("autoconfig", 443, {CONFIG: Html("Welcome to badxml.test")}),),
    ),
    Domain(
        "badcert-autoconfig.test",
        18,
        "autoconfig host with a self-signed certificate",
        servers=USUAL_SERVERS,
        sites=(
            autoconfig(
                "badcert-autoconfig.test",
                *usual("badcert-autoconfig.test"),
                certificate=Certificate.SELF_SIGNED,
            ),
        ),
    ),
    Domain(
        "contradict.test",
        19,
        "autoconfig, SRV and the live servers disagree: no STARTTLS on 143, 465 closed",
        servers=(
            imap(993),
            Server("imap", (143,), Policy.PLAIN),
            smtp(587),
            Server("mail", ()),
        ),
        sites=(
            autoconfig(
                "contradict.test",
                "imap imap.contradict.test 993 SSL",
                "imap imap.contradict.test 143 STARTTLS",
                "smtp smtp.contradict.test 587 STARTTLS",
                "smtp smtp.contradict.test 465 SSL",
            ),
        ),
        records=("_imaps._tcp SRV 0 1 993 mail", "_submission._tcp SRV 0 1 587 smtp"),
    ),
    Domain(
        "tarpitweb.test",
        20,
        "good SRV and servers; the autoconfig host accepts and never answers",
        servers=(*USUAL_SERVERS, Server("autoconfig", (80, 443), Policy.SILENT)),
        records=USUAL_SRV,
    ),
    Domain(
        "wildcard.test",
        21,
        "every name exists and answers 200 with a web page; no mail anywhere",
        sites=(
            Site("@", 80, {ANYTHING: Html("Parked")}),
            Site("@", 443, {ANYTHING: Html("Parked")}),
            Site("*", 80, {ANYTHING: Html("Parked")}),
            Site("*", 443, {ANYTHING: Html("Parked")}),
        ),
    ),
    # Mail servers with something wrong.
    Domain(
        "expired.test",
        22,
        "mail servers' certificate has expired",
        servers=(
            imap(993, certificate=Certificate.EXPIRED),
            smtp(465, certificate=Certificate.EXPIRED),
        ),
        sites=(autoconfig("expired.test", *implicit("expired.test")),),
    ),
    Domain(
        "expiring.test",
        23,
        "mail servers' certificate expires in five days",
        servers=(
            imap(993, certificate=Certificate.EXPIRING),
            smtp(465, certificate=Certificate.EXPIRING),
        ),
        sites=(autoconfig("expiring.test", *implicit("expiring.test")),),
    ),
    Domain(
        "wrongname.test",
        24,
        "mail servers' certificate is for another host",
        servers=(
            imap(993, certificate=Certificate.WRONG_NAME),
            smtp(465, certificate=Certificate.WRONG_NAME),
        ),
        sites=(autoconfig("wrongname.test", *implicit("wrongname.test")),),
    ),
    Domain(
        "selfsigned.test",
        25,
        "mail servers' certificate is self-signed",
        servers=(
            imap(993, certificate=Certificate.SELF_SIGNED),
            smtp(465, certificate=Certificate.SELF_SIGNED),
        ),
        sites=(autoconfig("selfsigned.test", *implicit("selfsigned.test")),),
    ),
    Domain(
        "oldtls.test",
        26,
        "mail servers speak nothing newer than TLS 1.1",
        servers=(
            Server("imap", (993,), Policy.OLD_TLS),
            Server("smtp", (465,), Policy.OLD_TLS),
        ),
        sites=(autoconfig("oldtls.test", *implicit("oldtls.test")),),
    ),
    Domain(
        "notls.test",
        27,
        "no TLS anywhere, and published so",
        servers=(
            Server("imap", (143,), Policy.PLAIN),
            Server("pop", (110,), Policy.PLAIN),
            Server("smtp", (587,), Policy.PLAIN),
        ),
        sites=(
            autoconfig(
                "notls.test",
                "imap imap.notls.test 143 plain",
                "pop3 pop.notls.test 110 plain",
                "smtp smtp.notls.test 587 plain",
            ),
        ),
    ),
    Domain(
        "cleartext.test",
        28,
        "offers STARTTLS but takes passwords without it on 143, 110 and 587",
        servers=(
            imap(993),
            Server("imap", (143,), Policy.LENIENT),
            pop(995),
            Server("pop", (110,), Policy.LENIENT),
            smtp(465),
            Server("smtp", (587,), Policy.LENIENT),
        ),
        sites=(
            autoconfig(
                "cleartext.test",
                *usual("cleartext.test"),
                "pop3 pop.cleartext.test 995 SSL",
                "pop3 pop.cleartext.test 110 STARTTLS",
            ),
        ),
    ),
    Domain(
        "silent.test",
        29,
        "mail servers accept and never speak",
        servers=(
            Server("imap", (143, 993), Policy.SILENT),
            Server("smtp", (465, 587), Policy.SILENT),
        ),
        sites=(autoconfig("silent.test", *usual("silent.test")),),
    ),
    Domain(
        "garbage.test",
        30,
        "mail servers speak no protocol at all",
        servers=(
            Server("imap", (143, 993), Policy.GARBAGE),
            Server("smtp", (465, 587), Policy.GARBAGE),
        ),
        sites=(autoconfig("garbage.test", *usual("garbage.test")),),
    ),
    # No mail at all, and names that cannot be looked up.
    Domain("nullmx.test", 31, "says that it takes no mail (RFC 7505)", records=("@ MX 0 .",)),
    Domain(
        "nomail.test",
        32,
        "a web site and nothing about mail",
        sites=(Site("@", 80, {"/": Html("Home")}), Site("@", 443, {"/": Html("Home")})),
    ),
    Domain(
        "signed.test",
        33,
        "DNSSEC-signed SRV to hosts of its own, and a TLSA record for another certificate",
        servers=(*USUAL_SERVERS, mx()),
        records=("@ MX 10 mx", *USUAL_SRV, f"_993._tcp.imap TLSA 3 1 1 {'00' * 32}"),
        dns=Dns.SIGNED,
    ),
    Domain(
        "bogus.test",
        34,
        "signed zone whose signatures are wrong: SERVFAIL",
        servers=USUAL_SERVERS,
        records=USUAL_SRV,
        dns=Dns.BOGUS,
    ),
    Domain("servfail.test", 35, "lame delegation: SERVFAIL", dns=Dns.LAME),
    Domain("slowdns.test", 36, "its name server never answers", dns=Dns.SILENT),
    # PACC, and services beside mail.
    Domain(
        "pacc.test",
        60,
        "only PACC, with the digests of this document and of the last one in DNS",
        servers=USUAL_SERVERS,
        sites=(pacc_site("pacc.test"),),
        records=(pacc_record("the last one"), pacc_record(pacc("pacc.test"))),
    ),
    Domain(
        "badpacc.test",
        61,
        "PACC with the digest of another document in DNS",
        servers=USUAL_SERVERS,
        sites=(pacc_site("badpacc.test"),),
        records=(pacc_record("the last one"),),
    ),
    Domain(
        "services.test",
        62,
        "SRV for mail; JMAP and calendars at well-known addresses, the latter by a redirect",
        servers=USUAL_SERVERS,
        sites=(
            Site(
                "@",
                443,
                {
                    "/.well-known/jmap": Login(),
                    "/.well-known/caldav": Redirect(301, "https://dav.services.test/dav/"),
                },
            ),
            Site("dav", 443, {"/dav/": Login()}),
        ),
        records=USUAL_SRV,
    ),
    Domain(
        "servicesrv.test",
        63,
        "SRV for mail, filters, JMAP, and calendars with a path; the web site answers everything",
        servers=(imap(143, 993, 4190), smtp(465, 587)),
        sites=(Site("@", 443, {ANYTHING: Html("Home")}),),
        records=(
            *USUAL_SRV,
            "_sieve._tcp SRV 0 1 4190 imap",
            "_jmap._tcp SRV 0 1 8443 imap",
            "_caldavs._tcp SRV 0 1 443 imap",
            '_caldavs._tcp TXT "path=/calendars/"',
        ),
    ),
    Domain(
        "calendars.test",
        64,
        "a real server for calendars and contacts; port 80 leads to HTTPS; JMAP by a redirect",
        servers=USUAL_SERVERS,
        sites=(
            Site("dav", 443, {ANYTHING: Dav()}),
            Site(
                "dav",
                80,
                {
                    path: Redirect(301, f"https://dav.calendars.test{path}")
                    for path in ("/.well-known/caldav", "/.well-known/carddav")
                },
            ),
            Site(
                "api",
                443,
                {
                    "/.well-known/jmap": Redirect(307, "https://api.calendars.test/session"),
                    "/session": Text("application/json", SESSION),
                },
            ),
        ),
        records=(
            *USUAL_SRV,
            "_caldavs._tcp SRV 0 1 443 dav",
            "_carddavs._tcp SRV 0 1 443 dav",
            "_jmap._tcp SRV 0 1 443 api",
        ),
    ),
    Domain(
        "badservices.test",
        65,
        "JMAP is a web page, calendars lead to a bad certificate, contacts are on port 80, too",
        servers=USUAL_SERVERS,
        sites=(
            Site("www", 443, {ANYTHING: Html("Home")}),
            Site(
                "dav",
                443,
                {"/.well-known/caldav": Redirect(301, "https://old.badservices.test/dav/")},
            ),
            Site("old", 443, {"/dav/": Login()}, Certificate.EXPIRED),
            Site("card", 443, {"/.well-known/carddav": Login()}),
            Site("card", 80, {"/.well-known/carddav": Login()}),
        ),
        records=(
            *USUAL_SRV,
            "_jmap._tcp SRV 0 1 443 www",
            "_caldavs._tcp SRV 0 1 443 dav",
            "_carddavs._tcp SRV 0 1 443 card",
        ),
    ),
    Domain(
        "movedservices.test",
        66,
        "calendars and contacts that another domain has, by a record and by the web site",
        servers=USUAL_SERVERS,
        sites=(
            Site("@", 443, {"/.well-known/carddav": Redirect(303, "https://dav.calendars.test/")}),
            Site("dav", 443, {"/.well-known/caldav": Redirect(301, "https://dav.calendars.test/")}),
        ),
        records=(*USUAL_SRV, "_caldavs._tcp SRV 0 1 443 dav"),
    ),
    # Autodiscover, and the old TXT record.
    Domain(
        "autodiscover.test",
        160,
        "Autodiscover over HTTPS and nothing else",
        servers=USUAL_SERVERS,
        sites=(autodiscover(pox.implicit("autodiscover.test")),),
    ),
    Domain(
        "adhoster.test",
        161,
        "a hoster's Autodiscover, for servers at hoster.test",
        sites=(autodiscover(pox.implicit("hoster.test")),),
    ),
    Domain(
        "adurl.test",
        162,
        "Autodiscover that sends on to the URL of another domain",
        sites=(autodiscover(pox.to_url(f"https://autodiscover.adhoster.test{pox.FILE}")),),
    ),
    Domain(
        "adaddress.test",
        163,
        "Autodiscover that sends on to an address in another domain",
        sites=(autodiscover(pox.to_address("somebody@adhoster.test")),),
    ),
    Domain(
        "adhttp.test",
        164,
        "an unprotected redirect to another domain's Autodiscover",
        sites=(
            Site(
                "autodiscover",
                80,
                {pox.FILE: Redirect(302, f"https://autodiscover.adhoster.test{pox.FILE}")},
            ),
        ),
    ),
    Domain(
        "adloop.test",
        165,
        "Autodiscover that sends on to itself",
        servers=USUAL_SERVERS,
        sites=(autodiscover(pox.to_url(f"https://autodiscover.adloop.test{pox.FILE}")),),
    ),
    Domain(
        "adhtml.test",
        166,
        "Autodiscover that answers 200 with a web page",
        servers=USUAL_SERVERS,
        sites=(Site("autodiscover", 443, {ANYTHING: Html("Welcome to adhtml.test")}),),
    ),
    Domain(
        "adlogin.test",
        167,
        "Autodiscover that wants a login, as Exchange does",
        servers=USUAL_SERVERS,
        sites=(Site("autodiscover", 443, {pox.FILE: Login()}),),
    ),
    Domain(
        "adsrv.test",
        168,
        "an unsigned SRV to another domain's Autodiscover",
        records=("_autodiscover._tcp SRV 0 0 443 autodiscover.adhoster.test.",),
    ),
    Domain(
        "adjson.test",
        169,
        "Autodiscover v2 that names where v1 is",
        servers=USUAL_SERVERS,
        sites=(
            Site(
                "autodiscover",
                443,
                {
                    pox.JSON_FILE: Text(
                        "application/json",
                        '{"Protocol": "AutodiscoverV1", "Url": "https://www.adjson.test/pox"}',
                    )
                },
            ),
            Site("www", 443, {"/pox": Text("text/xml", pox.implicit("adjson.test"))}),
        ),
    ),
    Domain(
        "adodd.test",
        170,
        "Autodiscover whose words for encryption contradict the ports",
        servers=USUAL_SERVERS,
        sites=(
            autodiscover(
                pox.settings("IMAP imap.adodd.test 993 on TLS", "SMTP smtp.adodd.test 465 true SSL")
            ),
        ),
    ),
    Domain(
        "mailconf.test",
        171,
        "a TXT record that names where the autoconfig document is",
        servers=USUAL_SERVERS,
        sites=(Site("www", 443, {"/mail.xml": Document(usual("mailconf.test"), "mailconf.test")}),),
        records=('@ TXT "mailconf=https://www.mailconf.test/mail.xml"',),
    ),
    Domain(
        "localpart.test",
        172,
        "user names without the domain, two ways to read mail, OAuth2 beside passwords",
        servers=(imap(993), pop(995), smtp(587)),
        sites=(
            Site(
                "autoconfig",
                443,
                {
                    CONFIG: Document(
                        (
                            "imap imap.localpart.test 993 SSL",
                            "pop3 pop.localpart.test 995 SSL",
                            "smtp smtp.localpart.test 587 STARTTLS",
                        ),
                        "localpart.test",
                        username="%EMAILLOCALPART%",
                        auth=("OAuth2", "password-cleartext"),
                    )
                },
            ),
        ),
    ),
)

BY_NAME: dict[str, Domain] = {domain.name: domain for domain in DOMAINS}
