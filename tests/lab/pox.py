"""What Autodiscover servers answer, as text: settings, and where to ask instead."""

from __future__ import annotations

FILE = "/autodiscover/autodiscover.xml"
JSON_FILE = "/autodiscover/autodiscover.json"

ANSWER = """\
<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
<Account><AccountType>email</AccountType>{account}</Account></Response></Autodiscover>
"""

PROTOCOL = """
<Protocol><Type>{kind}</Type><Server>{host}</Server><Port>{port}</Port>
<DomainRequired>off</DomainRequired><SPA>off</SPA><SSL>{ssl}</SSL>
<Encryption>{encryption}</Encryption><AuthRequired>on</AuthRequired></Protocol>
"""


def settings(*offers: str) -> str:
    """Settings: "type host port SSL Encryption" each."""
    sections = ""
    for offer in offers:
        kind, host, port, ssl, encryption = offer.split()
        sections += PROTOCOL.format(kind=kind, host=host, port=port, ssl=ssl, encryption=encryption)
    return ANSWER.format(account=f"<Action>settings</Action>{sections}")


def implicit(domain: str) -> str:
    """IMAP and submission over implicit TLS."""
    return settings(f"IMAP imap.{domain} 993 on SSL", f"SMTP smtp.{domain} 465 on SSL")


def to_url(url: str) -> str:
    """Ask there."""
    return ANSWER.format(account=f"<Action>redirectUrl</Action><RedirectUrl>{url}</RedirectUrl>")


def to_address(address: str) -> str:
    """Ask for that address."""
    return ANSWER.format(
        account=f"<Action>redirectAddr</Action><RedirectAddr>{address}</RedirectAddr>"
    )
