"""Words as the keyword search compares them: lower case, without accents."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=20_000)
def normalised(text: str) -> str:
    """Return the text in lower case without accents."""
    return "".join(
        c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c)
    )
