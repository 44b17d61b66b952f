"""The main job on real servers: for every domain the right first choice and the right findings."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jsonschema
import pytest

from tests.run import Ran, advisor

from .lab import Lab
from .scenarios import DOMAINS

Choice = tuple[str, int, str] | None
Report = dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """What must come out for one domain; *absent* codes must not be among the findings.

    *username* is empty where it is the address.
    """

    status: str
    incoming: Choice = None
    outgoing: Choice = None
    code: int = 0
    findings: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    trust: str = "verified"
    username: str = ""


def tls(host: str, port: int) -> Choice:
    """Implicit TLS, confirmed."""
    return (host, port, "tls")


def usual(domain: str, *findings: str, **more: Any) -> Expected:
    """993 and 465 of the domain's own hosts, fine."""
    imap, smtp = tls(f"imap.{domain}", 993), tls(f"smtp.{domain}", 465)
    return Expected("ok", imap, smtp, findings=findings, **more)


def hoster(*findings: str, trust: str = "unauthenticated") -> Expected:
    """The same at the hoster's."""
    imap, smtp = tls("imap.hoster.test", 993), tls("smtp.hoster.test", 465)
    return Expected("ok", imap, smtp, findings=findings, trust=trust)


def unusable(*findings: str, status: str = "unusable", code: int = 1) -> Expected:
    """Nothing that may be used."""
    return Expected(status, code=code, findings=findings)


FOREIGN = "dns-unauthenticated-crossdomain"

EXPECTED: dict[str, Expected] = {
    "good.test": usual("good.test", absent=("starttls-only", "guessed", "cleartext-auth-offered")),
    "starttls.test": Expected(
        "ok",
        ("imap.starttls.test", 143, "starttls"),
        ("smtp.starttls.test", 587, "starttls"),
        findings=("starttls-only",),
    ),
    "implicit.test": usual("implicit.test", absent=("starttls-only",)),
    "xn--bcher-kva.test": usual("xn--bcher-kva.test", "idn"),
    "srv.test": usual("srv.test"),
    "twohosts.test": Expected(
        "ok", tls("imap1.twohosts.test", 993), tls("smtp1.twohosts.test", 465)
    ),
    "foreignsrv.test": hoster(FOREIGN),
    "hoster.test": usual("hoster.test"),
    "hosted.test": hoster(FOREIGN),
    "ispdbonly.test": hoster(trust="verified"),
    "gmailhosted.test": unusable("app-password-required", "dead-name", FOREIGN),
    "wellknown.test": usual("wellknown.test"),
    "httponly.test": usual("httponly.test", "cleartext-discovery"),
    "redirect.test": usual("redirect.test", "insecure-redirect", "cleartext-discovery"),
    "loop.test": usual("loop.test", "redirect-loop", "guessed"),
    "badxml.test": usual("badxml.test", "bad-autoconfig", "guessed"),
    "badcert-autoconfig.test": usual("badcert-autoconfig.test", "discovery-cert", "guessed"),
    "contradict.test": Expected(
        "ok",
        tls("imap.contradict.test", 993),
        ("smtp.contradict.test", 587, "starttls"),
        code=1,
        findings=(
            "source-conflict",
            "starttls-stripped",
            "published-wrong",
            "dead-server",
            "cleartext-auth-offered",
        ),
    ),
    "tarpitweb.test": usual("tarpitweb.test"),
    "wildcard.test": unusable("wildcard-dns", "no-mail-service", status="nothing-found", code=3),
    "expired.test": unusable("cert-expired"),
    "expiring.test": usual("expiring.test", "cert-expires-soon"),
    "wrongname.test": unusable("cert-wrong-name"),
    "selfsigned.test": unusable("cert-untrusted"),
    "oldtls.test": unusable("old-tls"),
    "notls.test": unusable("no-tls", "cleartext-auth-offered"),
    "cleartext.test": usual("cleartext.test", "cleartext-auth-offered"),
    "silent.test": unusable("server-timeout", status="unreachable", code=4),
    "garbage.test": unusable("not-a-mail-server", "published-wrong"),
    "nullmx.test": unusable("null-mx", status="nothing-found", code=3),
    "nomail.test": unusable("no-mail-service", status="nothing-found", code=3),
    "nosuch.test": unusable("no-domain", status="nothing-found", code=3),
    "signed.test": usual("signed.test"),
    "bogus.test": unusable("dnssec-bogus", status="unreachable", code=4),
    "servfail.test": unusable("dns-failure", status="unreachable", code=4),
    "pacc.test": usual("pacc.test", absent=("guessed", "pacc-digest-mismatch", "bad-autoconfig")),
    "badpacc.test": usual("badpacc.test", "pacc-digest-mismatch", "guessed"),
    "services.test": usual("services.test"),
    "servicesrv.test": usual("servicesrv.test"),
    "calendars.test": usual("calendars.test", absent=("plain-http-service", "not-a-service")),
    "badservices.test": usual("badservices.test", "web-page-no-service", "plain-http-service"),
    "movedservices.test": usual("movedservices.test", "redirected-elsewhere"),
    "slowdns.test": unusable("dns-failure", status="unreachable", code=4),
    "autodiscover.test": usual("autodiscover.test", absent=("guessed", "ambiguous-publication")),
    "adhoster.test": hoster(trust="verified"),
    "adurl.test": hoster("redirected-elsewhere"),
    "adaddress.test": hoster("redirected-elsewhere"),
    "adhttp.test": hoster("cleartext-discovery", FOREIGN),
    "adloop.test": usual("adloop.test", "redirect-loop", "guessed"),
    "adhtml.test": usual("adhtml.test", "bad-autoconfig", "guessed"),
    "adlogin.test": usual("adlogin.test", "autodiscover-login", "guessed"),
    "adsrv.test": hoster(FOREIGN),
    "adjson.test": usual("adjson.test", absent=("guessed",)),
    "adodd.test": usual("adodd.test", "ambiguous-publication", absent=("guessed",)),
    "mailconf.test": usual("mailconf.test", absent=("guessed",)),
    "localpart.test": Expected(
        "ok",
        tls("imap.localpart.test", 993),
        ("smtp.localpart.test", 587, "starttls"),
        findings=("starttls-only", "oauth2-not-announced"),
        username="alice",
    ),
}

Ask = Callable[[str], Ran]


@pytest.fixture(scope="session")
def ask(lab: Lab) -> Ask:
    """Asks advisor about an address, once per address and session."""
    told: dict[str, Ran] = {}

    def once(address: str) -> Ran:
        if address not in told:
            told[address] = advisor("recommend", address, "--format", "json", *lab.cli_options)
        return told[address]

    return once


def first(report: Report, way: str) -> Choice:
    """The first setting of a list, if it can be used."""
    for one in report[way][:1]:
        if one["verdict"] in ("recommended", "acceptable") and one["live"] == "confirmed":
            return one["host"], one["port"], one["security"]
    return None


def test_every_domain_of_the_lab_is_expected_to_be_something() -> None:
    """A new scenario cannot be forgotten here."""
    assert set(EXPECTED) == {domain.name for domain in DOMAINS} - {"ispdb.test"} | {"nosuch.test"}


@pytest.mark.parametrize("domain", EXPECTED)
def test_the_right_first_choice_and_findings(ask: Ask, domain: str) -> None:
    """Status, exit code, both first settings, their trust, and the findings."""
    ran, expected = ask(f"alice@{domain}"), EXPECTED[domain]
    report: Report = json.loads(ran.out)
    codes = {finding["code"] for finding in report["findings"]}
    assert (report["status"], ran.code) == (expected.status, expected.code), ran.out
    assert first(report, "incoming") == expected.incoming
    assert first(report, "outgoing") == expected.outgoing
    assert set(expected.findings) <= codes
    assert codes.isdisjoint(expected.absent)
    if expected.incoming:
        chosen = report["incoming"][0], report["outgoing"][0]
        assert {one["verdict"] for one in chosen} == {"recommended"}
        assert {one["trust"] for one in chosen} == {expected.trust}
        assert {one["username"] for one in chosen} == {expected.username or f"alice@{domain}"}


@pytest.mark.parametrize("domain", EXPECTED)
def test_every_report_fits_the_published_schema(ask: Ask, domain: str) -> None:
    """Whatever the servers did."""
    schema = json.loads(advisor("schema").out)
    jsonschema.validate(json.loads(ask(f"alice@{domain}").out), schema)


def test_four_ways_of_not_finding_a_domain_are_four_answers(ask: Ask) -> None:
    """Null MX, no such domain, SERVFAIL and time-out are told apart."""
    domains = ("nullmx.test", "nosuch.test", "servfail.test", "slowdns.test")
    told = [json.loads(ask(f"alice@{domain}").out)["findings"] for domain in domains]
    messages = [
        next(f["message"] for f in found if f["code"] in ("null-mx", "no-domain", "dns-failure"))
        for found in told
    ]
    assert len(set(messages)) == 4
    assert "dns-servfail" in messages[2]
    assert "dns-timeout" in messages[3]


def test_every_source_is_in_the_report_with_its_outcome(ask: Ask) -> None:
    """Also those that had nothing, and why."""
    report = json.loads(ask("alice@srv.test").out)
    rows = {row["id"]: row for row in report["sources"]}
    assert rows["srv"]["outcome"] == "found"
    assert rows["autoconfig-https"]["outcome"] == "nothing"
    assert all(row["reason"] for row in rows.values() if row["outcome"] != "found")
    assert {"ispdb", "mx-autoconfig-base", "catalogue", "catalogue-mx", "guess"} <= set(rows)


def services(ask: Ask, domain: str) -> dict[str, tuple[str, str, list[str]]]:
    """Protocol → URL or endpoint, trust and sources of what stands beside mail."""
    report = json.loads(ask(f"alice@{domain}").out)
    return {
        one["protocol"]: (
            one["url"] or f"{one['host']}:{one['port']}",
            one["trust"],
            one["sources"],
        )
        for one in report["services"]
    }


def test_services_are_found_at_well_known_addresses(ask: Ask) -> None:
    """JMAP at the domain, calendars where a redirect leads; both answer, contacts are not there."""
    assert services(ask, "services.test") == {
        "jmap": ("https://services.test/.well-known/jmap", "verified", ["jmap"]),
        "caldav": ("https://dav.services.test/dav/", "verified", ["caldav"]),
    }


def test_services_are_found_by_their_records(ask: Ask) -> None:
    """With the path that the text record names; a web site that answers everything is none."""
    found = {name: told[0] for name, told in services(ask, "servicesrv.test").items()}
    assert found == {
        "managesieve": "imap.servicesrv.test:4190",
        "jmap": "https://imap.servicesrv.test:8443/.well-known/jmap",
        "caldav": "https://imap.servicesrv.test/calendars/",
    }


def test_the_observation_holds_both_sides_of_starttls(ask: Ask) -> None:
    """Capabilities before and after TLS, LOGINDISABLED only before, the certificate."""
    report = json.loads(ask("alice@good.test").out)
    seen = next(one for one in report["incoming"] if one["port"] == 143)["observation"]
    assert seen["reached"] == "done"
    assert seen["starttls_offered"] is True
    assert "LOGINDISABLED" in seen["capabilities_before"]
    assert "LOGINDISABLED" not in seen["capabilities_after"]
    assert seen["mechanisms_after"]
    assert seen["tls"]["chain_ok"]
    assert seen["tls"]["name_ok"]
    assert seen["tls"]["certificate"]["names"]


def test_a_tarpit_among_the_sources_holds_nothing_up(ask: Ask) -> None:
    """The source that never spoke is told as such; the answer did not wait for it."""
    report = json.loads(ask("alice@tarpitweb.test").out)
    row = next(row for row in report["sources"] if row["id"] == "autoconfig-https")
    assert row["outcome"] == "failed"
    assert row["seconds"] < 4


def test_the_full_address_goes_to_the_own_autoconfig_host_only(lab: Lab, ask: Ask) -> None:
    """Over HTTPS, and nobody else ever sees the local part."""
    for domain in ("good.test", "httponly.test", "hosted.test", "ispdbonly.test", "loop.test"):
        ask(f"alice@{domain}")
    carrying = [line for line in lab.web_requests() if "alice" in line]
    assert carrying
    assert all("https://autoconfig." in line for line in carrying), carrying
    assert not any("hoster.test" in line for line in carrying if "alice%40hosted" in line)


def test_autodiscover_learns_a_stand_in(lab: Lab, ask: Ask) -> None:
    """Each of its ways is asked, none twice, and none after it has shown to be a circle."""
    before = len(lab.web_requests())
    advisor("recommend", "alice@adloop.test", "--format", "json", *lab.cli_options)
    lines = [line for line in lab.web_requests()[before:] if "adloop.test" in line]
    assert len(lines) == len(set(lines))
    assert sum(line.startswith("https://autodiscover.adloop.test/auto") for line in lines) == 2
    assert not any("alice" in line for line in lines)


def test_a_bare_domain_is_enough(lab: Lab) -> None:
    """No address: the user name stays a placeholder."""
    ran = advisor("recommend", "good.test", "--format", "json", *lab.cli_options)
    report = json.loads(ran.out)
    assert (ran.code, report["address"]) == (0, None)
    assert report["incoming"][0]["username"] == "%EMAILADDRESS%"


def test_an_idn_may_be_written_either_way(lab: Lab) -> None:
    """bücher.test is xn--bcher-kva.test."""
    report = json.loads(
        advisor("recommend", "alice@bücher.test", "--format", "json", *lab.cli_options).out
    )
    assert (report["domain"], report["domain_unicode"]) == ("xn--bcher-kva.test", "bücher.test")
    assert report["status"] == "ok"


def test_without_probing_nothing_is_called_confirmed(lab: Lab) -> None:
    """And a guess is no answer."""
    options = ("--no-probe", "--format", "json", *lab.cli_options)
    good = json.loads(advisor("recommend", "alice@good.test", *options).out)
    assert {one["live"] for one in good["incoming"]} == {"not-checked"}
    assert good["incoming"][0]["trust"] == "authenticated"
    assert advisor("recommend", "alice@loop.test", *options).code == 3


def test_private_addresses_can_be_ruled_out(lab: Lab) -> None:
    """With --no-private-addresses nothing on loopback is contacted."""
    options = ("--no-private-addresses", "--format", "json", *lab.cli_options)
    report = json.loads(advisor("recommend", "alice@srv.test", *options).out)
    problems = {one["observation"]["problem"] for one in report["incoming"]}
    assert problems == {"private-address"}


def test_an_overlay_turns_465_and_587_around(lab: Lab, tmp_path: Any) -> None:
    """One file, no Python, and the rule is named."""
    from pathlib import Path

    bundled = Path(__file__).parents[2] / "rules" / "transport" / "submission-587-starttls.yaml"
    own = tmp_path / bundled.name
    own.write_text(bundled.read_text().replace("prefer: 10", "prefer: 30"))
    ran = advisor(
        "recommend", "alice@good.test", "--format", "json", "--rules", str(tmp_path),
        *lab.cli_options,
    )  # fmt: skip
    one = json.loads(ran.out)["outgoing"][0]
    assert (one["port"], one["verdict"]) == (587, "recommended")
    assert any(r["origin"] == "overlay" for r in one["reasons"])


def test_the_page_puts_the_two_settings_first(lab: Lab) -> None:
    """Then why, then what to beware of; no colours in a pipe."""
    ran = advisor("recommend", "alice@cleartext.test", *lab.cli_options)
    lines = ran.out.splitlines()
    assert lines[2].split()[:4] == ["Incoming", "IMAP", "imap.cleartext.test", "993"]
    assert lines[3].split()[:4] == ["Outgoing", "SMTP", "smtp.cleartext.test", "465"]
    assert "Checked just now: both answer" in ran.out
    assert ran.out.index("Why") < ran.out.index("Beware")
    assert "\x1b" not in ran.out + ran.err
    assert ran.err == ""


def test_verbose_shows_every_source_and_probe(lab: Lab) -> None:
    """The trace goes to stderr."""
    ran = advisor("recommend", "alice@good.test", "--verbose", *lab.cli_options)
    assert "Sources" in ran.out
    assert "smtp://smtp.good.test:587" in ran.err
    assert "autoconfig-https" in ran.err


def test_garbage_from_a_server_reaches_no_terminal(lab: Lab) -> None:
    """Escapes are shown as text, in every format."""
    for form in ("text", "json", "yaml", "markdown"):
        ran = advisor("recommend", "alice@garbage.test", "-v", "--format", form, *lab.cli_options)
        assert "\x1b" not in ran.out + ran.err
        assert "\x07" not in ran.out + ran.err


def test_export_autoconfig_reads_back_as_recommended(lab: Lab) -> None:
    """What was published, in the order of the rules, without what does not work."""
    from advisor.formats.autoconfig import parse

    ran = advisor("export", "autoconfig", "contradict.test", *lab.cli_options)
    config = parse(ran.out.encode())
    told = [(c.endpoint.host, c.endpoint.port) for c in config.candidates]
    assert told == [("imap.contradict.test", 993), ("smtp.contradict.test", 587)]


def test_nothing_safe_means_nothing_exported(lab: Lab) -> None:
    """Unless told, and then the document says so."""
    ran = advisor("export", "autoconfig", "notls.test", *lab.cli_options)
    assert (ran.code, ran.out) == (1, "")
    forced = advisor("export", "autoconfig", "notls.test", "--even-if-unsafe", *lab.cli_options)
    assert "<!-- UNSAFE" in forced.out
    assert "<socketType>plain</socketType>" in forced.out


def test_nothing_is_asked_twice(lab: Lab) -> None:
    """Each DNS question, each document, and each port of a server, by the servers' own word."""
    questions, pages = len(lab.dns_queries()), len(lab.web_requests())
    connections = lab.mail_connections()
    ran = advisor("recommend", "alice@good.test", "--verbose", *lab.cli_options)
    assert ran.code == 0, ran.err
    asked = lab.dns_queries()[questions:]
    fetched = lab.web_requests()[pages:]
    saw = [line for line in ran.err.splitlines() if line.startswith("saw ")]
    assert "good.test MX" in asked
    assert any("config-v1.1.xml" in one for one in fetched)
    assert len(saw) == 6
    assert 0 < lab.mail_connections() - connections <= len(saw)
    for told in (asked, fetched, saw):
        assert sorted(told) == sorted(set(told))


def channels(report: Report, source: str) -> set[str]:
    """How the steps to what *source* said were protected."""
    row = next(one for one in report["sources"] if one["id"] == source)
    return {hop["channel"] for hop in row["hops"]}


def test_a_resolver_on_this_machine_is_believed(lab: Lab) -> None:
    """It has checked the signatures, and says so."""
    options = ("--format", "json", *lab.cli_options)
    for domain, channel in (("signed.test", "dnssec"), ("srv.test", "dns")):
        report = json.loads(advisor("recommend", f"alice@{domain}", *options).out)
        assert channels(report, "srv") == {channel}


def test_signatures_are_checked_where_nobody_is_believed(lab: Lab) -> None:
    """Signed, not signed, and signed wrongly are three answers."""
    options = ("--format", "json", *lab.checking_options)
    signed = json.loads(advisor("recommend", "alice@signed.test", *options).out)
    assert channels(signed, "srv") == {"dnssec"}
    plain = json.loads(advisor("recommend", "alice@srv.test", *options).out)
    assert channels(plain, "srv") == {"dns"}
    assert plain["status"] == signed["status"] == "ok"
    bogus = json.loads(advisor("recommend", "alice@bogus.test", *options).out)
    rows = {row["id"]: row for row in bogus["sources"]}
    assert (rows["srv"]["outcome"], rows["srv"]["settings"]) == ("failed", [])
    assert "signatures" in rows["srv"]["reason"]
    assert not any("srv" in one["sources"] for one in bogus["incoming"])


def test_a_file_without_keys_is_refused(lab: Lab, tmp_path: Any) -> None:
    """In one line, before anybody is asked."""
    empty = tmp_path / "keys"
    empty.write_text("")
    options = (*lab.cli_options, "--trust-anchor", str(empty))
    ran = advisor("recommend", "alice@signed.test", *options)
    assert (ran.code, ran.out) == (2, "")
    assert "DNSSEC keys" in ran.err
