"""``advisor probe`` on real servers."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from tests.run import Ran, advisor

from .lab import Lab


def probe(lab: Lab, *words: str) -> Ran:
    """Probe with the lab's name server and authority."""
    options = lab.cli_options
    keep = options[: options.index("--ispdb")]
    return advisor("probe", *words, "--format", "json", *keep)


def endpoints(ran: Ran) -> dict[int, Any]:
    """The endpoints of a valid probe report, by port."""
    report = json.loads(ran.out)
    jsonschema.validate(report, json.loads(advisor("schema", "probe").out))
    return {one["port"]: one for one in report["endpoints"]}


def test_without_a_port_all_mail_ports_are_looked_at(lab: Lab) -> None:
    """Seven ports and 25; closed ones are told as refused."""
    found = endpoints(probe(lab, "imap.good.test"))
    assert set(found) == {25, 110, 143, 465, 587, 993, 995, 4190}
    assert {port for port, one in found.items() if one["live"] == "confirmed"} == {143, 993}
    assert {one["observation"]["problem"] for one in found.values()} == {None, "refused"}


def test_one_port_is_looked_at_by_its_convention(lab: Lab) -> None:
    """587 is submission with STARTTLS."""
    one = endpoints(probe(lab, "smtp.good.test:587"))[587]
    assert (one["protocol"], one["security"], one["live"]) == ("smtp", "starttls", "confirmed")
    assert "PLAIN" in one["observation"]["mechanisms_after"]


def test_what_exactly_failed_and_where(lab: Lab) -> None:
    """Each trouble has its own kind and step."""
    told = {
        host: endpoints(probe(lab, f"imap.{host}:993"))[993]["observation"]
        for host in ("expired.test", "wrongname.test", "selfsigned.test", "oldtls.test")
    }
    assert {host: seen["problem"] for host, seen in told.items()} == {
        "expired.test": "cert-expired",
        "wrongname.test": "cert-wrong-name",
        "selfsigned.test": "cert-self-signed",
        "oldtls.test": "tls-handshake",
    }
    assert all(seen["tls"]["certificate"] for seen in told.values())
    assert told["wrongname.test"]["tls"]["chain_ok"]
    assert not told["wrongname.test"]["tls"]["name_ok"]
    assert told["oldtls.test"]["tls"]["version"] in ("TLSv1", "TLSv1.1")


def test_implicit_tls_on_a_starttls_port_is_recognised(lab: Lab) -> None:
    """The classic mix-up, told as such."""
    one = endpoints(probe(lab, "smtp.good.test:587", "--security", "tls"))[587]
    assert one["observation"]["problem"] == "not-tls"


def test_the_wrong_protocol_is_recognised(lab: Lab) -> None:
    """SMTP where IMAP was expected."""
    words = ("smtp.good.test:587", "--protocol", "imap", "--security", "starttls")
    one = endpoints(probe(lab, *words))[587]
    assert one["observation"]["problem"] == "not-this-protocol"


def test_a_host_that_does_not_answer_is_the_networks_exit_code(lab: Lab) -> None:
    """Exit code 4, and the report all the same."""
    ran = probe(lab, "mail.contradict.test:993")
    assert ran.code == 4
    assert endpoints(ran)[993]["observation"]["problem"] == "refused"


def codes(ran: Ran) -> set[str]:
    """The codes of all findings."""
    return {one["code"] for one in json.loads(ran.out)["findings"]}


def test_what_a_host_does_not_offer_is_no_trouble(lab: Lab) -> None:
    """An IMAP server has no port for sending, and its port 143 is not all that it has."""
    assert codes(probe(lab, "imap.good.test")) <= {"old-tls-accepted"}


def test_a_host_where_nobody_answers_is_told_once(lab: Lab) -> None:
    """Not once a port."""
    ran = probe(lab, "nomail.test")
    found = [one for one in json.loads(ran.out)["findings"] if one["code"] == "dead-server"]
    assert (ran.code, len(found), len(found[0]["about"])) == (4, 1, 8)


def test_only_starttls_is_said_where_the_other_way_was_tried(lab: Lab) -> None:
    """One port tells nothing of another."""
    host = "imap.starttls.test"
    assert "starttls-only" in codes(probe(lab, host))
    assert "starttls-only" not in codes(probe(lab, f"{host}:143"))


def test_findings_make_the_exit_code(lab: Lab) -> None:
    """An expired certificate is an error."""
    ran = probe(lab, "imap.expired.test:993")
    assert ran.code == 1
    assert "cert-expired" in {f["code"] for f in json.loads(ran.out)["findings"]}


def test_what_was_seen_by_the_deadline_is_told(lab: Lab) -> None:
    """A silent server took the connection, and that is not lost."""
    one = endpoints(probe(lab, "imap.silent.test:993", "--timeout", "1"))[993]
    assert (one["live"], one["observation"]["problem"]) == ("failed", "timeout")
    assert one["observation"]["reached"] == "connect"
    assert one["address"]


def test_a_manage_sieve_server_is_looked_at(lab: Lab) -> None:
    """STARTTLS for real: only inside TLS it lists how to sign in."""
    one = endpoints(probe(lab, "imap.servicesrv.test:4190"))[4190]
    assert (one["protocol"], one["live"]) == ("managesieve", "confirmed")
    seen = one["observation"]
    assert (seen["mechanisms_before"], seen["software"]) == ([], "Dovecot")
    assert set(seen["mechanisms_after"]) == {
        "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256",
    }  # fmt: skip
    assert seen["obeys_injected"] is False


def test_who_could_connect_is_told_when_asked(lab: Lab) -> None:
    """From what the server really accepts; nobody is told of otherwise."""
    assert endpoints(probe(lab, "imap.good.test:993"))[993]["clients"] == []
    told = endpoints(probe(lab, "imap.oldtls.test:993", "--clients"))[993]["clients"]
    thunderbird = {
        versions: one["connects"]
        for one in told
        for versions in one["ranges"]
        if one["client"] == "thunderbird"
    }
    # 60 offered no suites of TLS 1.0 for certificates with elliptic curves, as this one is.
    assert thunderbird == {
        "<31": True, "31-37": True, "38-59": True, "60-67": False, "68-77": True,
        "78-131": False, ">=132": False,
    }  # fmt: skip
    why = {one["why"]: one["measured"] for one in told if one["connects"] is False}
    assert why["cannot verify ECDSA certificates, and this port has no other"] is True
    assert {measured for says, measured in why.items() if "wants TLS 1.2" in says} == {False}


def test_signed_tlsa_records_are_held_against_the_certificate(lab: Lab) -> None:
    """Whether a trusted resolver says that they are signed, or we check it ourselves."""
    for options in (lab.cli_options, lab.checking_options):
        keep = options[: options.index("--ispdb")]
        ran = advisor("probe", "imap.signed.test:993", "--format", "json", *keep)
        details = endpoints(ran)[993]["observation"]["tls"]["details"]
        assert details["dane"] == {
            "state": "differs", "records": [f"3 1 1 {'00' * 32}"], "usages": [3],
        }  # fmt: skip
        assert "dane-mismatch" in {one["code"] for one in json.loads(ran.out)["findings"]}
    without = endpoints(probe(lab, "imap.signed.test:143"))[143]["observation"]["tls"]["details"]
    assert without["dane"] is None
