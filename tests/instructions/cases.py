"""Reports to make instructions from: every client, five kinds of settings, no network."""

import asyncio
from dataclasses import replace
from functools import cache

from advisor.advise import Survey, surveyed
from advisor.knowledge.library import Library
from advisor.model.client import Client
from advisor.model.endpoint import Security
from advisor.model.report import Report, Setting
from advisor.options import Options

KINDS = ("imap", "pop3", "starttls", "oauth2", "app-password")
_DOMAINS = {"oauth2": "gmail.com", "app-password": "icloud.com"}


@cache
def library() -> Library:
    """The bundled knowledge."""
    return Library()


@cache
def survey(domain: str) -> Survey:
    """What is known of alice at *domain* without a network."""
    options = Options(offline=True)
    return asyncio.run(surveyed(f"alice@{domain}", options, library=library()))


def clients() -> list[Client]:
    """Every client, newest version."""
    return survey("posteo.de").clients()


def report(client: Client, kind: str) -> Report:
    """The report for *client*, with nothing left but settings of *kind*."""
    found = survey(_DOMAINS.get(kind, "posteo.de")).report_for(client)
    if kind in ("imap", "pop3"):
        return replace(found, incoming=tuple(o for o in found.incoming if o.protocol == kind))
    if kind == "starttls":
        return replace(
            found, incoming=_starttls(found.incoming), outgoing=_starttls(found.outgoing)
        )
    return found


def _starttls(settings: tuple[Setting, ...]) -> tuple[Setting, ...]:
    return tuple(one for one in settings if one.security is Security.STARTTLS)


def is_usable(found: Report) -> bool:
    """Can anything be set up?"""
    return any(one.is_usable for one in (*found.incoming, *found.outgoing))
