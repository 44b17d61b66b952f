"""What a word means: terms, labels on screens, switches and boxes."""

from functools import cache

import pytest

from advisor.knowledge.clients import Clients
from advisor.knowledge.library import Library
from advisor.terms import explain, near


@cache
def library() -> Library:
    """The bundled knowledge."""
    return Library()


def means(word: str, client: str | None = None) -> list[str]:
    """What *word* means, in the order it is told."""
    return [one.means for one in explain(word, library(), client).meanings]


# Every word of the text that the project grew out of that needs an explanation.
SEED = [
    "SSL", "TLS", "STARTTLS", "SSL/TLS", "SSL v2", "SSL v3", "TLS v1.0", "TLS v1.1", "TLS v1.2",
    "TLS v1.3", "TLS, if available", "IMAP", "POP", "SMTP", "25", "110", "143", "465", "587", "993",
    "995", "plaintext", "encryption", "insecure connection", "secure connection", "upgrade",
    "negotiate", "login disabled", "mail user agent", "mail transfer agent", "submission",
    "username", "password", "authenticate", "port", "port number", "protocol", "STARTLS",
]  # fmt: skip


@pytest.mark.parametrize("word", SEED)
def test_a_word_of_the_seed_is_explained(word: str) -> None:
    """As people write it, with its misprint."""
    assert means(word)


def test_every_label_of_the_catalogue_is_explained() -> None:
    """Alone and with its client; a newer version may have dropped it, but somebody knows it."""
    for client in Clients(library().entries("clients")).every():
        labels = [one.label for one in client.labels] + [way.label for way in client.sign_in]
        for label in labels:
            assert means(label), (client.id, label)
        if client.range.startswith(("<", ">")):
            continue
        wanted = client.id if client.range == "*" else f"{client.id}@{client.range.split('-')[-1]}"
        for label in labels:
            where = [one.where or "" for one in explain(label, library(), wanted).meanings]
            assert any(client.id in one for one in where), (wanted, label)


@pytest.mark.parametrize("word", ["TLS", "SSL", "Auto", "SPA", "SMTP-over-SSL"])
def test_an_ambiguous_word_lists_its_meanings_by_client(word: str) -> None:
    """More than one, or one that is a client's own."""
    told = explain(word, library()).meanings
    assert any(one.where for one in told)
    assert all(one.means for one in told)


def test_meanings_are_gathered_by_what_they_say() -> None:
    """Seventeen programs that write “SSL” for the same thing are one meaning."""
    told = [one.means for one in explain("STARTTLS", library()).meanings]
    assert len(told) == len(set(told))


@pytest.mark.parametrize("word", ["EMAIL_USE_TLS", "email_use_tls", "EMAIL_USE_TLS="])
def test_a_switch_is_found_without_its_value(word: str) -> None:
    """With what each value does."""
    told = means(word.rstrip("="), "django")
    assert told[0].startswith("“EMAIL_USE_TLS = True”: for smtp: STARTTLS, required")


def test_a_switch_is_found_with_or_without_blanks() -> None:
    """As it stands in many files."""
    assert means("EMAIL_USE_TLS=True", "django") == means("EMAIL_USE_TLS = True", "django")


def test_an_address_is_no_switch() -> None:
    """“smtps” is a word of its own, not the switch of smtps://."""
    assert not any("smtps://" in one for one in means("smtps", "mutt"))


def test_a_box_on_a_screen_is_explained() -> None:
    """With the choices in it."""
    [box] = explain("Connection security:", library(), "thunderbird").meanings
    assert box.means == "the box that says how encryption begins"
    assert "“STARTTLS”" in box.because


def test_an_unknown_word_has_near_ones() -> None:
    """Terms, labels and codes alike."""
    assert means("STRATTLS") == []
    assert "STARTTLS" in near("STRATTLS", library())
    assert "Secured connection using SSL" in near("secure connection using ssl", library())
