"""The operator's configuration folder: ``config.toml`` for option defaults, ``rules/`` for rules.

Names in the file are those of the long options: ``nameserver = ["192.0.2.53"]``,
``ispdb = "none"``, ``timeout = 20``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from advisor import folders
from advisor.errors import InputError

OPTIONS = (
    "nameserver",
    "ca-file",
    "ispdb",
    "timeout",
    "probe",
    "ipv4",
    "ipv6",
    "private-addresses",
    "format",
)
# Where a parameter cannot have the name of its option.
_PARAMETERS = {"format": "form"}
COMMANDS = ("recommend", "probe", "export")


def own_rules() -> list[Path]:
    """The operator's own rules, where there are any."""
    path = folders.config() / "rules"
    return [path] if path.is_dir() else []


def defaults() -> dict[str, Any]:
    """Option defaults per command, as the command line framework takes them.

    Raises:
        InputError: the file cannot be read, is no TOML, or names an unknown option.
    """
    path = folders.config() / "config.toml"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    import tomllib

    try:
        options = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not valid TOML: {error}") from None
    unknown = sorted(set(options) - set(OPTIONS))
    if unknown:
        raise InputError(f"{path}: unknown option “{unknown[0]}”; known: {', '.join(OPTIONS)}")
    values = {_PARAMETERS.get(name, name.replace("-", "_")): options[name] for name in options}
    return dict.fromkeys(COMMANDS, values)
