"""What the headers of a reply say."""

from __future__ import annotations

import pytest

from advisor.model.auth import AuthMethod, methods_of
from advisor.services._base import Reply
from advisor.services._challenges import schemes
from advisor.services._software import software


def reply(*headers: tuple[str, str]) -> Reply:
    """A reply with nothing but these."""
    return Reply(401, "", headers)


@pytest.mark.parametrize(
    ("values", "offered"),
    [
        (['Basic realm="x"'], ("Basic",)),
        (['basic realm="a, Digest b", charset="UTF-8"', "Negotiate"], ("Basic", "Negotiate")),
        (['Digest realm="x", nonce="a=b", qop="auth", Basic realm="y"'], ("Digest", "Basic")),
        (['Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="s"'],
         ("Newauth", "Basic")),
        (["NTLM TlRMTVNTUAAC=="], ("NTLM",)),
        (["Bearer", "Bearer realm=x"], ("Bearer",)),
        (['SCRAM-SHA-256 realm="x"'], ("SCRAM-SHA-256",)),
        (["Basic realm = x"], ("Basic",)),
        (['Basic realm="x'], ("Basic",)),
        (["", ",,", "= =", "a=b"], ()),
        (["x" * 50], ()),
    ],
)  # fmt: skip
def test_the_schemes_of_challenges(values: list[str], offered: tuple[str, ...]) -> None:
    """Commas within quotes are no commas (RFC 9110 §11.6.1, whose example is the fourth)."""
    assert schemes(reply(*(("www-authenticate", value) for value in values))) == offered


def test_schemes_are_methods_to_sign_in() -> None:
    """Grouped as the mechanisms of mail are."""
    found = methods_of(("Basic", "Digest", "Bearer", "Negotiate", "NTLM", "Newauth"))
    assert found == (
        AuthMethod.PASSWORD, AuthMethod.CHALLENGE, AuthMethod.OAUTH2, AuthMethod.GSSAPI,
        AuthMethod.NTLM,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ([("server", "nginx/1.22"), ("www-authenticate", 'Basic realm="Radicale - Password"')],
         "Radicale"),
        ([("server", "Apache"), ("x-sabre-version", "4.1")], "sabre/dav"),
        ([("server", "Cyrus-HTTP/3.6 Cyrus-SASL/2.1")], "Cyrus"),
        ([("server", "Stalwart")], "Stalwart"),
        ([("server", "Apache-Coyote/1.1")], "Apache Tomcat"),
        ([("server", "nginx")], "nginx"),
        ([("server", "x")], None),
        ([], None),
    ],
)  # fmt: skip
def test_the_software_is_guessed(headers: list[tuple[str, str]], name: str | None) -> None:
    """What is nearest to the service is believed before the web server in front of it."""
    assert software(reply(*headers)) == name
