"""A minimal answer of Autodiscover, and the servers in it."""

from __future__ import annotations

from advisor.model.auth import ADDRESS, AuthMethod
from advisor.model.endpoint import Endpoint, Protocol, Security
from advisor.model.evidence import Candidate

JANE = "jane@example.org"
MINIMAL = """<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
  <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
    <User><DisplayName>Jane</DisplayName></User>
    <Account>
      <AccountType>email</AccountType>
      <Action>settings</Action>
      <Protocol>
        <Type>IMAP</Type>
        <Server>imap.example.org</Server>
        <Port>993</Port>
        <LoginName>jane@example.org</LoginName>
        <DomainRequired>off</DomainRequired>
        <SPA>off</SPA>
        <SSL>on</SSL>
        <Encryption>SSL</Encryption>
        <AuthRequired>on</AuthRequired>
      </Protocol>
      <Protocol>
        <Type>SMTP</Type>
        <Server>smtp.example.org</Server>
        <Port>587</Port>
        <LoginName>jane@example.org</LoginName>
        <DomainRequired>off</DomainRequired>
        <SPA>off</SPA>
        <SSL>on</SSL>
        <Encryption>TLS</Encryption>
        <AuthRequired>on</AuthRequired>
      </Protocol>
    </Account>
  </Response>
</Autodiscover>
"""
PASSWORD = (AuthMethod.PASSWORD,)
IMAP = Candidate(Endpoint(Protocol.IMAP, "imap.example.org", 993, Security.TLS), ADDRESS, PASSWORD)
SMTP = Candidate(
    Endpoint(Protocol.SMTP, "smtp.example.org", 587, Security.STARTTLS), ADDRESS, PASSWORD
)
