"""The network told apart from the servers, by real packet filters and machines on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from . import between
from .between import (
    HOSTS,
    LIAR,
    MASKING,
    PORTAL_NAME,
    PROXY,
    RESOLVER6,
    SHIELD,
    STRANGER,
    WEB,
    Between,
)
from .daemon import LabError

FORWARD = "chain forward {{ type filter hook forward priority filter; {} }}\n"
REDIRECT = "chain prerouting {{ type nat hook prerouting priority dstnat; {} }}\n"
MAIL = "{ 143, 465, 587, 993 }"


@pytest.fixture(scope="module")
def networks() -> Iterator[Between]:
    """The three networks, started once."""
    if reason := between.missing():
        pytest.skip(reason)
    try:
        made = Between()
    except LabError as error:
        if "namespaces" not in str(error):
            raise
        pytest.skip(str(error))
    yield made
    made.end()


def told(
    networks: Between, rules: str, *words: str, code: int = 0, nameserver: str = between.RESOLVER
) -> tuple[dict[str, Any], set[str]]:
    """The report from behind *rules*, and the codes of its findings but for IPv6's."""
    networks.filter(rules)
    ran = networks.doctor(*(words or HOSTS), "--format", "json", nameserver=nameserver)
    assert ran.code == code, ran
    report = json.loads(ran.out)
    return report, {one["code"] for one in report["findings"]} - {"no-ipv6"}


def test_a_clear_way_blames_nobody(networks: Between) -> None:
    """Every port is open, and only the missing IPv6 is told."""
    report, codes = told(networks, "", "good.test", "srv.test")
    assert report["ports"] == dict.fromkeys(["143", "465", "587", "993"], "open")
    assert codes == set()
    assert [one["code"] for one in report["findings"]] == ["no-ipv6"]


@pytest.mark.parametrize(
    "how", ["drop", "reject with tcp reset", "reject with icmp type admin-prohibited"]
)
def test_a_blocked_port_is_the_networks(networks: Between, how: str) -> None:
    """Whether packets vanish, are answered for the server, or are said to be forbidden."""
    rules = FORWARD.format(f"tcp dport 465 {how};")
    report, codes = told(networks, rules, "good.test", "srv.test")
    assert report["ports"] == {"143": "open", "465": "blocked", "587": "open", "993": "open"}
    assert codes == {"mail-ports-blocked"}
    assert any(one["message"].startswith("Your network") for one in report["findings"])


def test_where_nobody_knows_of_servers_it_stays_open_whose_doing_it_is(networks: Between) -> None:
    """The servers may not offer it: that is said, and nothing more."""
    report, codes = told(networks, FORWARD.format("tcp dport 4190 drop;"))
    assert report["ports"]["4190"] == "silent"
    assert codes == {"mail-ports-silent"}


def test_one_server_alone_is_not_the_network(networks: Between) -> None:
    """Its port is shut for everybody, and another server's is not."""
    rules = FORWARD.format(f"ip daddr {between.NETWORK}.2 tcp dport 465 reject with tcp reset;")
    report, codes = told(networks, rules, "good.test", "srv.test")
    assert report["ports"]["465"] == "open"
    assert codes == {"closed-at-server"}


def test_nothing_leaves(networks: Between) -> None:
    """Exit code 4: there is no answer about mail."""
    _, codes = told(networks, FORWARD.format("tcp dport != 53 drop;"), code=4)
    assert codes == {"nothing-leaves"}


def test_a_transparent_proxy_is_known_by_its_name(networks: Between) -> None:
    """A real Postfix that answers for everybody on 587, with its own certificate."""
    rules = REDIRECT.format(f"tcp dport 587 dnat to {PROXY};")
    report, codes = told(networks, rules, code=1)
    assert {"smtp-intercepted", "stranger-certificate"} <= codes
    assert STRANGER in " ".join(one["message"] for one in report["findings"])


def test_a_firewall_that_blanks_is_known_by_what_it_leaves(networks: Between) -> None:
    """Stars for a greeting, and a row of X for STARTTLS."""
    rules = REDIRECT.format(f"tcp dport 587 redirect to {MASKING};")
    report, codes = told(networks, rules, code=1)
    assert codes == {"smtp-masked"}
    path = next(p for p in report["paths"] if (p["host"], p["port"]) == ("smtp.good.test", 587))
    assert "XXXXXXXA" in path["observation"]["capabilities_before"]


def test_a_mail_shield_is_known_by_its_certificate(networks: Between) -> None:
    """Trusted on this computer, as its makers see to."""
    rules = REDIRECT.format(f"tcp dport {{ 465, 993 }} redirect to {SHIELD};")
    report, codes = told(networks, rules, "good.test", "srv.test")
    assert codes == {"mail-shield"}
    assert "ESET SSL Filter CA" in " ".join(one["message"] for one in report["findings"])


def test_a_page_to_sign_in_at_is_told(networks: Between) -> None:
    """The web is led to it, and mail gets nowhere."""
    rules = REDIRECT.format(f"tcp dport 80 redirect to {WEB};") + FORWARD.format(
        f"tcp dport {MAIL} drop;"
    )
    report, codes = told(networks, rules, "good.test", "srv.test", code=4)
    assert codes == {"captive-portal", "nothing-leaves"}
    assert {row["leads_to"] for row in report["web"]} == {PORTAL_NAME}


def test_a_network_that_answers_everything_itself_is_told(networks: Between) -> None:
    """Every port leads to one web server: nothing counts as open."""
    rules = REDIRECT.format(f"ip protocol tcp tcp dport != 53 redirect to {WEB};")
    report, codes = told(networks, rules, "good.test", "srv.test", code=4)
    assert "open" not in report["ports"].values()
    assert {"captive-portal", "mail-ports-blocked"} <= codes


def test_a_lying_name_server_is_told(networks: Between) -> None:
    """One answer to every question."""
    report, codes = told(networks, "", code=4, nameserver=LIAR)
    assert {"dns-astray", "dns-invents-names"} <= codes
    assert sorted(report["names"]["astray"]) == sorted(HOSTS)


def test_only_ipv6_where_there_is_none(networks: Between) -> None:
    """It says so, and is no bug."""
    networks.clear()
    ran = networks.doctor(*HOSTS[:2], "--ipv6")
    assert ran.code == 4
    assert "no way to IPv6" in " ".join(ran.out.split())


def test_a_host_that_does_not_exist(networks: Between) -> None:
    """Beside one that does: the others are looked at all the same."""
    report, codes = told(networks, "", "imap.good.test", "imap.gone.test")
    assert codes == {"hosts-unknown"}
    assert report["ports"]["993"] == "open"


def test_a_network_with_ipv6_only(networks: Between) -> None:
    """What has IPv6 is looked at as ever; of the rest it is told why not."""
    report, codes = told(networks, "", HOSTS[0], HOSTS[1], nameserver=RESOLVER6)
    assert (report["routes"]["ipv4"], report["routes"]["ipv6"]) == (False, True)
    assert (report["ports"]["143"], report["ports"]["993"]) == ("open", "open")
    assert codes == {"no-ipv4"}
    assert report["routes"]["no_ipv6_hosts"] == [HOSTS[1]]
