"""CardDAV: contacts (RFC 6352), found as RFC 6764 says."""

from __future__ import annotations

from advisor.model.endpoint import Protocol
from advisor.services._dav import service

SERVICE = service(Protocol.CARDDAV, "CardDAV")
