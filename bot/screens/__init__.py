"""The screens, one folder per area. A module with a `SCREEN` is one; nothing else lists them."""

import importlib
import pkgutil
from collections.abc import Iterator

from bot.ui.screen import Screen


def find_screens() -> list[Screen]:
    """Every screen of every area, in the order of their names."""
    found = (getattr(importlib.import_module(name), "SCREEN", None) for name in _modules())
    return [screen for screen in found if isinstance(screen, Screen)]


def _modules() -> Iterator[str]:
    for area in pkgutil.iter_modules(__path__, f"{__name__}."):
        package = importlib.import_module(area.name)
        for module in pkgutil.iter_modules(package.__path__, f"{area.name}."):
            yield module.name
