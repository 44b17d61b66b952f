"""Service records for the zone of a domain, made from a report."""

from __future__ import annotations

import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from advisor.errors import ExportError
from advisor.exporters._exporter import Wish
from advisor.exporters.srv import EXPORTER
from advisor.model.observation import Live
from advisor.model.report import Report, Verdict
from tests.make import report, setting

IMAP = setting(live=Live.CONFIRMED, verdict=Verdict.RECOMMENDED)
SMTP = setting("smtp://smtp.example.org:465", live=Live.CONFIRMED, verdict=Verdict.RECOMMENDED)
SMTP587 = setting("smtp://smtp.example.org:587", "starttls", live=Live.CONFIRMED)


def lines(found: Report, **more: Any) -> list[str]:
    """The records, without the comment."""
    text = EXPORTER.render(found, Wish(more.get("even_if_unsafe", False))).document.decode("ascii")
    return [line for line in text.splitlines() if not line.startswith(";")]


def test_implicit_tls_goes_before_starttls() -> None:
    """By priority, the lowest first; and what is not there is denied."""
    assert lines(report(IMAP, SMTP, SMTP587)) == [
        "_imaps._tcp.example.org. 3600 IN SRV 0 1 993 imap.example.org.",
        "_imap._tcp.example.org. 3600 IN SRV 0 0 0 .",
        "_pop3s._tcp.example.org. 3600 IN SRV 0 0 0 .",
        "_pop3._tcp.example.org. 3600 IN SRV 0 0 0 .",
        "_submissions._tcp.example.org. 3600 IN SRV 0 1 465 smtp.example.org.",
        "_submission._tcp.example.org. 3600 IN SRV 10 1 587 smtp.example.org.",
    ]


def test_the_reports_order_is_the_order_of_priorities() -> None:
    """Where the rules prefer 587, programs that know priorities take it first."""
    told = [line.split() for line in lines(report(IMAP, SMTP587, SMTP)) if "smtp" in line]
    assert {line[6]: line[4] for line in told} == {"587": "0", "465": "10"}


def test_nothing_is_denied_that_nobody_looked_for() -> None:
    """Hearsay says what is there, not what is not."""
    told = lines(report(setting(), setting("smtp://smtp.example.org:465")))
    assert [line.split()[-1] for line in told] == ["imap.example.org.", "smtp.example.org."]


def test_a_path_of_a_calendar_stands_in_a_text_record() -> None:
    """RFC 6764 §4; the well-known path needs none."""
    usual = setting(
        "caldav://dav.example.org:443", url="https://dav.example.org/.well-known/caldav"
    )
    own = setting("carddav://dav.example.org:443", url="https://dav.example.org/dav/")
    told = lines(report(IMAP, SMTP, usual, own))
    assert "_caldavs._tcp.example.org. 3600 IN SRV 0 1 443 dav.example.org." in told
    assert '_carddavs._tcp.example.org. 3600 IN TXT "path=/dav/"' in told
    assert not [line for line in told if "well-known" in line]


@pytest.mark.parametrize("path", ['/a"b', "/a b", "/a;b\\", "/ü"])
def test_a_hostile_path_is_left_out(path: str) -> None:
    """Nothing from a server gets into a zone that is not a plain path."""
    own = setting("carddav://dav.example.org:443", url=f"https://dav.example.org{path}")
    assert not [line for line in lines(report(IMAP, SMTP, own)) if "TXT" in line]


def test_what_is_forbidden_is_written_on_request_only() -> None:
    """After a comment that says so."""
    bad = setting("imap://old.example.org:143", "starttls", verdict=Verdict.FORBIDDEN)
    assert (
        "old.example.org" not in EXPORTER.render(report(IMAP, SMTP, bad), Wish()).document.decode()
    )
    told = EXPORTER.render(report(IMAP, SMTP, bad), Wish(True)).document.decode()
    before, after = told.splitlines()[2:4]
    assert "UNSAFE" in before
    assert "old.example.org." in after


@pytest.mark.parametrize(
    "settings",
    [(), (setting("imap://localhost:1143", "starttls"),), (setting(security="none"),)],
)
def test_what_no_record_can_name_is_an_error(settings: tuple[Any, ...]) -> None:
    """No servers, only a program at home, only servers without TLS."""
    with pytest.raises(ExportError):
        EXPORTER.render(report(*settings), Wish())


ZONE = """\
$ORIGIN example.org.
@ 3600 IN SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 300
@ 3600 IN NS ns.example.org.
{} 3600 IN A 192.0.2.1
"""


@pytest.mark.skipif(which("named-checkzone") is None, reason="apt install bind9-utils")
@pytest.mark.parametrize("even_if_unsafe", [False, True])
def test_a_name_server_loads_the_lines(tmp_path: Path, even_if_unsafe: bool) -> None:
    """Within a zone, and included from a file of their own."""
    bad = setting("imap://old.example.org:143", "starttls", verdict=Verdict.FORBIDDEN)
    own = setting("carddav://dav.example.org:443", url="https://dav.example.org/dav/")
    found = report(IMAP, SMTP, SMTP587, bad, own)
    fragment = tmp_path / "srv.zone"
    fragment.write_bytes(EXPORTER.render(found, Wish(even_if_unsafe)).document)
    hosts = "".join(
        ZONE.format("ns") if name == "ns" else f"{name} 3600 IN A 192.0.2.1\n"
        for name in ("ns", "imap", "smtp", "old", "dav")
    )
    whole, including = tmp_path / "whole.zone", tmp_path / "including.zone"
    whole.write_text(hosts + fragment.read_text())
    including.write_text(f"{hosts}$INCLUDE {fragment}\n")
    for zone in (whole, including):
        done = subprocess.run(
            ["named-checkzone", "-i", "full", "-m", "fail", "example.org", str(zone)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        assert done.stdout.splitlines()[-1] == "OK"
