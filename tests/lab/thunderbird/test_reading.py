"""Exported autoconfig, read by Thunderbird: it lands on the server that advisor recommends."""

from __future__ import annotations

from functools import cache

import pytest

from advisor import recommend_sync
from advisor.exporters._exporter import Wish
from advisor.exporters.autoconfig import EXPORTER
from advisor.model.report import Setting, Verdict
from tests.lab.lab import Lab

from .account import wait
from .program import Thunderbird
from .reading import Config, Way, fetched
from .window import Window

NAME = "Alice O'Example"
# Both ways of TLS, STARTTLS alone, and user names without the domain, POP3 and OAuth2.
DOMAINS = ("good.test", "starttls.test", "localpart.test")
HOSTILE = "\"><script>alert(1)</script>&amp;' ]]> %EMAILADDRESS% \u202e"


def exported(lab: Lab, domain: str) -> bytes:
    """The document for *domain*."""
    return EXPORTER.render(recommend_sync(domain, lab.options), Wish()).document


@cache
def published(lab: Lab, domain: str) -> bytes:
    """The document for *domain*, as its real publication leads to it."""
    return exported(lab, domain)


def told(settings: tuple[Setting, ...]) -> list[Way]:
    """The best setting of each protocol that is fit to be used, best first."""
    best: dict[str, Way] = {}
    for one in settings:
        if one.verdict in (Verdict.RECOMMENDED, Verdict.ACCEPTABLE):
            protocol = one.protocol.value
            way = (protocol, one.host, one.port, one.security.value, one.username)
            best.setdefault(protocol, way)
    return list(best.values())


@pytest.mark.parametrize("domain", DOMAINS)
def test_it_takes_the_recommended_server_of_each_kind(
    lab: Lab, thunderbird: Thunderbird, domain: str
) -> None:
    """From the domain's own web server, over HTTPS; OAuth2 gives way where it is not built in."""
    address = f"alice@{domain}"
    with lab.publishing(domain, published(lab, domain)):
        before = len(lab.web_requests())
        found = fetched(thunderbird.control, address, NAME)
        asked = lab.web_requests()[before:]
    wanted = recommend_sync(address, lab.options)
    assert found.source == "xml-from-isp-https"
    assert found.name == f"Mail of {domain}"
    assert [one.way for one in found.incoming] == told(wanted.incoming)
    assert [one.way for one in found.outgoing] == told(wanted.outgoing)
    assert {one.auth for one in (*found.incoming, *found.outgoing)} == {"password"}
    assert any(f"https://autoconfig.{domain}/mail/config-v1.1.xml" in one for one in asked)


def test_a_hostile_name_stays_a_name(lab: Lab, thunderbird: Thunderbird) -> None:
    """Whatever a domain calls itself, the servers are the same, and no element is added."""
    domain = "implicit.test"
    plain = fetched(thunderbird.control, f"alice@{domain}", NAME)
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    good = published(lab, domain).decode()
    assert f"Mail of {domain}" in good
    with lab.publishing(domain, good.replace(f"Mail of {domain}", escaped).encode()):
        document = exported(lab, domain)
        assert "<script" not in document.decode()
    with lab.publishing(domain, document):
        found = fetched(thunderbird.control, f"alice@{domain}", NAME)
    assert (found.incoming, found.outgoing) == (plain.incoming, plain.outgoing)
    assert "<script>alert(1)</script>&amp;'" in found.name


def test_names_are_filled_in_for_anybody(lab: Lab, thunderbird: Thunderbird) -> None:
    """The exported placeholders mean the same to it, also for an unusual local part."""
    domain = "localpart.test"
    with lab.publishing(domain, published(lab, domain)):
        found: Config = fetched(thunderbird.control, f"o'neil+x@{domain}", NAME)
    assert found.incoming[0].way[4] == "o'neil+x"


def test_the_document_alone_sets_an_account_up(lab: Lab, thunderbird: Thunderbird) -> None:
    """Name, address and password are all that a user types; then there is mail."""
    domain, window = "localpart.test", Window(thunderbird.control)
    with lab.publishing(domain, published(lab, domain)):
        window.open_menu()
        window.press("Add Account")
        window.press("Email")
        window.fill("Full name", NAME)
        window.fill("Email address", f"automatic@{domain}")
        window.press("Continue")
        window.wait_for("Account settings found automatically.")
        assert {f"imap.{domain}", f"smtp.{domain}", "automatic"} <= set(window.words())
        window.press("Continue")
        window.fill("Password", lab.password)
        window.press("Continue")
        window.press("Finish")
    wait(lambda: "user=<automatic>" in (lab.log_directory / "dovecot-strict.log").read_text())
