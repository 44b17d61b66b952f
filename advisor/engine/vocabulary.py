"""The facts that rules can test: name, type and meaning of each.

``engine.facts`` computes them; the linter accepts no others. Adding a fact means a line here
and a line there.
"""

from __future__ import annotations

SCOPES = (
    "setting", "source", "conflict", "domain", "check", "diagnosis", "audit", "document",
    "published", "doctor", "path",
)  # fmt: skip

TEXT, NUMBER, YES_NO, TEXTS, NUMBERS = "text", "number", "yes/no", "texts", "numbers"

_COMMON = {
    "domain.name": (TEXT, "the mail domain, A-labels"),
    "domain.shown": (TEXT, "the mail domain, U-labels"),
    "domain.idn": (YES_NO, "the domain has non-ASCII labels"),
    "domain.mail": (
        TEXT,
        "mx | implicit (address, no MX) | null-mx | bad-mx (no host in it) | none | no-domain …",
    ),
    "domain.mx": (TEXTS, "host names of its MX records, most preferred first"),
    "domain.problem": (TEXT, "why the domain could not be looked up: dns-servfail, dns-timeout …"),
    "domain.wildcard": (YES_NO, "any name below the domain resolves"),
    "domain.dnssec": (TEXT, "of the MX records: secure | insecure | bogus | unknown"),
    "address.given": (YES_NO, "a full address was given, not only a domain"),
    "address.international": (YES_NO, "the part before the @ has non-ASCII characters"),
    "provider.id": (TEXT, "catalogue id of the provider, where known"),
    "provider.name": (TEXT, "its name"),
    "provider.account_password": (TEXT, "accepted | refused | unknown"),
    "provider.app_password": (TEXT, "required | offered | no | unknown"),
    "provider.oauth2": (TEXT, "required | offered | no | unknown"),
    "provider.access": (TEXT, "open | switch-on-first | local-bridge | none | unknown"),
    "provider.notes": (TEXT, "what the account's owner should know, joined"),
    "provider.documentation": (TEXT, "URL of the provider's own help page"),
    "network.offline": (YES_NO, "no network was used"),
    "network.probing": (YES_NO, "live checks were allowed"),
    "network.blocked_ports": (NUMBERS, "ports that seem closed for this network as a whole"),
    "client.id": (TEXT, "the mail client that advice is for"),
    "client.name": (TEXT, "its name and version, for people"),
    "client.kind": (TEXT, "desktop | mobile | webmail | command-line | library | server | device"),
    "client.version": (NUMBER, "its version, where one was given"),
    "client.max_tls": (NUMBER, "the highest TLS it can do, where that is a limit: 1.0 …"),
    "client.protocols": (TEXTS, "what it speaks: imap, pop3, smtp"),
    "client.oauth2_anywhere": (YES_NO, "it may have OAuth2 for one of these"),
    "client.says": (TEXT, "what to know of its limits that no other fact tells"),
    "settings.usable_incoming": (NUMBER, "how many incoming settings can be used"),
    "settings.usable_outgoing": (NUMBER, "how many outgoing settings can be used"),
    "settings.incoming": (NUMBER, "how many incoming settings were found"),
    "settings.outgoing": (NUMBER, "how many outgoing settings were found"),
    "settings.usable_security": (TEXTS, "ways to begin TLS among the usable settings"),
    "sources.found": (TEXTS, "ids of the sources that named settings"),
    "sources.told": (TEXTS, "ids of those of them by which somebody publishes servers for mail"),
    "sources.failed": (TEXTS, "ids of the sources that failed"),
    "sources.published": (TEXTS, "ids of found sources that the domain itself publishes"),
    "sources.unheard": (TEXTS, "ids of the sources that could not be asked: silent, no DNS …"),
    "sources.unheard_titles": (TEXTS, "their titles"),
}

_SETTING = {
    "setting.protocol": (TEXT, "imap | pop3 | smtp | managesieve …"),
    "setting.protocol_name": (TEXT, "the same, as people write it: IMAP, POP3, SMTP"),
    "setting.host": (TEXT, "host name, A-labels"),
    "setting.port": (NUMBER, "port"),
    "setting.security": (TEXT, "tls (implicit) | starttls (required) | none"),
    "setting.security_words": (TEXT, "the same, for a sentence"),
    "setting.role": (TEXT, "incoming | outgoing | service"),
    "setting.url": (TEXT, "URL, for services that have one"),
    "setting.username_form": (TEXT, "address | localpart | domain\\localpart | other | unknown"),
    "setting.auth": (TEXTS, "sign-in methods: password, oauth2 …"),
    "setting.mechanisms": (TEXTS, "SASL mechanisms, as announced live or published"),
    "setting.live": (TEXT, "confirmed | failed | not-checked"),
    "setting.trust": (TEXT, "verified | authenticated | unauthenticated | guessed"),
    "setting.sources": (TEXTS, "ids of the sources that name it"),
    "setting.published": (YES_NO, "somebody publishes it: not only guessed, found or asked for"),
    "setting.asked": (YES_NO, "nobody named it: it was given to be looked at"),
    "setting.standing": (TEXT, "the registrable domain of its host"),
    "setting.foreign": (YES_NO, "its host lies outside the address's registrable domain"),
    "setting.conventional": (TEXT, "the way to begin TLS that its port stands for, if standard"),
    "setting.crossed": (YES_NO, "security contradicts the standard meaning of the port"),
    "setting.oauth_only": (YES_NO, "every sign-in method it has is OAuth2"),
    "setting.clear_text_only": (
        YES_NO,
        "every published or seen sign-in sends the password itself",
    ),
    "observed.reached": (
        TEXT,
        "nothing | connect | greeting | capabilities | starttls | tls | done",
    ),
    "observed.problem": (TEXT, "kind of trouble, as in model/evidence.py"),
    "observed.error": (TEXT, "the sentence about it"),
    "observed.starttls_offered": (YES_NO, "STARTTLS was announced"),
    "observed.cleartext_login": (YES_NO, "a login before TLS would have been possible"),
    "observed.login_disabled": (YES_NO, "LOGINDISABLED before TLS"),
    "observed.login_impossible": (YES_NO, "inside TLS no way to sign in is offered"),
    "observed.obeys_injected": (YES_NO, "it obeyed a command sent in clear text behind STARTTLS"),
    "observed.mechanisms_before": (TEXTS, "mechanisms before TLS"),
    "observed.mechanisms_after": (TEXTS, "mechanisms inside TLS"),
    "observed.tls_version": (NUMBER, "1.3, 1.2, 1.1, 1.0; 0.3 for SSL 3.0, 0.2 for SSL 2.0"),
    "observed.tls_name": (TEXT, "the version as written: TLS 1.3"),
    "observed.tls_accepted": (
        TEXTS,
        "every version it accepts, where all were tried: TLS 1.2 …",
    ),
    "observed.tls_oldest": (NUMBER, "the oldest of them: 1.3 … 1.0; 0.3 for SSL 3.0"),
    "observed.chain_ok": (YES_NO, "the certificate chain and its dates are fine"),
    "observed.name_ok": (YES_NO, "the certificate is for this host"),
    "observed.cert_names": (TEXTS, "names in the certificate"),
    "observed.cert_days_left": (NUMBER, "days until the certificate ends; negative when over"),
    "observed.cert_until": (TEXT, "its last day, written out"),
    "observed.software": (TEXT, "the server's software, where it says so"),
    "alternatives.security": (TEXTS, "ways to begin TLS of the other settings of this protocol"),
    "alternatives.ports": (NUMBERS, "their ports; settings whose live check failed do not count"),
    "alternatives.confirmed_security": (TEXTS, "the same, only of live-confirmed ones"),
    "alternatives.protocols": (TEXTS, "protocols of the other settings of the same role"),
}

_CLIENT = {
    "client.can": (YES_NO, "it has a choice for this security on this port"),
    "client.speaks": (YES_NO, "it speaks this protocol at all"),
    "client.label": (TEXT, "what to choose on its screen"),
    "client.choice": (TEXT, "the same in quotation marks, with the ports it is said of"),
    "client.label_note": (TEXT, "what to know about that choice"),
    "client.label_hides": (YES_NO, "the choice does STARTTLS and does not say so"),
    "client.trap": (TEXT, "choices there that do STARTTLS and do not say so"),
    "client.opportunistic": (TEXT, "choices there that fall back to clear text"),
    "client.leaks": (TEXT, "what happens there when STARTTLS is stripped, if it leaks"),
    "client.fills_in": (NUMBER, "the port it fills in by itself for this choice"),
    "client.oauth2": (TEXT, "yes | no | built-in (only for providers it knows) | unknown"),
    "client.limits": (TEXTS, "its limits for this protocol, as in rules/clients"),
    "client.says_here": (TEXT, "as client.says, for limits of this protocol only"),
    "client.other_way": (YES_NO, "it can use another of the settings found for the same role"),
}

_SOURCE = {
    "source.id": (TEXT, "id of the question, as in the report: autoconfig-https, srv …"),
    "source.title": (TEXT, "its title"),
    "source.outcome": (TEXT, "found | nothing | failed | skipped"),
    "source.problem": (TEXT, "kind of trouble, as in model/evidence.py"),
    "source.reason": (TEXT, "the sentence about it"),
    "source.asked": (TEXT, "URL (without its query) or DNS query"),
    "source.trust": (TEXT, "authenticated | unauthenticated | guessed"),
    "source.remarks": (TEXTS, "kinds of trouble that did not stop it"),
    "source.remark": (TEXT, "the first sentence about those"),
    "source.cleartext": (YES_NO, "it was fetched over plain HTTP somewhere on the way"),
    "source.channels": (TEXTS, "how its steps came: https | http | dnssec | dns | bundled"),
    "source.foreign_domains": (TEXTS, "registrable domains its settings lead to, outside the own"),
    "source.foreign": (TEXT, "the same, joined for a sentence"),
    "source.used": (
        YES_NO,
        "the first setting of a direction or service rests on it, and on no better trusted source",
    ),
    "source.published": (YES_NO, "the domain itself publishes it (autoconfig, SRV …)"),
    "source.aside": (YES_NO, "no mail server can come of it: calendars on the web site …"),
    "source.dead_hosts": (TEXTS, "hosts it names where no port that it names can be reached"),
    "source.live_instead": (TEXTS, "hosts of other sources that work for what these are for"),
}

_CONFLICT = {
    "conflict.protocol": (TEXT, "imap | pop3 | smtp"),
    "conflict.field": (
        TEXT,
        "host | username | sign-in | port and security (of the same host) | same server",
    ),
    "conflict.says": (TEXT, "who says what, as a clause for a sentence"),
    "conflict.sources": (TEXTS, "ids of the sources that disagree"),
    "conflict.same_server": (YES_NO, "the hosts seem to be one server under several names"),
}

_CHECK = {
    "check.protocol": (TEXT, "imap | pop3 | smtp"),
    "check.for": (TEXT, "what the protocol is for: sending mail, reading mail by IMAP …"),
    "check.host": (TEXT, "the server as entered"),
    "check.host_role": (TEXT, "what its name sounds like: imap | pop3 | smtp"),
    "check.local": (YES_NO, "the server is on the same computer"),
    "check.port": (NUMBER, "the port as entered"),
    "check.port_protocol": (TEXT, "the protocol this port stands for"),
    "check.port_own": (YES_NO, "it stands for the account's protocol; unknown if for none"),
    "check.port_for": (TEXT, "what that protocol is for"),
    "check.port_means": (TEXT, "implicit | starttls, by the port's convention"),
    "check.port_implicit": (NUMBER, "the port for implicit TLS of this protocol"),
    "check.port_starttls": (NUMBER, "the port for STARTTLS of this protocol"),
    "check.label": (TEXT, "the security label as entered"),
    "check.means": (TEXT, "implicit | starttls | opportunistic | none | auto | unknown"),
    "check.confidence": (
        TEXT,
        "source | vendor | guide | unverified | convention (not a label of the client's data)",
    ),
    "check.note": (TEXT, "what the client's data say about this label"),
    "check.label_implicit": (TEXT, "what to choose for implicit TLS, in the client's words"),
    "check.label_starttls": (TEXT, "what to choose for STARTTLS, in the client's words"),
    "check.label_password": (TEXT, "what to choose to sign in with a password"),
    "check.can_implicit": (YES_NO, "the client can do implicit TLS for this protocol"),
    "check.can_starttls": (YES_NO, "the client can require STARTTLS for this protocol"),
    "check.best_port": (NUMBER, "where to lead: the first way of order.yaml that can work"),
    "check.best_label": (TEXT, "what to choose there, in the client's words"),
    "check.best_live": (TEXT, "confirmed | failed | not-checked, for that way"),
    "check.spoken": (YES_NO, "the client speaks the protocol; unknown without a client"),
    "check.choices": (TEXT, "the choices that the client has, joined for a sentence"),
    "check.near_port": (NUMBER, "the least change: the port as entered, if a safe way fits it"),
    "check.near_label": (TEXT, "what to choose there, in the client's words"),
    "check.sign_in": (TEXT, "the sign-in label as entered"),
    "check.sign_in_does": (TEXT, "password | challenge | ntlm | oauth2 … | unknown"),
    "check.sign_in_offered": (YES_NO, "the server lists a mechanism for it inside TLS"),
    "check.login": (YES_NO, "signing in is switched on"),
    "check.username": (TEXT, "the user name as entered"),
    "check.username_form": (TEXT, "address | localpart | domain\\localpart"),
    "check.live": (TEXT, "confirmed | failed | not-checked, for what the settings really do"),
    "check.live_implicit": (TEXT, "the same for implicit TLS on its standard port"),
    "check.live_starttls": (TEXT, "the same for STARTTLS on its standard port"),
    **{name: what for name, what in _SETTING.items() if name.startswith("observed.")},
}

_DIAGNOSIS = {
    "diagnosis.protocol": (TEXT, "imap | pop3 | smtp"),
    "diagnosis.name_found": (YES_NO, "the server's name has an address"),
    "diagnosis.answers": (YES_NO, "at least one standard port of the protocol answered"),
    "diagnosis.implicit": (TEXT, "confirmed | failed | not-checked: implicit TLS there"),
    "diagnosis.starttls": (TEXT, "confirmed | failed | not-checked: STARTTLS there"),
    "diagnosis.certificate_names": (YES_NO, "the certificate is for this name"),
    "diagnosis.certificate_trusted": (YES_NO, "its chain and its dates are fine"),
    "diagnosis.tls_version": (NUMBER, "the lowest TLS that was negotiated: 1.3, 1.2 …"),
    "diagnosis.starttls_offered": (YES_NO, "STARTTLS was announced"),
    "diagnosis.cleartext_login": (YES_NO, "a login before TLS would be possible"),
}

_AUDIT = {
    "audit.codes": (TEXTS, "codes of the findings"),
    "audit.errors": (NUMBER, "how many findings are errors"),
    "audit.own": (TEXTS, "ids of the domain's own sources that name settings"),
    "audit.unpublished": (TEXTS, "service records that working servers lack: _imaps …"),
    "audit.undenied": (TEXTS, "service records of what is not offered, without a “.” to say so"),
    "audit.dead": (TEXTS, "settings the domain publishes that fail: imap at mail.example.org:993"),
    "audit.conflicts": (TEXTS, "what sources disagree on: imap host …"),
    "audit.mistakes": (TEXTS, "errors in what the domain publishes, by code and document"),
    "audit.slips": (TEXTS, "warnings about it"),
    "audit.refusing": (TEXTS, "mail programs that get nothing out of one of its documents"),
    "audit.misled": (TEXTS, "mail programs that end at a server which fails or is forbidden"),
    "audit.unsigned": (YES_NO, "its service records are not signed"),
}

_DOCUMENT = {
    "document.format": (TEXT, "autoconfig | autodiscover | mobileconfig | zone | pacc"),
    "document.whole": (YES_NO, "it can be read to its end, and is one that names servers"),
    "document.id": (TEXT, "the id of the provider, as written"),
    "document.id_among_domains": (YES_NO, "the id is one of the domains"),
    "document.domains": (TEXTS, "the domains it is for, A-labels"),
    "document.protocols": (TEXTS, "protocols of its servers, in its order"),
    "document.incoming": (NUMBER, "how many IMAP and POP3 servers it names"),
    "document.outgoing": (NUMBER, "how many submission servers it names"),
    "document.first_incoming": (TEXT, "imap | pop3: what it names first"),
    "document.first_outgoing": (TEXT, "tls | starttls | none: of its first submission server"),
    "document.outgoing_security": (TEXTS, "ways to begin TLS of its submission servers"),
    "document.outgoing_ports": (NUMBERS, "ports of its submission servers"),
    "document.incoming_security": (TEXTS, "the same of its IMAP and POP3 servers"),
    "document.starttls_first": (TEXTS, "protocols with STARTTLS before implicit TLS in its order"),
}

_PUBLISHED = {
    "published.protocol": (TEXT, "imap | pop3 | smtp | managesieve | jmap …"),
    "published.protocol_name": (TEXT, "the same for people"),
    "published.role": (TEXT, "incoming | outgoing | service"),
    "published.host": (TEXT, "host name, A-labels; absent where it cannot be used"),
    "published.host_written": (TEXT, "the host as written"),
    "published.host_form": (TEXT, "name | filled (has a placeholder) | unicode | bad | missing"),
    "published.port": (NUMBER, "port; absent where it is missing or none"),
    "published.port_protocol": (TEXT, "the protocol its port stands for, if not the own one"),
    "published.port_name": (TEXT, "the same for people"),
    "published.port_security": (TEXT, "tls | starttls: what the port stands for in its protocol"),
    "published.port_tls": (NUMBER, "the port for implicit TLS of its protocol"),
    "published.port_starttls": (NUMBER, "the port for STARTTLS of its protocol"),
    "published.security": (TEXT, "tls (implicit) | starttls (required) | none"),
    "published.security_written": (TEXT, "the document's own word for it: socketType, SRV label …"),
    "published.write_tls": (TEXT, "how this document says implicit TLS"),
    "published.write_starttls": (TEXT, "how this document says STARTTLS"),
    "published.auth": (TEXTS, "sign-in methods: password, oauth2 …"),
    "published.auth_written": (TEXTS, "the document's own words for them"),
    "published.oauth_only": (YES_NO, "OAuth2 is the only sign-in method"),
    "published.username": (TEXT, "the user name as written"),
    "published.username_form": (TEXT, "address | localpart | domain\\localpart | other | unknown"),
    "published.placeholders": (TEXTS, "placeholders in the user name"),
    "published.alternatives": (TEXTS, "ways to begin TLS of the other servers of its protocol"),
    "published.denied": (YES_NO, "the service is said not to be offered"),
}

_DOCTOR = {
    "doctor.hosts": (TEXTS, "the hosts that were named"),
    "doctor.host_count": (NUMBER, "how many of them have an address"),
    "doctor.answers": (YES_NO, "some port of some host answered, if only to refuse"),
    "doctor.open": (NUMBERS, "ports on which some host took the connection"),
    "doctor.blocked": (NUMBERS, "ports silent at two hosts that are known to listen, and are up"),
    "doctor.silent": (
        NUMBERS,
        "ports without an answer from hosts that are up; unclear whose doing",
    ),
    "doctor.closed_at_server": (TEXTS, "host:port known to be offered; other hosts' are open"),
    "doctor.unknown_names": (TEXTS, "hosts that have no address"),
    "doctor.same_greeting": (TEXT, "a stranger's name that greets for hosts of several owners"),
    "doctor.ipv6_route": (YES_NO, "this computer has a way to IPv6"),
    "doctor.ipv6_hosts": (TEXTS, "hosts that have an IPv6 address"),
    "doctor.invented_names": (TEXTS, "names that nobody registered, with an address all the same"),
    "doctor.private_names": (TEXTS, "hosts that lead to a private address: name (address)"),
    "doctor.disputed_names": (TEXTS, "hosts that the name servers disagree on"),
}

_PATH = {
    "path.host": (TEXT, "the host"),
    "path.port": (NUMBER, "the port"),
    "path.protocol": (TEXT, "imap | pop3 | smtp | managesieve"),
    "path.outcome": (TEXT, "open | refused | silent | no-name | unknown"),
    "path.greeting": (TEXT, "what was said first"),
    "path.capabilities": (TEXTS, "what was offered before TLS"),
    "path.issuer": (TEXT, "who issued the certificate"),
}

# What is only known once every setting has its verdict.
_SUMMARY = ("settings.",)

# What of the common facts is known without a domain.
_OF_CHECKS = ("client.", "network.offline", "network.probing")

FACTS: dict[str, dict[str, tuple[str, str]]] = {
    "setting": _SETTING
    | _CLIENT
    | {k: v for k, v in _COMMON.items() if not k.startswith(_SUMMARY)},
    "source": _SOURCE | _COMMON,
    "conflict": _CONFLICT | _COMMON,
    "domain": _COMMON,
    "diagnosis": _DIAGNOSIS,
    "audit": _AUDIT | {k: v for k, v in _COMMON.items() if not k.startswith("client.")},
    "document": _DOCUMENT,
    "published": _PUBLISHED | _DOCUMENT,
    "doctor": _DOCTOR,
    "path": _PATH,
    "check": _CHECK | {k: v for k, v in _COMMON.items() if k.startswith(_OF_CHECKS)},
}
