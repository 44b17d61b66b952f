"""The keys of configuration profiles that concern mail, with their kinds.

See: Apple's device-management schema, TopLevel, CommonPayloadKeys, com.apple.mail.managed,
com.apple.caldav.account and com.apple.carddav.account (release of October 2024).
"""

from __future__ import annotations

from dataclasses import dataclass

COMMON = {
    "PayloadType": "string", "PayloadVersion": "integer", "PayloadIdentifier": "string",
    "PayloadUUID": "string",
}  # fmt: skip
_SHOWN = {
    "PayloadDisplayName": "string", "PayloadDescription": "string",
    "PayloadOrganization": "string",
}  # fmt: skip
OUTER = COMMON | _SHOWN | {
    "PayloadContent": "array", "IsEncrypted": "boolean", "EncryptedPayloadContent": "data",
    "HasRemovalPasscode": "boolean", "PayloadRemovalDisallowed": "boolean",
    "PayloadScope": "string", "RemovalDate": "date", "DurationUntilRemoval": "real",
    "PayloadExpirationDate": "date", "TargetDeviceType": "integer", "ConsentText": "dict",
}  # fmt: skip


def _flags(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "boolean")


def _texts(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "string")


@dataclass(frozen=True, slots=True)
class Payload:
    """One type of payload: its keys with their kinds, which are *needed*, which hold secrets."""

    keys: dict[str, str]
    needed: tuple[str, ...]
    secrets: tuple[str, ...]


_MAIL = (
    _texts(
        "EmailAccountDescription", "EmailAccountName", "EmailAccountType", "EmailAddress",
        "IncomingMailServerAuthentication", "IncomingMailServerHostName",
        "IncomingMailServerUsername", "IncomingPassword", "IncomingMailServerIMAPPathPrefix",
        "OutgoingMailServerAuthentication", "OutgoingMailServerHostName",
        "OutgoingMailServerUsername", "OutgoingPassword", "SMIMESigningCertificateUUID",
        "SMIMEEncryptionCertificateUUID", "VPNUUID",
    )
    | _flags(
        "IncomingMailServerUseSSL", "OutgoingMailServerUseSSL",
        "OutgoingPasswordSameAsIncomingPassword", "PreventMove", "PreventAppSheet",
        "disableMailRecentsSyncing", "allowMailDrop", "SMIMEEnabled", "SMIMESigningEnabled",
        "SMIMEEncryptionEnabled", "SMIMEEnablePerMessageSwitch", "SMIMESigningUserOverrideable",
        "SMIMESigningCertificateUUIDUserOverrideable", "SMIMEEncryptByDefault",
        "SMIMEEncryptByDefaultUserOverrideable",
        "SMIMEEncryptionCertificateUUIDUserOverrideable",
        "SMIMEEnableEncryptionPerMessageSwitch",
    )
    | {"IncomingMailServerPortNumber": "integer", "OutgoingMailServerPortNumber": "integer"}
)  # fmt: skip


def _dav(kind: str) -> dict[str, str]:
    return (
        _texts(
            f"{kind}AccountDescription", f"{kind}HostName", f"{kind}Username", f"{kind}Password",
            f"{kind}PrincipalURL", "VPNUUID",
        )
        | _flags(f"{kind}UseSSL")
        | {f"{kind}Port": "integer", "CommunicationServiceRules": "dict"}
    )  # fmt: skip


PAYLOADS = {
    "com.apple.mail.managed": Payload(
        COMMON | _SHOWN | _MAIL,
        ("EmailAccountType", "IncomingMailServerAuthentication", "IncomingMailServerHostName",
         "OutgoingMailServerAuthentication", "OutgoingMailServerHostName"),
        ("IncomingPassword", "OutgoingPassword"),
    ),
    "com.apple.caldav.account": Payload(
        COMMON | _SHOWN | _dav("CalDAV"), ("CalDAVHostName",), ("CalDAVPassword",)
    ),
    "com.apple.carddav.account": Payload(
        COMMON | _SHOWN | _dav("CardDAV"), ("CardDAVHostName",), ("CardDAVPassword",)
    ),
}  # fmt: skip
