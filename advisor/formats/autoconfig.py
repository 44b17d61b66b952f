"""clientConfig XML, the format of Thunderbird's autoconfig: read leniently, written strictly.

Knows versions 1.1 and 1.2 as far as they describe mail, DAV, JMAP and ManageSieve servers. What
else they say (web mail, chat, instructions …) is kept and written again, but for passwords and
clients' secrets.

See: draft-ietf-mailmaint-autoconfig-06 §3.
"""

from __future__ import annotations

from advisor.formats._autoconfig_document import ClientConfig, Part
from advisor.formats._autoconfig_read import parse
from advisor.formats._autoconfig_write import render

__all__ = ["ClientConfig", "Part", "parse", "render"]
