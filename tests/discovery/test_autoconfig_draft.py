"""Every look-up of the autoconfig draft that full support needs (§4), each on its own.

The table is the draft's; the one for the look-ups in local files is with that source.
"""

from __future__ import annotations

import pytest

from advisor.discovery._planning import sources
from advisor.discovery._runner import run_all
from advisor.model.evidence import Answer, Outcome
from advisor.net._seams import MxRecord
from tests.discovery.world import ALICE, DOCUMENT, ISPDB, asked, context

# ALICE writes al.ice+tag@example.org; the mail goes to mx1.premium.europe.example.net.
ADDRESS = "?emailaddress=al.ice%2Btag%40example.org"
FILE = "/mail/config-v1.1.xml"
MX = [MxRecord(20, "backup.example.com"), MxRecord(10, "mx1.premium.europe.example.net")]
HTTPS = f"https://autoconfig.example.org{FILE}{ADDRESS}"
# Number and level in the draft, our question, and the address.
LOOK_UPS = [
    ("1.1", "Required", "autoconfig-https", HTTPS),
    ("1.2", "Optional", "autoconfig-wellknown",
     f"https://example.org/.well-known/autoconfig{FILE}"),
    ("1.3", "Optional", "autoconfig-http", f"http://autoconfig.example.org{FILE}"),
    ("2.1", "Recommended", "ispdb", f"{ISPDB}example.org"),
    ("3.1", "Required", "mx-autoconfig-full",
     f"https://autoconfig.premium.europe.example.net{FILE}"),
    ("3.2", "Recommended", "mx-autoconfig-base", f"https://autoconfig.example.net{FILE}"),
    ("3.3", "Recommended", "mx-ispdb-full", f"{ISPDB}premium.europe.example.net"),
    ("3.4", "Recommended", "mx-ispdb-base", f"{ISPDB}example.net"),
]  # fmt: skip
LEVELS = [f"{number} {level}" for number, level, _, _ in LOOK_UPS]
OURS = [name for _, _, name, _ in LOOK_UPS]


async def answers(*urls: str) -> tuple[dict[str, Answer], list[str]]:
    """The answers of all sources where *urls* have a document, in their order, and the requests."""
    where = context({("example.org", "MX"): MX}, dict.fromkeys(urls, DOCUMENT))
    found = await run_all(sources(), ALICE, where, deadline=1)
    return {one.question.id: one for one in found}, asked(where)[1]


@pytest.mark.parametrize(("number", "level", "name", "url"), LOOK_UPS, ids=LEVELS)
async def test_each_look_up_finds_what_is_only_there(
    number: str,
    level: str,
    name: str,
    url: str,
) -> None:
    """Draft §4: for full support all Required and Recommended mechanisms work."""
    found, requests = await answers(url)
    assert found[name].outcome is Outcome.FOUND, (number, level)
    assert found[name].asked == url
    assert requests.count(url) == 1
    assert [one for one in OURS if found[one].outcome is Outcome.FOUND] == [name]


async def test_the_answers_stand_in_the_order_of_the_draft() -> None:
    """Draft §4: what has the lower number is preferred, whatever comes first."""
    found, _ = await answers(*(url for *_, url in LOOK_UPS))
    assert [name for name in found if name in OURS] == OURS


async def test_the_way_by_mx_is_https_only() -> None:
    """Draft §4.3 names no other: neither plain HTTP nor the well-known address."""
    _, requests = await answers()
    by_mx = [url for url in requests if "example.net" in url and not url.startswith(ISPDB)]
    assert by_mx == [url for _, _, name, url in LOOK_UPS if name.startswith("mx-autoconfig")]


async def test_only_the_most_preferred_exchanger_counts() -> None:
    """Draft §4.3: the others are not asked."""
    _, requests = await answers()
    assert not any("example.com" in url for url in requests)
