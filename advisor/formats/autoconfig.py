"""clientConfig XML, the format of Thunderbird's autoconfig: read leniently, written strictly.

Knows versions 1.1 and 1.2 as far as they describe mail, DAV, JMAP and ManageSieve servers. Web
mail, chat, file shares, client secrets and passwords are skipped.

See: draft-ietf-mailmaint-autoconfig-06 §3.
"""

from __future__ import annotations

from advisor.formats._autoconfig_document import ClientConfig
from advisor.formats._autoconfig_read import parse
from advisor.formats._autoconfig_write import render

__all__ = ["ClientConfig", "parse", "render"]
