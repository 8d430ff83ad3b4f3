"""A text as the search for technologies reads it: one byte a character, from an alphabet of thirty. Pure.

What lives here: folding. What does not: what is looked for (``technology_names``) and where it is found
(``technology``), which looks at the text itself again: folding takes much together.
"""

from __future__ import annotations

import unicodedata

# The commonest characters of French texts come first, since the automaton keeps sixteen transitions of
# a state in one line of the processor's cache: so nearly all that are used. With 32 characters a state
# has two lines. Both together are a tenth of the time of a search and two fifths of that of building.
_ALPHABET = " esnairtoulcdpmvgfhqbxjykzw.0?"
# Signs by which names begin or end (C++, C#, .NET, $Universe) are all one; so are digits.
_SIGNS, _SIGN, _DIGIT, _LETTER = ".+#&$@", ".", "0", "?"


def _folded(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    if base.isascii() and base.isalnum():
        return _DIGIT if base.isdigit() else base
    if character in _SIGNS:
        return _SIGN
    return _LETTER if character.isalnum() else " "


_FOLD = bytes(_ALPHABET.index(_folded(chr(code))) for code in range(256))
SPACE, SIGN = (bytes([_ALPHABET.index(character)]) for character in (" ", _SIGN))
WORD = bytes(code for code in range(len(_ALPHABET)) if _ALPHABET[code] not in (" ", _SIGN))
"""What words are made of."""


def in_latin_1(text: str) -> bytes:
    """Return a text with one byte a character, so that offsets hold in both; what Latin-1 lacks is ``?``."""
    return text.encode("latin-1", "replace")


def fold(text: bytes) -> bytes:
    """Return a text in Latin-1 in the alphabet of the search.

    Case, accents and the kind of a digit or sign are lost. It takes a third of the time of ``str.lower``,
    and bytes are searched faster than characters.
    """
    return text.translate(_FOLD)
