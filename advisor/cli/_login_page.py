"""What came of signing in, for people: one line a server."""

from __future__ import annotations

from advisor.model.auth import UsernameForm
from advisor.model.login import Login, LoginResult
from advisor.model.text import printable

_RESULTS = {
    LoginResult.WORKS: "works",
    LoginResult.WRONG_PASSWORD: "refused: wrong password, or wrong user name",
    LoginResult.WRONG_USERNAME_FORM: "refused: the user name is wanted in another form",
    LoginResult.NEEDS_APP_PASSWORD: "refused: it wants an app password",
    LoginResult.NEEDS_OAUTH2: "refused: it wants OAuth2",
    LoginResult.PROTOCOL_DISABLED: "refused: switched off for this user",
    LoginResult.TRY_LATER: "refused for now: try again later",
    LoginResult.REFUSED: "refused",
    LoginResult.FAILED: "not decided",
    LoginResult.NOT_TRIED: "not tried",
}
_FORMS = {
    UsernameForm.ADDRESS: "with the full address as user name",
    UsernameForm.LOCALPART: "with the part before the @ as user name",
    UsernameForm.DOMAIN_LOCALPART: "with DOMAIN\\user as user name",
}


def login_line(where: str, told: Login) -> str:
    """The line for *where*, such as "IMAP 993"."""
    how = ""
    if told.result is not LoginResult.NOT_TRIED and told.mechanism:
        how = f" ({told.mechanism}, {_FORMS.get(told.username_form, 'user name as given')})"
    says = "" if told.result is LoginResult.WORKS else f": {printable(told.says, 200)}"
    return f"Login at {where} {_RESULTS[told.result]}{how}{says}"
