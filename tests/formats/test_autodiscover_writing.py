"""Writing Autodiscover: requests, and answers that every reader copes with."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.autodiscover import Settings, parse, render
from advisor.formats.autodiscover import request as request_for
from advisor.model.auth import ADDRESS, LOCALPART, AuthMethod, Username
from advisor.model.endpoint import CONVENTIONAL, Endpoint, Protocol, Security
from advisor.model.evidence import Candidate
from tests.formats.autodiscover_sample import IMAP, JANE, PASSWORD, SMTP

SCHEMAS = Path(__file__).parents[3] / "shared" / "schemas" / "autodiscover"

HOSTS = st.from_regex(r"[a-z]{1,8}\.example\.(org|net)", fullmatch=True)
PORTS = st.sampled_from(sorted(CONVENTIONAL)).map(lambda key: (*key, CONVENTIONAL[key]))
ANY_PORT = st.tuples(
    st.sampled_from([Protocol.IMAP, Protocol.POP3, Protocol.SMTP]),
    st.integers(1024, 65535).filter(lambda port: port != 4190),
    st.sampled_from(Security),
)
CANDIDATES = st.builds(
    lambda at, host, username, auth: Candidate(Endpoint(at[0], host, at[1], at[2]), username, auth),
    st.one_of(PORTS.filter(lambda at: at[0] is not Protocol.MANAGESIEVE), ANY_PORT),
    HOSTS,
    st.sampled_from([Username(), ADDRESS, LOCALPART, Username("%EMAILDOMAIN%\\%EMAILLOCALPART%")]),
    st.sampled_from([(AuthMethod.NTLM,), PASSWORD]),
)


@given(st.lists(CANDIDATES, max_size=6, unique_by=lambda one: one.endpoint))
def test_what_is_written_reads_back_without_a_doubt(candidates: list[Candidate]) -> None:
    """In the order of the format, which is IMAP, POP3, SMTP."""
    order = [Protocol.IMAP, Protocol.POP3, Protocol.SMTP]
    candidates.sort(key=lambda one: order.index(one.endpoint.protocol))
    written = Settings(tuple(candidates), "Jane & <Joe>")
    assert parse(render(written, address=JANE), address=JANE) == written


@pytest.mark.parametrize(
    ("port", "security", "ssl", "encryption"),
    [
        (993, Security.TLS, "on", "SSL"),
        (143, Security.STARTTLS, "on", "TLS"),
        (143, Security.NONE, "off", "None"),
    ],
)
def test_ssl_and_encryption_are_both_written(
    port: int, security: Security, ssl: str, encryption: str
) -> None:
    """ "off" with STARTTLS would be clear text to readers that know no Encryption."""
    at = Endpoint(Protocol.IMAP, "imap.example.org", port, security)
    text = render(Settings((Candidate(at),)), address=JANE).decode()
    assert f"<SSL>{ssl}</SSL>" in text
    assert f"<Encryption>{encryption}</Encryption>" in text
    assert "<SPA>off</SPA>" in text
    assert "<LoginName>" not in text


@pytest.mark.parametrize(
    "settings",
    [Settings(redirect_url="https://a.example/x"), Settings(redirect_address="j@b.example")],
)
def test_redirects_are_written(settings: Settings) -> None:
    """And read back."""
    assert parse(render(settings, address=JANE)) == settings


def test_the_request_names_the_address_and_the_schema() -> None:
    """With the namespaces as they are on the wire: http, not https."""
    text = request_for("j&j@example.org").decode()
    assert "<EMailAddress>j&amp;j@example.org</EMailAddress>" in text
    assert 'exchange/autodiscover/outlook/requestschema/2006"' in text
    assert (
        ">http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a<" in text
    )
    assert "https" not in text


@pytest.mark.skipif(not SCHEMAS.exists() or not which("xmllint"), reason="no schemas or xmllint")
@pytest.mark.parametrize(
    ("document", "schema", "is_whole"),
    [
        (request_for(JANE), "AutodiscoverRequest.xsd", True),
        (render(Settings((IMAP, SMTP), "Jane"), address=JANE), "AutodiscoverResponse.xsd", False),
        (render(Settings((IMAP, SMTP)), address=JANE), "AutodiscoverResponse.xsd", False),
    ],
    ids=["request", "response", "nameless"],
)
def test_what_is_written_fits_the_published_schema(
    document: bytes, schema: str, is_whole: bool, tmp_path: Path
) -> None:
    """Which is Exchange's, and has neither LoginName nor Encryption: those are taken out."""
    text = document.decode()
    if not is_whole:
        text = re.sub(r"\s*<(LoginName|Encryption)>.*?</\1>", "", text)
    file = tmp_path / "x.xml"
    file.write_text(text)
    ran = subprocess.run(
        ["xmllint", "--noout", "--nonet", "--schema", str(SCHEMAS / schema), str(file)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
