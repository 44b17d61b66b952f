"""Service records: labels and order."""

from __future__ import annotations

from itertools import permutations

import pytest

from advisor.formats import srv
from advisor.model.endpoint import CONVENTIONAL, Endpoint, Protocol, Security
from advisor.net._seams import SrvRecord


@pytest.mark.parametrize("label", srv.LABELS)
def test_labels_and_servers_map_both_ways(label: str) -> None:
    """RFC 6186, 8314 §5.1, 5804, 8620, 6764."""
    found = srv.endpoint(label, SrvRecord(0, 1, 4711, "host.example.org"))
    assert found is not None
    assert srv.label(found.protocol, found.security) == label


def test_what_has_no_label_has_none() -> None:
    """Clear text is not published in a label of its own."""
    assert srv.label(Protocol.IMAP, Security.NONE) is None


@pytest.mark.parametrize(("key", "security"), CONVENTIONAL.items())
def test_every_conventional_server_has_a_label(
    key: tuple[Protocol, int], security: Security
) -> None:
    """What an exporter recommends can be published."""
    assert srv.label(key[0], security) is not None


@pytest.mark.parametrize(
    ("target", "port"), [(".", 0), ("localhost", 143), ("192.0.2.1", 143), ("a.example.org", 0)]
)
def test_records_that_lead_nowhere_are_no_servers(target: str, port: int) -> None:
    """The target is a host name and the port a port."""
    assert srv.endpoint("_imap", SrvRecord(0, 0, port, target)) is None


def test_order_is_priority_then_weight_then_name() -> None:
    """And the same however the resolver shuffled them."""
    expected = (
        SrvRecord(0, 5, 993, "b.example.org"),
        SrvRecord(0, 1, 993, "a.example.org"),
        SrvRecord(0, 1, 993, "c.example.org"),
        SrvRecord(9, 99, 993, "d.example.org"),
    )
    assert {srv.order(records) for records in permutations(expected)} == {expected}


def test_the_root_as_target_means_not_offered() -> None:
    """RFC 6186 §3.4; beside a real target it means nothing."""
    denial, server = SrvRecord(0, 0, 0, "."), SrvRecord(0, 0, 143, "a.example.org")
    assert srv.is_denied([denial])
    assert not srv.is_denied([denial, server])
    assert not srv.is_denied([])
    assert srv.order([denial, server]) == (server,)


def test_services_over_https_have_a_web_address() -> None:
    """RFC 8620 §2.2 and RFC 6764 §5; another port is named."""
    jmap = Endpoint(Protocol.JMAP, "api.example.org", 443, Security.TLS)
    dav = Endpoint(Protocol.CALDAV, "dav.example.org", 8443, Security.TLS)
    assert srv.url(jmap) == "https://api.example.org/.well-known/jmap"
    assert srv.url(dav, "/cal/") == "https://dav.example.org:8443/cal/"
    assert srv.url(Endpoint(Protocol.IMAP, "a.example.org", 993, Security.TLS)) is None
