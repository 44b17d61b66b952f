"""Addresses, domains and host names: what is taken, what is refused, and in which form."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from advisor.errors import InvalidAddress
from advisor.model.address import Domain, Subject, domain, host_name, is_within, subject
from advisor.model.text import printable

LABEL = "a" * 63
LONGEST = ".".join([LABEL, LABEL, LABEL, "a" * 57, "org"])
ANY_TEXT = st.text(st.characters())  # surrogates too


def is_safe(text: str) -> bool:
    """Can *text* be shown as it is, on one line?"""
    return printable(text, 10_000) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("imap.example.org", "imap.example.org"),
        ("IMAP.Example.ORG", "imap.example.org"),
        ("imap.example.org.", "imap.example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("imap。example。org", "imap.example.org"),
        ("ｉｍａｐ.example.org", "imap.example.org"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("1and1.example", "1and1.example"),
        ("3.example", "3.example"),
        ("_dmarc.example.org", "_dmarc.example.org"),
        ("a--b.example", "a--b.example"),
        (LONGEST, LONGEST),
        (f"{LONGEST}.", LONGEST),
    ],
)
def test_host_names_become_lower_case_a_labels(text: str, name: str) -> None:
    """RFC 5890 §2.3.2.1, RFC 1123 §2.1 (a label may begin with a digit), UTS 46 mapping."""
    assert len(LONGEST) == 253
    assert host_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "org",
        "localhost",
        "192.0.2.1",
        "192.0.2.1.",
        "１９２.０.２.１",
        "999.999.999.999",
        "127.1",
        "example.123",
        "::1",
        "[::1]",
        "imap..example.org",
        ".example.org",
        "example.org..",
        "-a.example.org",
        "a-.example.org",
        "a b.example.org",
        " example.org",
        "a\x00.example.org",
        "a.example.org\n",
        "*.example.org",
        "a@example.org",
        "imap.example.org:993",
        "a/b.example.org",
        f"a{LABEL}.example.org",
        f"a{LONGEST}",
        "☃.example",
        "a\u202eb.example",
        "\ud800.example",
        "é" * 2000 + ".example",
    ],
    ids=lambda text: ascii(text)[:40],
)
def test_what_is_no_host_name_is_none(text: str) -> None:
    """RFC 1035 §2.3.4, RFC 1123 §2.1: lengths, characters; addresses and single labels not here."""
    assert host_name(text) is None


@pytest.mark.parametrize(
    ("text", "ascii_name", "unicode_name"),
    [
        ("example.org", "example.org", "example.org"),
        ("EXAMPLE.org", "example.org", "example.org"),
        (" example.org. ", "example.org", "example.org"),
        ("bücher.example", "xn--bcher-kva.example", "bücher.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", "bücher.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example", "bücher.example"),
        ("BÜCHER.EXAMPLE", "xn--bcher-kva.example", "bücher.example"),
        ("straße.example", "xn--strae-oqa.example", "straße.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah", "例え.テスト"),
        ("bücher。example", "xn--bcher-kva.example", "bücher.example"),
        ("mañana.example", "xn--maana-pta.example", "mañana.example"),
        ("a-b.co.uk", "a-b.co.uk", "a-b.co.uk"),
        ("1and1.example", "1and1.example", "1and1.example"),
    ],
)
def test_domains_have_both_forms(text: str, ascii_name: str, unicode_name: str) -> None:
    """RFC 5890 §2.3.2.1: A-labels inside, U-labels for people, whichever was typed."""
    assert domain(text) == Domain(ascii_name, unicode_name)
    assert str(domain(text)) == ascii_name


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("...", "is empty"),
        ("192.0.2.1", "is an IP address"),
        ("[192.0.2.1]", "is an IP address"),
        ("[IPv6:2001:db8::1]", "is an IP address"),
        ("2001:db8::1", "is an IP address"),
        ("*.example.org", "is a wildcard"),
        ("org", "is a single word"),
        ("localhost", "is a single word"),
        ("example..org", "empty label"),
        (".example.org", "empty label"),
        (f"a{LABEL}.org", "more than 63"),
        (f"a{LONGEST}", "longer than a domain can be"),
        ("x" * 100_000, "longer than a domain can be"),
        ("-example.org", "no valid label"),
        ("example-.org", "no valid label"),
        ("exam_ple.org", "no valid label"),
        ("exam ple.org", "no valid label"),
        ("exam\x1b[31mple.org", "no valid label"),
        ("example.123", "never a number"),
        ("１９２.０.２.１", "never a number"),
        ("☃.example", "not a valid internationalised domain"),
        ("xn--zzzzzz--.example", "not a valid internationalised domain"),
        ("a\u202eb.example", "not a valid internationalised domain"),
    ],
    ids=lambda text: ascii(text)[:40],
)
def test_what_is_no_mail_domain_is_refused_with_a_sentence(text: str, says: str) -> None:
    """RFC 1035 §2.3.4 and RFC 5891 §5; the message is one line and safe to show."""
    with pytest.raises(InvalidAddress, match=says) as caught:
        domain(text)
    assert is_safe(str(caught.value))
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("text", "local_part"),
    [
        ("alice@example.org", "alice"),
        ("  alice@example.org\n", "alice"),
        ("Alice@EXAMPLE.org", "Alice"),
        ("al.ice+tag@example.org", "al.ice+tag"),
        ("!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~"),
        ('"al ice"@example.org', '"al ice"'),
        ('"a@b"@example.org', '"a@b"'),
        (r'"a\"b\\"@example.org', r'"a\"b\\"'),
        ('""@example.org', '""'),
        ("müller@example.org", "müller"),
        ("用户@example.org", "用户"),
        ("a" * 64 + "@example.org", "a" * 64),
        ("é" * 32 + "@example.org", "é" * 32),
        ("0@example.org", "0"),
    ],
    ids=lambda text: ascii(text)[:40],
)
def test_the_local_part_stays_exactly_as_typed(text: str, local_part: str) -> None:
    """RFC 5321 §2.3.11: only the receiving host may interpret it; §4.1.2 and RFC 6531 §3.3."""
    found = subject(text)
    assert (found.local_part, found.address) == (local_part, f"{local_part}@example.org")


@pytest.mark.parametrize(
    "text",
    [
        "@example.org",
        "@",
        "alice@",
        "alice@example",
        "alice@192.0.2.1",
        "alice@[192.0.2.1]",
        "al ice@example.org",
        "alice@bob@example.org",
        "a(comment)@example.org",
        "Alice <alice@example.org>",
        "alice@example.org, bob@example.org",
        "mailto:alice@example.org",
        r"a\b@example.org",
        '"alice@example.org',
        '"a"b"@example.org',
        '"a\x07"@example.org',
        "alice\x00@example.org",
        "alice\u202e@example.org",
        "alice\u200b@example.org",
        "a" * 65 + "@example.org",
        "é" * 33 + "@example.org",
        "a" * 64 + "@" + LONGEST,
        "\udcff@example.org",
    ],
    ids=lambda text: ascii(text)[:40],
)
def test_what_is_no_address_is_refused_with_a_sentence(text: str) -> None:
    """RFC 5321 §4.1.2 (syntax) and §4.5.3.1 (lengths in octets)."""
    with pytest.raises(InvalidAddress) as caught:
        subject(text)
    assert is_safe(str(caught.value))


@pytest.mark.parametrize("local_part", [".alice", "alice.", "al..ice", "."])
def test_dots_stand_between_atoms_only(local_part: str) -> None:
    """RFC 5321 §4.1.2: Dot-string = Atom *("." Atom)."""
    with pytest.raises(InvalidAddress):
        subject(f"{local_part}@example.org")


def test_a_refusal_takes_no_time() -> None:
    """Each further dot costs as much as the one before, not twice as much."""
    begun = perf_counter()
    with pytest.raises(InvalidAddress):
        subject("a." * 24 + "(@example.org")
    assert perf_counter() - begun < 0.2


@pytest.mark.parametrize("code", [0xD800, 0xDBFF, 0xDFFF], ids=hex)
def test_lone_surrogates_are_refused(code: int) -> None:
    """They are no characters, wherever they stand."""
    sign = chr(code)
    for text in (f"{sign}@example.org", f"a@{sign}.org", sign):
        with pytest.raises(InvalidAddress):
            subject(text)


def test_a_bare_domain_names_nobody() -> None:
    """There is no address then, and the domain is what is shown."""
    found = subject("bücher.example")
    assert found == Subject(domain("bücher.example"))
    assert (found.address, found.shown) == (None, "bücher.example")


def test_people_see_u_labels_and_servers_a_labels() -> None:
    """One subject, both ways."""
    found = subject("alice@xn--bcher-kva.example")
    assert found.address == "alice@xn--bcher-kva.example"
    assert found.shown == "alice@bücher.example"


@pytest.mark.parametrize(
    ("host", "parent", "expected"),
    [
        ("example.org", "example.org", True),
        ("a.b.example.org", "example.org", True),
        ("badexample.org", "example.org", False),
        ("example.org", "a.example.org", False),
        ("example.org.evil.example", "example.org", False),
    ],
)
def test_below_means_at_a_dot(host: str, parent: str, expected: bool) -> None:
    """The end of a word is not the end of a name."""
    assert is_within(host, parent) is expected


@given(st.text() | st.from_regex(r"[a-z.\"\\ (é]{1,12}@[a-z.é_-]{1,12}", fullmatch=True))
@example("a@xn--\u0000")
@example("a@\u0300.example")
@example("a@\u200d.example")
@example("a@xn--.example")
@example("a@xn--a.xn--é")
def test_any_text_is_a_subject_or_refused(text: str) -> None:
    """Nothing else ever comes out, and what comes out is safe to show."""
    found: Subject | InvalidAddress
    try:
        found = subject(text)
    except InvalidAddress as error:
        found = error
    assert is_safe(found.shown if isinstance(found, Subject) else str(found))


@given(ANY_TEXT | st.from_regex(r"[a-zA-Zéß。.0-9_-]{1,20}", fullmatch=True))
def test_any_text_is_a_host_name_or_none(text: str) -> None:
    """And a host name is one in its own form."""
    found = host_name(text)
    assert found is None or host_name(found) == found


LABELS = st.from_regex(r"[a-z0-9äéßñжд例]([a-z0-9äéßñжд例-]{0,8}[a-z0-9äéßñжд例])?", fullmatch=True)


@settings(deadline=None)
@given(st.none() | st.from_regex(r"[A-Za-z0-9é+_=-]{1,20}", fullmatch=True), LABELS)
def test_both_forms_lead_back_to_the_same_subject(local_part: str | None, label: str) -> None:
    """subject(shown) == subject(address) == subject."""
    text = f"{label}.example" if local_part is None else f"{local_part}@{label}.example"
    try:
        found = subject(text)
    except InvalidAddress:  # not every label of these letters is one in IDNA
        return
    assert subject(found.shown) == found
    assert subject(found.address or found.domain.ascii) == found
