"""Every document for three domains of the lab, before the judge of its format."""

from __future__ import annotations

import json
import os
import plistlib
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from shutil import which

import jsonschema
import pytest
import yaml

from advisor import recommend_sync
from advisor._plugins import collect
from advisor.errors import ExportError
from advisor.exporters._exporter import Exporter, Wish
from advisor.formats import autoconfig, autodiscover, pacc
from advisor.model.address import subject
from advisor.model.report import Report
from advisor.schema import schema
from tests.exporters.programs import RECEIVERS, SENDERS
from tests.exporters.readers import READERS
from tests.exporters.test_all import DRAWN
from tests.exporters.test_mobileconfig import APPLE, check, keys

from .lab import Lab

ALL: dict[str, Exporter] = {
    one.id: one for one in collect("advisor.exporters", "EXPORTER").values()
}
# Pictures of what another one writes are read by a scanner elsewhere.
EXPORTERS = {name: one for name, one in ALL.items() if name not in DRAWN}
DOMAINS = ("good.test", "starttls.test", "localpart.test")
PUBLISHED = ("autoconfig", "autodiscover", "pacc", "srv")
# What a format has no safe way to say.
REFUSED = {
    ("starttls.test", "getmail"),
    ("starttls.test", "offlineimap"),
    ("starttls.test", "pacc"),
    ("localpart.test", "pacc"),
}
SCHEMAS = Path(
    os.environ.get("ADVISOR_SCHEMAS") or Path(__file__).parents[2].parent / "shared" / "schemas"
)
SERVERS = {
    "good.test": {("imap", 993), ("smtp", 465)},
    "starttls.test": {("imap", 143), ("smtp", 587)},
    "localpart.test": {("imap", 993), ("smtp", 587)},
}
ZONE = """\
$ORIGIN {domain}.
@ 3600 IN SOA ns hostmaster 1 3600 600 86400 300
@ 3600 IN NS ns
"""


@cache
def found(lab: Lab, address: str) -> Report:
    """What is recommended for *address* in the lab."""
    return recommend_sync(address, lab.options)


def exported(lab: Lab, name: str, domain: str) -> str:
    """The document: for everybody where a domain publishes it, for one person elsewhere."""
    who = domain if name in PUBLISHED else f"alice@{domain}"
    wish = Wish() if name in PUBLISHED else Wish(person=subject(who), name="Alice")
    return EXPORTERS[name].render(found(lab, who), wish).document.decode()


def xmllint(document: str, *grammar: str) -> None:
    """Hold XML against a grammar of :data:`SCHEMAS`."""
    file = SCHEMAS / grammar[1]
    if which("xmllint") is None or not file.exists():
        pytest.skip(f"xmllint and {file} are needed")
    done = subprocess.run(
        ["xmllint", "--noout", "--nonet", grammar[0], str(file), "-"],
        input=document.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def is_autoconfig(document: str, domain: str) -> None:
    """The RELAX NG grammar of the draft."""
    assert autoconfig.parse(document.encode()).domains == (domain,)
    xmllint(document, "--relaxng", "autoconfig/autoconfig.rng")


def is_autodiscover(document: str, _: str) -> None:
    """The XML Schema of the answer, which is Exchange's: LoginName and Encryption are not in it."""
    assert autodiscover.parse(document.encode())
    text = re.sub(r"\s*<(LoginName|Encryption)>.*?</\1>", "", document)
    xmllint(text, "--schema", "autodiscover/AutodiscoverResponse.xsd")


def is_profile(document: str, _: str) -> None:
    """Apple's own description of the keys."""
    if not APPLE.exists():
        pytest.skip(f"Apple's schema is not at {APPLE}")
    read = plistlib.loads(document.encode())
    check(read, keys("TopLevel"))
    [mail] = read["PayloadContent"]
    check(mail, keys("CommonPayloadKeys") | keys("com.apple.mail.managed"))


def is_zone(document: str, domain: str) -> None:
    """BIND loads it."""
    if which("named-checkzone") is None:
        pytest.skip("named-checkzone is not installed: apt install bind9-utils")
    hosts = "".join(f"{name} 3600 IN A 192.0.2.1\n" for name in ("ns", "imap", "pop", "smtp"))
    done = subprocess.run(
        ["named-checkzone", "-i", "full", "-m", "fail", domain, "/dev/stdin"],
        input=ZONE.format(domain=domain) + hosts + document,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def is_pacc(document: str, _: str) -> None:
    """What a reader of the draft takes."""
    assert pacc.parse(document.encode()).candidates


def is_report(document: str, _: str) -> None:
    """The published JSON Schema."""
    plain = json.loads(document) if document.startswith("{") else yaml.safe_load(document)
    jsonschema.validate(plain, schema("report"))


def is_qr(document: str, _: str) -> None:
    """JSON on one line, short enough for a code that telephones read."""
    assert json.loads(document)
    assert len(document) < 1000


JUDGES: dict[str, Callable[[str, str], None]] = {
    "autoconfig": is_autoconfig,
    "autodiscover": is_autodiscover,
    "json": is_report,
    "mobileconfig": is_profile,
    "pacc": is_pacc,
    "srv": is_zone,
    "thunderbird-qr": is_qr,
    "yaml": is_report,
}
# mbsync 1.5 is not in Debian 12, Himalaya in none: their files are read back, like all the others.
READ_ONLY = {"himalaya", "mbsync"}


def test_every_format_has_a_judge() -> None:
    """A grammar or a reader here, or a real program that signs in with it in `test_exports`."""
    assert set(EXPORTERS) == {*JUDGES, *RECEIVERS, *SENDERS, *READ_ONLY}


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("name", EXPORTERS)
def test_it_is_accepted_and_names_the_recommended_servers(lab: Lab, name: str, domain: str) -> None:
    """Or it is said in one line why there is none."""
    if (domain, name) in REFUSED:
        with pytest.raises(ExportError, match=r"STARTTLS|TLS from the first byte"):
            exported(lab, name, domain)
        return
    document = exported(lab, name, domain)
    if name in JUDGES:
        JUDGES[name](document, domain)
    named = {(protocol, port) for protocol, _, port, *_ in READERS[name](document.encode())}
    if name in (*PUBLISHED, "json", "yaml"):
        assert named >= SERVERS[domain]
    else:
        assert named
        assert named <= SERVERS[domain]
