"""PACC JSON and the record that vouches for it."""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import ExportError, FormatError
from advisor.formats import pacc
from advisor.formats.pacc import Configuration
from advisor.model.auth import ADDRESS, LOCALPART, AuthMethod, OAuth2
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Candidate, Problem

PASSWORD = (AuthMethod.PASSWORD,)
MINIMAL: dict[str, Any] = {
    "protocols": {"imap": {"host": "imap.example.org"}, "submit": {"host": "smtp.example.org"}},
    "authentication": {"password": True},
    "info": {"provider": {"name": "Example Mail"}},
}


def document(**changes: Any) -> bytes:
    """The minimal document with *changes* at the top."""
    return json.dumps(MINIMAL | changes).encode()


def server(protocol: Protocol, host: str, port: int, **more: Any) -> Candidate:
    """A server as the format can say it."""
    return Candidate(Endpoint(protocol, host, port, Security.TLS), ADDRESS, PASSWORD, **more)


IMAP = server(Protocol.IMAP, "imap.example.org", 993)
SMTP = server(Protocol.SMTP, "smtp.example.org", 465)
CALDAV = server(Protocol.CALDAV, "dav.example.org", 443, url="https://dav.example.org/cal/")


def test_the_minimal_document_is_read() -> None:
    """Implicit TLS on the standard ports, and the full address as user name."""
    assert pacc.parse(document()) == Configuration("Example Mail", candidates=(IMAP, SMTP))


@pytest.mark.parametrize("name", ["submit", "smtp"])
def test_both_names_of_submission_are_read(name: str) -> None:
    """Revision 02 says smtp, revision 03 submit."""
    found = pacc.parse(document(protocols={name: {"host": "smtp.example.org"}}))
    assert found.candidates == (SMTP,)


def test_the_same_submission_under_both_names_is_one() -> None:
    """As publishers do during the change."""
    host = {"host": "smtp.example.org"}
    found = pacc.parse(document(protocols={"smtp": host, "submit": host}))
    assert found.candidates == (SMTP,)


def test_services_are_read_by_their_address() -> None:
    """JMAP, CalDAV and CardDAV."""
    url = "https://dav.example.org/cal/"
    found = pacc.parse(document(protocols={"caldav": {"url": url}, "webdav": {"url": url}}))
    assert found.candidates == (CALDAV,)


@pytest.mark.parametrize(
    ("protocols", "told"),
    [
        ({"imap": {"host": "192.0.2.1"}}, "“imap” has no host name"),
        ({"imap": {"host": 7}}, "“imap” has no host name"),
        ({"imap": []}, "“imap” has no host name"),
        ({"pop3": {}}, "“pop3” has no host name"),
        ({"jmap": {"url": "http://example.org/"}}, "“jmap” has no https address"),
        ({"caldav": {"url": "https://a@example.org/"}}, "“caldav” has no https address"),
        ({"carddav": {"url": "https://example.org/\u202e"}}, "“carddav” has no https address"),
    ],
)
def test_a_bad_server_is_dropped_and_the_rest_stays(protocols: Any, told: str) -> None:
    """With a remark that names it."""
    found = pacc.parse(document(protocols=MINIMAL["protocols"] | {"imap": None} | protocols))
    assert any(said.startswith(told) for _, said in found.remarks)
    assert SMTP in found.candidates


def test_unknown_members_are_ignored() -> None:
    """Also ManageSieve, for which there is no port with implicit TLS."""
    protocols = MINIMAL["protocols"] | {"managesieve": {"host": "s.example.org"}, "x": 1}
    found = pacc.parse(document(protocols=protocols, future=[1, 2]))
    assert found == pacc.parse(document())


def test_oauth_names_its_issuer() -> None:
    """For every server alike."""
    said = {"password": False, "oauth-public": {"issuer": "https://login.example.org"}}
    found = pacc.parse(document(authentication=said))
    assert {one.auth for one in found.candidates} == {(AuthMethod.OAUTH2,)}
    assert {one.oauth2 for one in found.candidates} == {OAuth2("https://login.example.org")}


@pytest.mark.parametrize("issuer", ["http://a.example.org", "https://a.example.org/?x", 5, None])
def test_a_bad_issuer_is_dropped(issuer: Any) -> None:
    """No query, no fragment, https only."""
    found = pacc.parse(document(authentication={"oauth-public": {"issuer": issuer}}))
    assert {one.oauth2 for one in found.candidates} == {None}
    assert found.remarks[0][0] is Problem.BAD_DOCUMENT


@pytest.mark.parametrize("said", [None, [], "yes", {"password": "true"}])
def test_what_says_nothing_of_signing_in_gives_no_method(said: Any) -> None:
    """And no mistake."""
    assert {one.auth for one in pacc.parse(document(authentication=said)).candidates} == {()}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<!doctype html><html/>", "web page"),
        (b"", "not valid JSON"),
        (b'{"protocols": {}', "not valid JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[]", "no object"),
        (b"{}", "no “protocols”"),
        (b'{"protocols": []}', "no “protocols”"),
        (b"[" * 200_000, "too deep"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "endless"),
        (b" " * (256 * 1024 + 1), "too large"),
    ],
)
def test_what_is_no_document_is_refused(content: bytes, told: str) -> None:
    """With the reason."""
    with pytest.raises(FormatError, match=told):
        pacc.parse(content)


def test_names_are_safe_and_short() -> None:
    """At most 60 and 20 characters, on one line, nothing hidden."""
    provider = {"name": "A\n\u202eB" + "c" * 100, "shortName": "d" * 100}
    found = pacc.parse(document(info={"provider": provider}))
    assert found.name.startswith("A \\u202eB")
    assert (len(found.name), len(found.short_name)) == (60, 20)


def test_writing_and_reading_gives_the_same() -> None:
    """And always the same bytes, without a final line end."""
    all_of_it = Configuration(
        "Bücher", "B", "https://example.org/help", (IMAP, SMTP, CALDAV)
    )  # fmt: skip
    assert pacc.parse(pacc.render(all_of_it)) == all_of_it
    assert pacc.render(all_of_it) == pacc.render(replace(all_of_it))
    assert not pacc.render(all_of_it).endswith(b"\n")


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (replace(IMAP, endpoint=replace(IMAP.endpoint, port=143)), "port"),
        (replace(IMAP, endpoint=replace(IMAP.endpoint, security=Security.STARTTLS)), "STARTTLS"),
        (replace(IMAP, username=LOCALPART), "user name"),
        (replace(IMAP, auth=(AuthMethod.NTLM,)), "differ"),
        (replace(SMTP, endpoint=replace(SMTP.endpoint, host="b.example.org")), "one submit"),
        (server(Protocol.MANAGESIEVE, "sieve.example.org", 4190), "no word for managesieve"),
        (server(Protocol.JMAP, "jmap.example.org", 443), "web address"),
    ],
)
def test_what_cannot_be_said_is_not_written(one: Candidate, told: str) -> None:
    """The refusal names it."""
    with pytest.raises(ExportError, match=told):
        pacc.render(Configuration(candidates=(SMTP, one)))


def test_oauth_without_an_issuer_cannot_be_written() -> None:
    """The format knows nothing else of it."""
    one = replace(IMAP, auth=(AuthMethod.OAUTH2,), oauth2=OAuth2("login.example.org"))
    with pytest.raises(ExportError, match="issuer"):
        pacc.render(Configuration(candidates=(one,)))


def test_the_record_holds_the_digest() -> None:
    """SHA-256 of every byte, in base64."""
    digest = base64.b64encode(hashlib.sha256(b"{}").digest()).decode()
    assert pacc.record(b"{}") == f"v=UAAC1; a=sha256; d={digest}"
    assert pacc.matches(b"{}", [pacc.record(b"[]"), pacc.record(b"{}")])
    assert not pacc.matches(b"{} ", [pacc.record(b"{}")])


D = base64.b64encode(b"x" * 32).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"v=UAAC1; a=sha256; d={D}",
        f"v=UAAC1;a=sha256;d={D};",
        f" d = {D} ;\ta = sha256 ; v = UAAC1 ; ",
        f"v=uaac1; A=SHA256; d={D}; x=unknown",
    ],
)
def test_records_are_read_in_every_spelling(text: str) -> None:
    """Any order, blanks around, unknown tags, one final semicolon."""
    assert pacc.digests([text]) == {b"x" * 32}


@pytest.mark.parametrize(
    "text",
    [
        "",
        ";",
        "v=spf1 -all",
        f"v=UAAC2; a=sha256; d={D}",
        f"v=UAAC1; a=md5; d={D}",
        f"v=UAAC1; a=sha256; d={D}; d={D}",
        f";v=UAAC1; a=sha256; d={D}",
        f"v=UAAC1; a=sha256; d={D};;",
        "v=UAAC1; a=sha256; d=AAAA",
        "v=UAAC1; a=sha256; d=*",
        "v=UAAC1; a=sha256",
        f"v=UAAC1; a=sha256; d={D}\u00e4",
    ],
)
def test_what_is_no_record_holds_no_digest(text: str) -> None:
    """Other records may stand at the same name."""
    assert pacc.digests([text]) == frozenset()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["protocols", "imap", "smtp", "jmap", "host", "url", "authentication",
                             "oauth-public", "issuer", "info", "provider", "name"])
            | st.text(max_size=8),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)  # fmt: skip


@given(JSON)
def test_any_json_is_read_or_refused(value: Any) -> None:
    """Nothing else can happen, and what is read can be shown."""
    try:
        found = pacc.parse(json.dumps({"protocols": value} if value else value).encode())
    except FormatError:
        return
    assert found.name.isprintable()


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Whatever a stranger sends."""
    with suppress(FormatError):
        assert pacc.parse(content).name.isprintable()


@given(st.text(max_size=200))
def test_any_text_record_is_read_or_passed_over(text: str) -> None:
    """Whatever stands in DNS."""
    assert len(pacc.digests([text])) <= 1
