"""The operator's configuration folder: ``config.toml`` for option defaults, ``rules/`` for rules.

Names in the file are those of the long options: ``nameserver = ["192.0.2.53"]``,
``ispdb = "none"``, ``timeout = 20``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from advisor import folders
from advisor.errors import InputError

# Each option with the types that its value may have, and how they are called.
OPTIONS: dict[str, tuple[tuple[type, ...], str]] = {
    "nameserver": ((str, list), "an address, or a list of them"),
    "ca-file": ((str,), "a file name"),
    "ispdb": ((str,), "a URL or “none”"),
    "trust-resolver": ((bool,), "true or false"),
    "trust-anchor": ((str,), "a file name"),
    "timeout": ((int, float), "a number of seconds"),
    "probe": ((bool,), "true or false"),
    "ipv4": ((bool,), "true or false"),
    "ipv6": ((bool,), "true or false"),
    "private-addresses": ((bool,), "true or false"),
    "format": ((str,), "text, json, yaml or markdown"),
}
COMMANDS = (
    "recommend", "port", "explain", "check", "diagnose", "instructions", "probe", "doctor",
    "audit", "lint", "export",
)  # fmt: skip
GROUPS = {
    "clients": ("list", "show"),
    "rules": ("list", "show", "facts"),
    "providers": ("list", "show", "import"),
}

# Where a parameter cannot have the name of its option.
_PARAMETERS = {"format": "form"}


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
    for name, value in options.items():
        if not _fits(value, *OPTIONS[name][0]) or "\0" in str(value):
            raise InputError(f"{path}: {name} should be {OPTIONS[name][1]}")
    options = {
        n: [v] if n == "nameserver" and isinstance(v, str) else v for n, v in options.items()
    }
    values = {_PARAMETERS.get(name, name.replace("-", "_")): options[name] for name in options}
    groups = {group: dict.fromkeys(names, values) for group, names in GROUPS.items()}
    return {**dict.fromkeys(COMMANDS, values), **groups}


def _fits(value: Any, *types: type) -> bool:
    if isinstance(value, bool) and bool not in types:
        return False
    if isinstance(value, list):
        return list in types and all(isinstance(one, str) for one in value)
    return isinstance(value, types)
