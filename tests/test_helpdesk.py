"""A helpdesk's own folder, as an example: house rules, a client, a message of its own.

It lies in ``tests/data/helpdesk``; the advice must follow it and name what it follows.
"""

import json
from pathlib import Path
from typing import Any

from advisor.knowledge.lint import check_folder
from tests.run import Ran, advisor

HELPDESK = Path(__file__).parent / "data" / "helpdesk"


def helpdesk(*words: str) -> Ran:
    """The program as the helpdesk runs it."""
    return advisor(*words, "--rules", str(HELPDESK))


def page(ran: Ran) -> str:
    """What was printed, without its line breaks."""
    return " ".join(ran.out.split())


def report(*words: str) -> Any:
    """The same as data."""
    return json.loads(helpdesk(*words, "--format", "json").out)


def test_the_folder_is_fine() -> None:
    """The linter counts four rules, a client and a file of messages."""
    counts, mistakes = check_folder(HELPDESK)
    assert [str(one) for one in mistakes] == []
    assert counts == {"rules": 4, "clients": 1, "errors": 1}
    assert advisor("rules", "lint", str(HELPDESK)).code == 0


def test_its_examples_hold() -> None:
    """Every house rule speaks and is silent where it says."""
    assert advisor("rules", "test", str(HELPDESK)).code == 0


def test_pop3_is_forbidden_here() -> None:
    """And the advice says by whose rule."""
    told = report("recommend", "a@posteo.de", "--offline")
    pop3 = [one for one in told["incoming"] if one["protocol"] == "pop3"]
    assert pop3
    assert all(one["verdict"] == "forbidden" for one in pop3)
    assert told["incoming"][0]["protocol"] == "imap"
    assert "we-do-not-allow-pop3" in {
        reason["rule"] for one in pop3 for reason in one["reasons"] if reason["origin"] == "overlay"
    }
    text = page(helpdesk("recommend", "a@posteo.de", "--offline"))
    assert "POP3 is not allowed here: set up posteo.de as IMAP. (your rule)" in text


def test_587_comes_first_behind_our_vpn() -> None:
    """465 is still there, discouraged, with the house rule for a reason."""
    told = report("recommend", "a@posteo.de", "--offline")["outgoing"]
    assert [(one["port"], one["verdict"]) for one in told] == [
        (587, "recommended"),
        (465, "discouraged"),
    ]
    assert "our-vpn-blocks-465" in {reason["rule"] for reason in told[1]["reasons"]}
    text = page(helpdesk("recommend", "a@posteo.de", "--offline"))
    assert "Our VPN lets nothing through to port 465" in text
    assert "our-vpn-blocks-465" in text
    assert helpdesk("port", "smtp").out.startswith("Outgoing mail (SMTP): port 587")


def test_port_names_the_rule_that_moved_465_down() -> None:
    """Whoever asks why it is 587 gets the answer."""
    assert "our-vpn-blocks-465" in helpdesk("port", "smtp").out


def test_port_names_the_rule_that_forbids() -> None:
    """With its reason."""
    text = page(helpdesk("port", "pop3"))
    assert "Your rule we-do-not-allow-pop3: Mail fetched by POP3 is in nobody's backup" in text


def test_port_says_what_has_no_way() -> None:
    """The first line names the protocol, not “this”."""
    assert helpdesk("port", "pop3").out.splitlines()[0].startswith("POP3")


def test_check_follows_the_house_rule() -> None:
    """Right settings for POP3 are wrong here, and the change is told."""
    words = ["check", "--offline", "--protocol", "pop3", "--port", "995", "--security", "SSL/TLS"]
    assert "These settings are right." in advisor(*words).out
    ran = helpdesk(*words)
    assert ran.code == 1
    assert "protocol to imap (was: pop3)" in page(ran)
    assert "[no-pop3-on-screens]" in ran.out
    told = report(*words)
    assert {one["origin"] for one in told["findings"] if one["code"] == "no-pop3-on-screens"} == {
        "overlay"
    }


def test_check_says_whose_rule_it_is() -> None:
    """As recommend does."""
    words = ["check", "--offline", "--protocol", "pop3", "--port", "995", "--security", "SSL/TLS"]
    assert "your rule" in helpdesk(*words).out


def test_a_note_about_a_client_is_told() -> None:
    """To those who have it, and to nobody else."""
    old = page(helpdesk("recommend", "a@posteo.de", "--offline", "--client", "outlook 2010"))
    assert "is replaced at all our desks" in old
    assert "old-outlook-at-our-desks" in old
    new = page(helpdesk("recommend", "a@posteo.de", "--offline", "--client", "outlook 2019"))
    assert "at all our desks" not in new


def test_a_client_of_ones_own_is_known() -> None:
    """By any of its names, with its words and limits, and listed as the operator's."""
    listed = next(
        line for line in helpdesk("clients", "list").out.splitlines() if "door-camera" in line
    )
    assert listed.endswith("(yours)")
    assert helpdesk("port", "smtp", "--client", "porter").out.startswith(
        "Outgoing mail (SMTP): port 587 with “Secure”"
    )
    ran = helpdesk(
        "check", "--offline", "--protocol", "smtp", "--port", "465", "--security", "Secure",
        "--client", "our door camera",
    )  # fmt: skip
    assert ran.code == 1
    assert "port to 587" in page(ran)


def test_a_message_of_ones_own_is_known() -> None:
    """It is found first, and cited by its id."""
    ran = helpdesk("diagnose", "remote said: 550 5.7.1 GW-712: held for review")
    assert ran.code == 0
    assert ran.out.startswith("Our gateway keeps the message")
    assert "helpdesk-gateway-quarantine" in ran.out
    assert "Call the helpdesk" in ran.out
    assert "helpdesk-gateway-quarantine" not in advisor("diagnose", "GW-712: held for review").out


def test_a_mistake_in_the_folder_is_told_with_its_place(tmp_path: Path) -> None:
    """In clients and messages as in rules: file, line, column."""
    (tmp_path / "clients").mkdir()
    (tmp_path / "errors").mkdir()
    camera = (HELPDESK / "clients" / "door-camera.yaml").read_text()
    own = (HELPDESK / "errors" / "helpdesk.yaml").read_text()
    (tmp_path / "clients" / "door-camera.yaml").write_text(camera.replace('"*"', "2..3"))
    (tmp_path / "errors" / "helpdesk.yaml").write_text(own.replace(r"\d{2}", ".*"))
    ran = advisor("rules", "lint", str(tmp_path))
    assert ran.code == 1
    told = ran.out + ran.err
    assert "clients/door-camera.yaml:6:12: expected a range" in told
    assert "errors/helpdesk.yaml:5:9: could run for ever on hostile text" in told
