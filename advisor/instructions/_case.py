"""What the steps for one account in one client are made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from advisor.model.auth import AuthMethod
from advisor.model.endpoint import Protocol, Security
from advisor.model.language import Language
from advisor.model.report import ClientRow, Report, Setting

# The sentences of guides that lead to a configuration file.
_FILES = {"put-config", "put-server-config"}

# The kinds of clients that people read their mail with.
_PROGRAMS = {"desktop", "mobile", "webmail"}

# The codes of findings that change the steps.
_APP_PASSWORD = {"app-password-required", "client-app-password"}
_SWITCH_ON_FIRST = "access-switch-on-first"


class Case:
    """One account, one client, one language; *guide* is how that client is set up.

    *kind* is the client's in the catalogue.

    ``has_foreign_labels`` turns true when a label had to be left in English.
    """

    def __init__(
        self,
        report: Report,
        client: ClientRow,
        incoming: Setting | None,
        outgoing: Setting | None,
        guide: Mapping[str, Any],
        language: Language,
        kind: str = "desktop",
    ) -> None:
        self.report = report
        self.client = client
        self.incoming = incoming
        self.outgoing = outgoing
        self.guide = guide
        self.language = language
        self.has_foreign_labels = False
        self._is_program = kind in _PROGRAMS
        self._is_file = any(one.get("say") in _FILES for one in guide["steps"])

    @property
    def chosen(self) -> list[Setting]:
        """The settings that are set up, incoming first."""
        return [one for one in (self.incoming, self.outgoing) if one]

    @property
    def protocol(self) -> str:
        """What the client calls the protocol that mail is read by."""
        if self.incoming is None:
            return "SMTP"
        if self.incoming.protocol is Protocol.POP3:
            return str(self.guide.get("pop3") or "POP3")
        return "IMAP"

    @property
    def provider(self) -> str:
        """Who runs the mail, or its domain where nobody knows."""
        return self.report.provider.name if self.report.provider else self.report.domain_unicode

    def say(self, key: str, direction: str | None = None, **values: str) -> str:
        """The sentence *key*, which may name the client, the provider, the domain and a protocol.

        The protocol is the one of *direction*.
        """
        return self.language.say(
            key,
            client=self.client.name,
            protocol="SMTP" if direction == "outgoing" else self.protocol,
            provider=self.provider,
            domain=self.report.domain_unicode,
            **values,
        )

    def label(self, text: str) -> str:
        """What the client calls *text* in this language, or *text* where nobody knows.

        The words of a configuration file are the same in every language.
        """
        if self.language.id == "en" or self._is_file:
            return text
        found = self.language.label(self.client.id, text)
        if found is None:
            self.has_foreign_labels = True
        return found or text

    def of(self, direction: str | None) -> Setting | None:
        """The setting of *direction*; the first one there is for None."""
        if direction == "outgoing":
            return self.outgoing
        if direction == "incoming":
            return self.incoming
        return self.incoming or self.outgoing

    def takes_app_password(self, one: Setting | None) -> bool:
        """Is it an app password that belongs into the password's box?"""
        return not self.takes_oauth2(one) and bool(self._codes & _APP_PASSWORD)

    def takes_oauth2(self, one: Setting | None) -> bool:
        """Does one sign in in the provider's own window?

        Not where the guide prefers a password and the server takes one.
        """
        if one is None or not one.auth:
            return False
        if self.guide.get("prefers") == "password" and AuthMethod.PASSWORD in one.auth:
            return False
        return one.auth[0] is AuthMethod.OAUTH2

    @property
    def _has_one_login(self) -> bool:
        """Is the user name for sending the one for reading?"""
        return len({one.username for one in self.chosen}) == 1

    @property
    def _codes(self) -> set[str]:
        return {found.code for found in self.report.findings}

    def holds(self, when: Iterable[str], direction: str | None = None) -> bool:
        """Are all words of *when* true, said of the setting of *direction*?"""
        one = self.of(direction)
        oauth2, app_password = self.takes_oauth2(one), self.takes_app_password(one)
        facts = {
            "imap": bool(self.incoming and self.incoming.protocol is Protocol.IMAP),
            "pop3": bool(self.incoming and self.incoming.protocol is Protocol.POP3),
            "incoming": self.incoming is not None,
            "outgoing": self.outgoing is not None,
            "no-incoming": self.incoming is None,
            "no-outgoing": self.outgoing is None,
            "both": len(self.chosen) == 2,
            "password": not oauth2,
            "app-password": app_password,
            "oauth2": oauth2,
            "switch-on-first": _SWITCH_ON_FIRST in self._codes,
            "mail-program": self._is_program,
            "settings": not self._is_program,
            "same-login": self._has_one_login,
            "own-login": not self._has_one_login,
            "tls": bool(one and one.security is Security.TLS),
            "starttls": bool(one and one.security is Security.STARTTLS),
        }
        return all(facts[word] for word in when)
