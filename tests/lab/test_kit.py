"""A publishing kit, put to work as its guide says, and audited: nothing is left to complain of."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.run import Ran, advisor
from tests.web_servers import SERVERS, serving

from . import dns, zones
from .daemon import Daemon
from .lab import Lab
from .scenarios import BY_NAME, NETWORK

DOMAIN = "good.test"
# Where the kit's own name server and web server are; the lab's are elsewhere.
NAME_SERVER, WEB_SERVER = f"{NETWORK}.0.55", f"{NETWORK}.0.81"
# The sources that the kit speaks through.
PUBLISHED = {
    *("autoconfig-https", "autoconfig-wellknown", "pacc", "srv"),
    *("autodiscover-https", "autodiscover-domain"),
}
WEB_HOSTS = ("@", "autoconfig", "autodiscover", "ua-auto-config")


@pytest.fixture(scope="module")
def kit(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kit for a domain whose servers are good."""
    folder = tmp_path_factory.mktemp("made") / "kit"
    words = ["--domain-owner", DOMAIN, "--output", str(folder)]
    ran = advisor("export", *words, *lab.cli_options)
    assert (ran.code, ran.out) == (0, ""), ran.err
    return folder


@pytest.fixture(scope="module")
def name_server(kit: Path, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Knot whose zone has the mail servers of the domain, and the lines of the kit."""
    del lab
    place = tmp_path_factory.mktemp("knot")
    place.chmod(0o755)
    domain = BY_NAME[DOMAIN]
    lines = [
        f"@ SOA ns.{DOMAIN}. hostmaster.{DOMAIN}. 1 3600 600 86400 60",
        f"@ NS ns.{DOMAIN}.",
        f"ns A {NAME_SERVER}",
        "@ MX 10 mx",
        *(f"{host} A {domain.address(host)}" for host in domain.hosts if host != "autoconfig"),
        *(f"{host} A {WEB_SERVER}" for host in WEB_HOSTS),
        *(kit / "srv.zone").read_text().splitlines(),
    ]
    zones.parse(DOMAIN, lines).to_file(str(place / f"{DOMAIN}.zone"), relativize=False)
    configuration = place / "knot.conf"
    configuration.write_text(
        dns.KNOT.format(directory=place, address=NAME_SERVER, zones=place)
        + f"  - domain: {DOMAIN}.\n"
    )
    daemon = Daemon(
        "the kit's knotd",
        ["knotd", "-c", str(configuration)],
        place / "knotd.log",
        lambda: dns.answers(NAME_SERVER, 53),
    )
    daemon.start()
    try:
        daemon.wait_until_ready(time.monotonic() + 10)
        yield NAME_SERVER
    finally:
        daemon.ask_to_end()
        daemon.end()


@pytest.mark.parametrize("server", SERVERS)
def test_a_published_kit_is_above_reproach(
    lab: Lab, kit: Path, name_server: str, server: str, tmp_path: Path
) -> None:
    """All sources say the same, the servers do as they are said to, and the grade is A."""
    authority = trustme.CA()
    pem, trusted = tmp_path / "both.pem", tmp_path / "trusted.pem"
    leaf = authority.issue_cert(DOMAIN, f"*.{DOMAIN}")
    leaf.private_key_and_cert_chain_pem.write_to_path(pem)
    trusted.write_bytes(authority.cert_pem.bytes() + lab.ca_file.read_bytes())
    options = ["--nameserver", name_server, "--ca-file", str(trusted), "--ispdb", "none"]
    files = {one.name: one.read_bytes() for one in kit.iterdir()}
    with serving(server, files, tmp_path, (WEB_SERVER, 443), pem):
        ran = advisor("audit", DOMAIN, *options, "--format", "json")
    assert_above_reproach(ran)


def assert_above_reproach(ran: Ran) -> None:
    """Exit code 0, no conflict, every document found, and at most a word about DNSSEC."""
    found = json.loads(ran.out)
    points = {one["rule"] for one in found["grade"]["points"]}
    assert ran.code == 0, found["findings"]
    assert found["conflicts"] == []
    assert found["grade"]["letter"] == "A", found["grade"]
    assert points <= {"srv-not-signed"}
    spoke = {one["id"] for one in found["sources"] if one["outcome"] == "found"}
    assert spoke >= PUBLISHED
    assert not [one for one in found["findings"] if one["severity"] != "note"]
