"""Which software a web service runs on, where it says so; a guess, for it may be disguised."""

from __future__ import annotations

import re

from advisor.dialogues._strangers import software as mail_software
from advisor.services._base import Reply

# Where programs say their names, the service's own before that of the web server before it.
_TELLING = ("x-sabre-version", "www-authenticate", "x-powered-by", "server")
_PRODUCTS = tuple(
    (re.compile(rf"(?<![\w.@-]){pattern}(?![\w@])", re.IGNORECASE), name)
    for pattern, name in (
        ("Radicale", "Radicale"),
        ("Nextcloud", "Nextcloud"),
        ("ownCloud", "ownCloud"),
        ("BaikalDAV|Baikal", "Baïkal"),
        ("DAViCal", "DAViCal"),
        ("Xandikos", "Xandikos"),
        ("SOGo", "SOGo"),
        ("Cyrus-HTTP", "Cyrus"),
        ("SabreDAV", "sabre/dav"),
        ("Microsoft-IIS", "Microsoft IIS"),
        ("Apache-Coyote", "Apache Tomcat"),
        ("Apache", "Apache"),
        ("nginx", "nginx"),
        ("Caddy", "Caddy"),
        ("lighttpd", "lighttpd"),
    )
)


def software(reply: Reply) -> str | None:
    """The product that the headers of *reply* name, or None."""
    for header in _TELLING:
        for value in reply.values(header):
            if header == "x-sabre-version":
                return "sabre/dav"
            for pattern, name in _PRODUCTS:
                if pattern.search(value):
                    return name
            if found := mail_software(value):
                return found
    return None
