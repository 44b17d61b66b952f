"""How a web service lets people sign in: the schemes of its challenges (RFC 9110 §11.6.1)."""

from __future__ import annotations

import re

from advisor.services._base import Reply

# challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]    (RFC 9110 §11.3)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCHEME = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]{1,40})(?= +[^ =]|$)")
_MOST = 20
# As the IANA registry of HTTP authentication schemes writes them.
_USUAL = {
    name.lower(): name
    for name in ("Basic", "Bearer", "Digest", "DPoP", "GSSAPI", "HOBA", "Mutual", "Negotiate",
                 "NTLM", "OAuth", "SCRAM-SHA-1", "SCRAM-SHA-256")
}  # fmt: skip


def schemes(reply: Reply) -> tuple[str, ...]:
    """The schemes that *reply* offers, each once, in its order; what cannot be read is passed over.

    Parameters look like ``name=value``, so a scheme is what stands alone or before a blank.
    """
    texts = (_QUOTED.sub('""', value) for value in reply.values("www-authenticate"))
    parts = (part.strip() for text in texts for part in text.split(","))
    found = (match[1] for part in parts if (match := _SCHEME.match(part)))
    return tuple(dict.fromkeys(_USUAL.get(name.lower(), name) for name in found))[:_MOST]
