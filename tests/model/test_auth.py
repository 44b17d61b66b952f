"""Mechanisms, methods and forms of the user name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.model import auth
from advisor.model.auth import AuthMethod, Username, UsernameForm, method_of, methods_of


@pytest.mark.parametrize(
    ("mechanism", "method"),
    [
        ("PLAIN", AuthMethod.PASSWORD),
        ("LOGIN", AuthMethod.PASSWORD),
        ("USER", AuthMethod.PASSWORD),
        ("plain", AuthMethod.PASSWORD),
        ("CRAM-MD5", AuthMethod.CHALLENGE),
        ("DIGEST-MD5", AuthMethod.CHALLENGE),
        ("APOP", AuthMethod.CHALLENGE),
        ("SCRAM-SHA-1", AuthMethod.SCRAM),
        ("SCRAM-SHA-256-PLUS", AuthMethod.SCRAM),
        ("scram-sha3-512", AuthMethod.SCRAM),
        ("NTLM", AuthMethod.NTLM),
        ("GSSAPI", AuthMethod.GSSAPI),
        ("GSS-SPNEGO", AuthMethod.GSSAPI),
        ("XOAUTH2", AuthMethod.OAUTH2),
        ("OAUTHBEARER", AuthMethod.OAUTH2),
        ("EXTERNAL", AuthMethod.EXTERNAL),
        ("ANONYMOUS", AuthMethod.NONE),
        ("PLAIN-CLIENTTOKEN", None),
        ("SCRAM", None),
        ("KERBEROS_V4", None),
        ("", None),
    ],
)
def test_a_mechanism_belongs_to_one_method(mechanism: str, method: AuthMethod | None) -> None:
    """What the user must have is told from the name, in any case; unknown ones stay unknown."""
    assert method_of(mechanism) is method


@pytest.mark.parametrize(
    ("mechanisms", "methods"),
    [
        ((), ()),
        (("PLAIN", "LOGIN"), (AuthMethod.PASSWORD,)),
        (
            ("XOAUTH2", "PLAIN", "OAUTHBEARER", "LOGIN"),
            (AuthMethod.OAUTH2, AuthMethod.PASSWORD),
        ),
        (("X-UNKNOWN", "SCRAM-SHA-256", "SCRAM-SHA-1"), (AuthMethod.SCRAM,)),
        (("X-UNKNOWN",), ()),
    ],
)
def test_methods_stand_once_in_the_order_of_their_mechanisms(
    mechanisms: tuple[str, ...], methods: tuple[AuthMethod, ...]
) -> None:
    """The server's order is kept."""
    assert methods_of(mechanisms) == methods


@pytest.mark.parametrize(
    ("template", "form", "filled"),
    [
        ("", UsernameForm.UNKNOWN, ""),
        ("%EMAILADDRESS%", UsernameForm.ADDRESS, "al.ice@example.org"),
        ("%EMAILLOCALPART%@%EMAILDOMAIN%", UsernameForm.ADDRESS, "al.ice@example.org"),
        ("%EMAILLOCALPART%", UsernameForm.LOCALPART, "al.ice"),
        (
            "%EMAILDOMAIN%\\%EMAILLOCALPART%",
            UsernameForm.DOMAIN_LOCALPART,
            "example.org\\al.ice",
        ),
        ("CORP\\%EMAILLOCALPART%", UsernameForm.OTHER, "CORP\\al.ice"),
        ("%EMAILLOCALPART%%EMAILDOMAIN%", UsernameForm.OTHER, "al.iceexample.org"),
        ("shared", UsernameForm.OTHER, "shared"),
        ("%REALNAME%", UsernameForm.OTHER, "%REALNAME%"),
        ("%emailaddress%", UsernameForm.OTHER, "%emailaddress%"),
    ],
)
def test_a_template_has_a_form_and_is_filled(
    template: str, form: UsernameForm, filled: str
) -> None:
    """The placeholders of autoconfig, draft §3.7.5; everything else stays as it is."""
    assert Username(template).form is form
    assert Username(template).fill("al.ice", "example.org") == filled


def test_without_an_address_the_template_stays() -> None:
    """For a bare domain there is nothing to fill in."""
    for name in (auth.ADDRESS, auth.LOCALPART, Username("%EMAILDOMAIN%\\%EMAILLOCALPART%")):
        assert name.fill(None, "example.org") == name.template


@pytest.mark.parametrize("local_part", ["%EMAILDOMAIN%", "a%EMAILDOMAIN%b"])
def test_what_is_filled_in_is_not_filled_again(local_part: str) -> None:
    """A percent sign may stand in a local part (RFC 5321 §4.1.2)."""
    assert auth.ADDRESS.fill(local_part, "example.org") == f"{local_part}@example.org"
    assert auth.LOCALPART.fill(local_part, "example.org") == local_part


@given(st.text(max_size=30))
def test_every_name_in_any_case_is_the_same_mechanism(name: str) -> None:
    """SASL names are compared without regard to case (RFC 4422 §3.1 has upper case only)."""
    assert method_of(name.upper()) is method_of(name)
