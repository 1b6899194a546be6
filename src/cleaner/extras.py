"""Libraries that only a part of this package needs: loaded when it is used, and named when they are missing."""

from __future__ import annotations

import importlib
from typing import Any

from cleaner.errors import MissingExtraError


def load(module: str, extra: str, what: str) -> Any:
    """Return a module that an extra of this package installs.

    Args:
        module: its name, such as ``pyarrow.parquet``.
        extra: the extra that installs it.
        what: what needs it, as the error says it.

    Raises:
        MissingExtraError: it isn't installed; the message says how it can be.
    """
    try:
        return importlib.import_module(module)
    except ImportError as problem:
        missing = (getattr(problem, "name", None) or module).partition(".")[0]
        if missing != module.partition(".")[0]:
            raise
        raise MissingExtraError(f"{what} needs {missing}: pip install 'article-cleaner[{extra}]'") from None
