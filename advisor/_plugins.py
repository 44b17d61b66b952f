"""Finding one-file plugins: a public module in a package that carries the right attribute."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType
from typing import Any


def collect(package: ModuleType | str, attribute: str, *, required: bool = True) -> dict[str, Any]:
    """The *attribute* of every public module in *package*, keyed and sorted by module name.

    Modules whose names begin with an underscore are helpers and not looked at. With *required*
    off, a public module without the attribute is passed over.

    Raises:
        ImportError: a public module lacks the attribute, or *package* is not a package.
    """
    home = import_module(package) if isinstance(package, str) else package
    if not hasattr(home, "__path__"):
        raise ImportError(f"{home.__name__} is a module, not a package with plugins in it")
    found = {}
    for name in sorted(entry.name for entry in pkgutil.iter_modules(home.__path__)):
        if name.startswith("_"):
            continue
        module = import_module(f"{home.__name__}.{name}")
        if hasattr(module, attribute):
            found[name] = getattr(module, attribute)
        elif required:
            raise ImportError(
                f"{module.__name__} has no {attribute}: define it, "
                "or begin the file's name with an underscore if it is no plugin"
            )
    return found
