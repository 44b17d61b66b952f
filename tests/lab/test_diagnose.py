"""``advisor diagnose`` with a look at real servers: what it rules out, and what it shows."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from tests.run import advisor

from .lab import Lab

Found = dict[str, Any]
MODE = "SSL routines:ssl3_get_record:wrong version number"
CERTIFICATE = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:1007)"
NO_STARTTLS = (
    "Unable to establish a secure link with Outgoing server (SMTP) smtp.good.test using STARTTLS"
    " since it doesn't advertise that feature."
)


def diagnosed(lab: Lab, text: str, *words: str) -> Found:
    """The valid diagnosis of *text* with a look at the lab."""
    options = lab.cli_options
    keep = options[: options.index("--ispdb")]
    ran = advisor("diagnose", text, *words, "--format", "json", *keep)
    assert ran.code == 0, ran.err
    found: Found = json.loads(ran.out)
    jsonschema.validate(found, json.loads(advisor("schema", "diagnosis").out))
    return found


def ports(found: Found) -> dict[int, str]:
    """Each port that was looked at: confirmed, or the problem it has."""
    return {one["port"]: one["problem"] or one["live"] for one in found["seen"]}


def test_a_wrong_mode_is_led_to_the_port_that_is_open(lab: Lab) -> None:
    """143 is closed: only 993 is offered, in the client's own word for it."""
    found = diagnosed(lab, MODE, "--host", "imap.implicit.test", "--client", "thunderbird@2")
    assert ports(found) == {993: "confirmed", 143: "refused"}
    assert [(one["port"], one["label"]) for one in found["choices"]] == [(993, "SSL")]
    assert found["causes"][0] == "mode_mismatch"


def test_a_wrong_name_rules_the_other_certificate_troubles_out(lab: Lab) -> None:
    """The chain is trusted and in its dates, so that the name is left."""
    found = diagnosed(lab, CERTIFICATE, "--host", "imap.wrongname.test")
    assert set(ports(found).values()) <= {"cert-wrong-name", "refused"}
    assert found["causes"][0] == "cert_name"
    assert {"cert_untrusted", "cert_expired"} <= set(found["ruled_out"])


@pytest.mark.parametrize("host", ["imap.expired.test", "imap.selfsigned.test"])
def test_a_certificate_that_is_not_trusted_rules_nothing_of_it_out(lab: Lab, host: str) -> None:
    """Dates and signer are told as they are."""
    found = diagnosed(lab, CERTIFICATE, "--host", host)
    assert {"cert_untrusted", "cert_expired"} <= set(found["causes"])
    assert "cert_name" in found["ruled_out"]


def test_a_good_certificate_leaves_what_stands_between(lab: Lab) -> None:
    """Nothing is wrong from here, so something on the user's way is."""
    found = diagnosed(lab, CERTIFICATE, "--host", "imap.good.test")
    assert found["causes"] == ["av_proxy"]


def test_stripped_starttls_is_not_ruled_out(lab: Lab) -> None:
    """Here the server itself offers none on 143, and 993 works."""
    found = diagnosed(lab, NO_STARTTLS, "--host", "imap.contradict.test")
    assert ports(found)[993] == "confirmed"
    assert ports(found)[143] != "confirmed"
    assert "no_starttls" in found["causes"]


def test_starttls_that_works_is_ruled_out_as_missing(lab: Lab) -> None:
    """Seen from here it is offered, so the mode or something on the way is to blame."""
    found = diagnosed(lab, NO_STARTTLS, "--host", "smtp.good.test")
    assert "no_starttls" in found["ruled_out"]
    assert set(ports(found).values()) == {"confirmed"}


def test_a_host_in_the_text_is_looked_at_only_with_probe(lab: Lab) -> None:
    """A pasted log must not make the program call at somebody's server."""
    text = f"imap.good.test: {MODE}"
    assert diagnosed(lab, text)["seen"] == []
    assert ports(diagnosed(lab, text, "--probe")) == {993: "confirmed", 143: "confirmed"}
