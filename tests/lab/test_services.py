"""JMAP, CalDAV and CardDAV on real servers: Radicale and nginx."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from tests.run import Ran, advisor

from .lab import Lab


def probe(lab: Lab, *words: str) -> Ran:
    """Probe with the lab's name server and authority."""
    options = lab.cli_options
    return advisor("probe", *words, "--format", "json", *options[: options.index("--ispdb")])


def endpoints(ran: Ran) -> list[Any]:
    """The endpoints of a valid probe report."""
    report = json.loads(ran.out)
    jsonschema.validate(report, json.loads(advisor("schema", "probe").out))
    found: list[Any] = report["endpoints"]
    return found


def services(lab: Lab, command: str, domain: str) -> tuple[dict[str, Any], set[str]]:
    """The services of a domain by protocol, and the codes of all findings."""
    ran = advisor(command, domain, "--format", "json", *lab.cli_options)
    report = json.loads(ran.out)
    return (
        {one["protocol"]: one for one in report["services"]},
        {one["code"] for one in report["findings"]},
    )


@pytest.mark.parametrize("protocol", ["caldav", "carddav"])
def test_a_real_dav_server_is_looked_at(lab: Lab, protocol: str) -> None:
    """From the well-known address to its root; nobody signs in, and port 80 leads to HTTPS."""
    (one,) = endpoints(probe(lab, "dav.calendars.test", "--protocol", protocol))
    seen = one["observation"]
    assert (one["live"], seen["error"], seen["software"]) == ("confirmed", None, "Radicale")
    assert one["url"] == f"https://dav.calendars.test/.well-known/{protocol}"
    assert seen["mechanisms_after"] == ["Basic"]
    assert {"calendar-access", "addressbook"} <= set(seen["capabilities_after"])
    assert seen["web"] == {
        "status": 401,
        "hops": [one["url"], "https://dav.calendars.test/"],
        "plain_http": "redirects",
    }
    assert seen["tls"]["chain_ok"]
    assert seen["tls"]["name_ok"]
    assert seen["tls"]["versions"]["TLSv1.3"] == "accepted"
    assert seen["tls"]["versions"]["TLSv1"] == "refused"
    assert seen["tls"]["details"]["chain_state"] == "complete"


def test_a_session_is_read_where_the_redirect_leads(lab: Lab) -> None:
    """By its web address alone, which says what it is for."""
    (one,) = endpoints(probe(lab, "https://api.calendars.test/.well-known/jmap"))
    seen = one["observation"]
    assert (one["protocol"], one["live"]) == ("jmap", "confirmed")
    assert seen["web"]["hops"][-1] == "https://api.calendars.test/session"
    assert "urn:ietf:params:jmap:mail" in seen["capabilities_after"]


def test_a_service_at_another_host_has_a_row_of_its_own(lab: Lab) -> None:
    """So that both certificates are told."""
    ran = probe(lab, "dav.movedservices.test", "--protocol", "caldav")
    first, second = endpoints(ran)
    assert (first["host"], second["host"]) == ("dav.movedservices.test", "dav.calendars.test")
    assert (first["live"], second["live"]) == ("confirmed", "confirmed")
    assert second["url"] == "https://dav.calendars.test/"
    assert second["observation"]["tls"]["certificate"]["names"] == ["dav.calendars.test"]
    assert "service-leads-elsewhere" in {one["code"] for one in json.loads(ran.out)["findings"]}


@pytest.mark.parametrize(
    ("host", "protocol", "problem", "code"),
    [
        ("www.badservices.test", "jmap", "web-page", "web-page-no-service"),
        ("dav.badservices.test", "caldav", "redirect-broken", "service-redirect-broken"),
        ("card.badservices.test", "carddav", None, "plain-http-service"),
        ("old.badservices.test", "caldav", "cert-expired", "cert-expired"),
        ("dav.badservices.test", "jmap", "not-found", "not-a-service"),
        ("imap.good.test", "jmap", "refused", "dead-server"),
        ("imap.good.test:993", "jmap", "not-this-protocol", "not-a-service"),
        ("smtp.good.test:587", "jmap", "not-tls", "asked-wrong"),
    ],
)
def test_what_is_wrong_is_told(
    lab: Lab, host: str, protocol: str, problem: str | None, code: str
) -> None:
    """Each by a rule of its own."""
    ran = probe(lab, host, "--protocol", protocol)
    assert endpoints(ran)[0]["observation"]["problem"] == problem
    assert code in {one["code"] for one in json.loads(ran.out)["findings"]}


@pytest.mark.parametrize("command", ["recommend", "audit"])
def test_services_are_looked_at_beside_mail(lab: Lab, command: str) -> None:
    """Each with what was seen of it."""
    found, codes = services(lab, command, "calendars.test")
    assert {name: one["live"] for name, one in found.items()} == dict.fromkeys(
        ("caldav", "carddav", "jmap"), "confirmed"
    )
    assert found["caldav"]["auth"] == ["password"]
    assert found["caldav"]["observation"]["tls"]["chain_ok"]
    assert not codes & {"plain-http-service", "service-leads-elsewhere", "not-a-service"}


@pytest.mark.parametrize("command", ["recommend", "audit"])
def test_what_is_wrong_with_services_is_told_beside_mail(lab: Lab, command: str) -> None:
    """A web page, a broken redirect, and a password in the clear."""
    found, codes = services(lab, command, "badservices.test")
    assert {name: one["live"] for name, one in found.items()} == {
        "caldav": "failed", "carddav": "confirmed", "jmap": "failed",
    }  # fmt: skip
    assert {"web-page-no-service", "service-redirect-broken", "plain-http-service"} <= codes


def test_services_of_another_domain_have_to_be_confirmed(lab: Lab) -> None:
    """Whether a record or the web site leads there."""
    found, codes = services(lab, "audit", "movedservices.test")
    assert {name: one["live"] for name, one in found.items()} == {
        "caldav": "confirmed", "carddav": "confirmed",
    }  # fmt: skip
    assert {"service-leads-elsewhere", "redirected-elsewhere"} <= codes


def test_filters_are_looked_at_beside_mail(lab: Lab) -> None:
    """ManageSieve, by its record."""
    found, _ = services(lab, "recommend", "servicesrv.test")
    assert found["managesieve"]["live"] == "confirmed"
    assert found["jmap"]["observation"]["problem"] == "refused"


def test_the_page_tells_which_services_work(lab: Lab) -> None:
    """In one line."""
    told = advisor("recommend", "badservices.test", *lab.cli_options).out
    said = " ".join(told.split())
    assert "CardDAV https://card.badservices.test/.well-known/carddav (works)" in said
    assert "JMAP https://www.badservices.test/.well-known/jmap (does not work)" in said
    words = ["probe", "dav.calendars.test", "--protocol", "caldav", *lab.cli_options]
    told = advisor(*words[: words.index("--ispdb")], "--verbose").out
    assert "leads on to https://dav.calendars.test/" in told
    assert "over plain HTTP, port 80: it leads to HTTPS" in told
