"""``--login`` on real servers, by every mechanism that they have."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import jsonschema
import pytest

from tests.run import Ran, advisor

from .lab import Lab

MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")
USER = "alice@good.test"


def with_password(password: str, *words: str) -> Ran:
    """Run ``advisor`` with *password* on descriptor 0."""
    done = subprocess.run(
        [sys.executable, "-m", "advisor", *words, "--password-fd", "0"],
        input=password.encode() + b"\n",
        capture_output=True,
        timeout=60,
        env={**os.environ},
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def signed_in(lab: Lab, where: str, *words: str, password: str = "") -> tuple[Ran, dict[int, Any]]:
    """What ``probe`` ran to, and the logins of its report by port."""
    options = lab.cli_options
    keep = options[: options.index("--ispdb")]
    ran = with_password(
        password or lab.password,
        *("probe", where, "--login", USER, "--format", "json", *words, *keep),
    )
    report = json.loads(ran.out)
    jsonschema.validate(report, json.loads(advisor("schema", "probe").out))
    return ran, {one["port"]: one["observation"]["login"] for one in report["endpoints"]}


@pytest.mark.parametrize("mechanism", [*MECHANISMS, None])
@pytest.mark.parametrize("where", ["imap.good.test:993", "smtp.good.test:465",
                                   "smtp.good.test:587"])  # fmt: skip
def test_the_right_password_works(lab: Lab, where: str, mechanism: str | None) -> None:
    """Dovecot and Postfix, by each mechanism; without a choice by the first one of the rules."""
    words = ("--mechanism", mechanism) if mechanism else ()
    ran, logins = signed_in(lab, where, *words)
    (login,) = logins.values()
    assert (login["result"], login["mechanism"]) == ("works", mechanism or "SCRAM-SHA-256")
    assert ran.code == 0
    assert lab.password not in ran.out + ran.err


def test_imap_has_its_command_too(lab: Lab) -> None:
    """LOGIN, for servers without SASL."""
    _, logins = signed_in(lab, "imap.good.test:993", "--mechanism", "login command")
    assert logins[993]["result"] == "works"


@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize("where", ["imap.good.test:993", "smtp.good.test:587"])
def test_a_wrong_password_is_told_as_such(lab: Lab, where: str, mechanism: str) -> None:
    """By the server's own words, with a finding and exit code 1."""
    ran, logins = signed_in(lab, where, "--mechanism", mechanism, password="not-the-password")
    (login,) = logins.values()
    assert login["result"] == "wrong-password", login
    codes = {finding["code"] for finding in json.loads(ran.out)["findings"]}
    assert (ran.code, "login-wrong-password" in codes) == (1, True)
    assert "not-the-password" not in ran.out + ran.err


@pytest.mark.parametrize("host", ["expired.test", "wrongname.test", "selfsigned.test"])
def test_no_password_where_the_certificate_is_bad(lab: Lab, host: str) -> None:
    """One line says why."""
    _, logins = signed_in(lab, f"imap.{host}:993")
    assert logins[993]["result"] == "not-tried"
    assert logins[993]["says"].startswith("no password is sent without")


def test_a_host_is_signed_in_to_once_a_protocol(lab: Lab) -> None:
    """993 and 143 are one server."""
    _, logins = signed_in(lab, "imap.good.test")
    assert len([login for login in logins.values() if login]) == 1


def test_recommend_signs_in_to_what_it_recommends(lab: Lab) -> None:
    """Both directions, by the user name that the settings name; the page has a line for each."""
    ran = with_password(
        lab.password, "recommend", USER, "--login", *lab.cli_options, "--format", "json"
    )
    report = json.loads(ran.out)
    firsts = [report["incoming"][0], report["outgoing"][0]]
    assert [one["observation"]["login"]["result"] for one in firsts] == ["works", "works"]
    shown = with_password(lab.password, "recommend", USER, "--login", *lab.cli_options)
    assert shown.out.count("Login at ") == 2
    assert lab.password not in ran.out + ran.err + shown.out


def test_check_signs_in_as_entered(lab: Lab) -> None:
    """A wrong password makes settings wrong."""
    options = lab.cli_options
    keep = options[: options.index("--ispdb")]
    words = (
        *("check", "--protocol", "imap", "--host", "imap.good.test", "--port", "993"),
        *("--security", "SSL/TLS", "--username", USER, "--login", *keep),
    )
    right, wrong = with_password(lab.password, *words), with_password("nothing-like-it", *words)
    assert (right.code, wrong.code) == (0, 1)
    assert "Login at IMAP 993 works" in right.out
    assert "refused: wrong password" in " ".join(wrong.out.split())
    assert "nothing-like-it" not in wrong.out + wrong.err


def test_a_trace_shows_the_conversation_and_no_secret(lab: Lab) -> None:
    """--verbose prints each line of it."""
    ran, _ = signed_in(lab, "imap.good.test:993", "--verbose", "--mechanism", "PLAIN")
    assert "AUTHENTICATE PLAIN •••" in ran.err
    assert lab.password not in ran.err
