"""dnspython's record data as our own values."""

from __future__ import annotations

from typing import Any

from advisor.net._seams import MxRecord, SrvRecord


def record(rdata: Any) -> Any:
    """*rdata* as ``SrvRecord``, ``MxRecord`` or text; see ``DnsAnswer``."""
    match rdata.rdtype.name:
        case "A" | "AAAA":
            return rdata.address
        case "MX":
            return MxRecord(rdata.preference, _host(rdata.exchange))
        case "SRV":
            return SrvRecord(rdata.priority, rdata.weight, rdata.port, _host(rdata.target))
        case "TXT":
            return b"".join(rdata.strings).decode("utf-8", "backslashreplace")
        case "NS" | "CNAME" | "PTR" | "DNAME":
            return _host(rdata.target)
    return str(rdata)


def _host(name: Any) -> str:
    """*name* in lower case without its final dot; the root stays "."."""
    text: str = name.to_text(omit_final_dot=True)
    return text.lower() or "."
