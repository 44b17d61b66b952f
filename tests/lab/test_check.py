"""``advisor check`` on real servers: what somebody entered, and what the server showed."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from tests.run import Ran, advisor

from .lab import Lab


def check(lab: Lab, words: str, *more: str) -> Ran:
    """The settings ``protocol host port label``, with the lab's name server and authority."""
    protocol, host, port, label = words.split(" ", 3)
    options = lab.cli_options
    return advisor(
        "check", "--protocol", protocol, "--host", host, "--port", port, "--security", label,
        *more, *options[: options.index("--ispdb")],
    )  # fmt: skip


def told(lab: Lab, words: str, *more: str) -> dict[str, Any]:
    """The same as data, which must fit the published schema."""
    report: dict[str, Any] = json.loads(check(lab, words, *more, "--format", "json").out)
    jsonschema.validate(report, json.loads(advisor("schema", "check").out))
    return report


def changes(report: dict[str, Any]) -> dict[str, str]:
    """The fields to change, and what to enter."""
    return {one["field"]: one["to"] for one in report["changes"]}


def codes(report: dict[str, Any]) -> set[str]:
    """The codes of the findings."""
    return {one["code"] for one in report["findings"]}


RIGHT = [
    ("imap imap.good.test 993 SSL/TLS", "TLS 1.3"),
    ("imap imap.good.test 143 STARTTLS", "TLS 1.3"),
    ("smtp smtp.good.test 465 SSL/TLS", "PLAIN"),
    ("smtp smtp.good.test 587 STARTTLS", "PLAIN"),
]


@pytest.mark.parametrize(("words", "shown"), RIGHT)
def test_right_settings_that_work_are_left_alone(lab: Lab, words: str, shown: str) -> None:
    """Also 587 and 143, though TLS from the first byte would work as well."""
    ran = check(lab, words)
    page = " ".join(ran.out.split())
    assert (ran.code, ran.out.splitlines()[0]) == (0, "These settings are right.")
    assert f"The server was asked: {words.split()[1]}:{words.split()[2]} works so" in page
    assert shown in page
    assert "Change" not in ran.out


# (settings, more, verdict, what to enter, among the findings, what the server showed)
SEEN = [
    (
        "imap imap.good.test 143 SSL/TLS", [],
        "wrong", {"port": "993"}, "implicit-on-starttls-port", "not-tls",
    ),
    (
        "imap imap.starttls.test 143 SSL/TLS", [],
        "wrong", {"security": "STARTTLS"}, "implicit-on-starttls-port", "not-tls",
    ),
    (
        "imap imap.good.test 993 STARTTLS", [],
        "wrong", {"security": "SSL/TLS"}, "starttls-on-implicit-port", None,
    ),
    (
        "smtp smtp.good.test 587 SSL", ["--client", "outlook 2016"],
        "wrong", {"port": "465"}, "answers-in-clear-text", "not-tls",
    ),
    (
        "smtp smtp.good.test 25 STARTTLS", [],
        "wrong", {"port": "587"}, "sending-through-25", "refused",
    ),
    (
        "smtp mx1.eu.mail.hoster.test 25 STARTTLS", [],
        "risky", {"host": "the provider's server for sending (often smtp.…)"},
        "server-for-servers", None,
    ),
    (
        "imap imap.contradict.test 143 STARTTLS", [],
        "wrong", {"port": "993", "security": "SSL/TLS"}, "starttls-missing", "no-starttls",
    ),
    (
        "imap imap.wrongname.test 993 SSL/TLS", [],
        "wrong", {"host": "the server name that the provider documents"},
        "certificate-for-another-name", "cert-wrong-name",
    ),
    (
        "imap imap.good.test 995 SSL/TLS", [],
        "wrong", {"port": "993"}, "port-of-another-protocol", "refused",
    ),
    (
        "smtp imap.good.test 587 STARTTLS", [],
        "wrong", {"host": "the provider's server for sending (often smtp.…)"},
        "incoming-name-for-sending", "refused",
    ),
    (
        "imap imap.good.test 993 SSL/TLS", ["--sign-in", "NTLM"],
        "wrong", {"sign-in": "normal password"}, "sign-in-not-offered", None,
    ),
    (
        "imap imap.good.test 993 SSL", ["--client", "outlook 2016", "--sign-in", "SPA"],
        "wrong", {"sign-in"}, "sign-in-not-offered", None,
    ),
    (
        "imap no-such.good.test 993 SSL/TLS", [],
        "wrong", {"host": "the server name that the provider documents"},
        "no-such-server", "no-domain",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("words", "more", "verdict", "to", "code", "problem"), SEEN)
def test_what_the_server_shows_is_told(
    lab: Lab,
    words: str,
    more: list[str],
    verdict: str,
    to: dict[str, str] | set[str],
    code: str,
    problem: str | None,
) -> None:
    """The verdict rests on it, and the changes lead to what works."""
    report = told(lab, words, *more)
    assert report["verdict"] == verdict, report["findings"]
    assert (changes(report) if isinstance(to, dict) else set(changes(report))) == to
    assert code in codes(report)
    if problem:
        assert report["live"] == "failed"
        assert report["observation"]["problem"] == problem


def test_what_was_seen_by_the_deadline_counts(lab: Lab) -> None:
    """A silent server is told as that, and nobody calls the settings right or wrong."""
    ran = check(lab, "imap imap.silent.test 993 SSL/TLS", "--timeout", "1")
    page = " ".join(ran.out.split())
    assert ran.code == 4, page
    assert ran.out.startswith("Nobody can tell from this alone.")
    assert "imap.silent.test:993" in page
    assert "within 1 s" in page
