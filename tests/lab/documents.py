"""What the web servers answer: autoconfig documents and plain pages, as text."""

from __future__ import annotations

from .scenarios import Document, Html

CLIENT_CONFIG = """\
<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="{domain}">
    <domain>{domain}</domain>
    <displayName>Mail of {domain}</displayName>
    <displayShortName>{domain}</displayShortName>
{servers}  </emailProvider>
</clientConfig>
"""

SERVER = """\
    <{element} type="{protocol}">
      <hostname>{host}</hostname>
      <port>{port}</port>
      <socketType>{socket_type}</socketType>
      <username>{username}</username>
{auth}    </{element}>
"""

AUTHENTICATION = "      <authentication>{method}</authentication>\n"

PAGE = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p>There is nothing about mail here.<br></body></html>
"""


def client_config(document: Document) -> str:
    """The autoconfig XML of these offers, incoming servers first, in their order."""
    incoming, outgoing = "", ""
    for offer in document.offers:
        protocol, host, port, socket_type = offer.split()
        server = SERVER.format(
            element="outgoingServer" if protocol == "smtp" else "incomingServer",
            protocol=protocol,
            host=host,
            port=port,
            socket_type=socket_type,
            username=document.username,
            auth="".join(AUTHENTICATION.format(method=method) for method in document.auth),
        )
        if protocol == "smtp":
            outgoing += server
        else:
            incoming += server
    return CLIENT_CONFIG.format(domain=document.domain, servers=incoming + outgoing)


def page(html: Html) -> str:
    """A web page, in HTML that is no XML."""
    return PAGE.format(title=html.title)
