"""The provider catalogue."""

from pathlib import Path

import pytest

from advisor.knowledge.files import bundled
from advisor.knowledge.library import Library
from advisor.knowledge.providers import Catalogue
from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Security

CATALOGUE = Catalogue(Library().entries("providers"))


def test_a_domain_leads_to_its_provider() -> None:
    """Gmail is Google's."""
    found = CATALOGUE.by_domain("gmail.com")
    assert found is not None
    assert found.provider.id == "google"
    assert found.candidates[0].endpoint.host == "imap.gmail.com"
    assert found.candidates[0].auth == (AuthMethod.OAUTH2, AuthMethod.PASSWORD)


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("aspmx.l.google.com", "google"),
        ("example-org.mail.protection.outlook.com", "microsoft-365"),
        ("in1-smtp.messagingengine.com", "fastmail"),
    ],
)
def test_an_mx_host_leads_to_its_provider(host: str, provider: str) -> None:
    """A customer's own domain is recognised by where its mail goes."""
    found = CATALOGUE.by_mx(host)
    assert found is not None
    assert found.provider.id == provider


@pytest.mark.parametrize("host", ["evilgoogle.com", "google.com.evil.test", "l.google.com.test"])
def test_a_name_that_only_looks_like_a_provider_is_none(host: str) -> None:
    """Suffixes match whole labels."""
    assert CATALOGUE.by_mx(host) is None


@pytest.mark.parametrize("name", ["aaa", "zzz"])
def test_an_overlays_claim_outdoes_ours(tmp_path: Path, name: str) -> None:
    """By domain and by MX host, in whatever order the ids stand."""
    folder = tmp_path / "providers"
    folder.mkdir()
    source = (bundled() / "providers" / "fastmail.yaml").read_text()
    (folder / f"{name}.yaml").write_text(source)
    entries = Library([tmp_path]).entries("providers")
    catalogue = Catalogue(entries)
    domain, suffix = entries[name]["domains"][0], entries[name]["mx"][0]
    for found in (catalogue.by_domain(domain), catalogue.by_mx(f"in1.{suffix}")):
        assert found is not None
        assert found.provider.id == name
    entry = catalogue.entry_of(domain)
    assert entry is not None
    assert entry["id"] == name


def test_every_setting_of_the_catalogue_is_encrypted() -> None:
    """We know no provider worth listing that wants a password in clear."""
    entries = [CATALOGUE.by_domain(d) for d in CATALOGUE._domains]
    open_ones = {
        str(one.endpoint)
        for entry in entries
        if entry
        for one in entry.candidates
        if one.endpoint.security is Security.NONE
    }
    assert open_ones == set()
