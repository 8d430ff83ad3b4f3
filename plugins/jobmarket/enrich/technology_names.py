"""The spellings of the technologies as the search needs them: every way to write a name, with its rules.

Pure. What lives here: the dictionary turned into patterns. What does not: reading the dictionary
(``technology_dictionary``) and searching a text (``technology``).
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobmarket.enrich.technology_dictionary import Dictionary, Entry

# What may stand where a name has a space.
_JOINTS = (" ", "-", "")
_UNACCENTED = str.maketrans("àâäçéèêëîïôöùûü", "aaaceeeeiioouuu")
SHORT = 2
"""A name of one or two characters is searched with what stands on both its sides: alone it is in every
word. Where it is guarded, it starts with a capital."""

_ENDINGS = frozenset({"ant", "ise"})
"""Names that end so many French words that they are searched like short ones."""

_LEFT = " \n\t(/,;:'’«\"[•>|"
_RIGHT = ' \n\t)/,;:.…»"]<|'


class Name(NamedTuple):
    """A spelling and what it means.

    :param kind: a name; a trap, which swallows the names in it; a refusal, which voids those after it.
    :param code: of the technology; empty for a refusal.
    :param written: the exact spellings that count unproved; None: any; empty: none.
    :param near_categories: categories of which a match proves the name.
    :param near_words: finds a word that proves it; None: no word does.
    :param unless_words: finds a word that refutes it.
    :param within: how far, in characters on each side, these are looked for.
    """

    kind: Literal["name", "trap", "refusal"]
    code: str = ""
    category: str = ""
    written: frozenset[str] | None = None
    near_categories: frozenset[str] = frozenset()
    near_words: re.Pattern[str] | None = None
    unless_words: re.Pattern[str] | None = None
    within: int = 0


class Pattern(NamedTuple):
    """What the automaton looks for.

    :param text: in lower case.
    :param side: how many characters at each end are not the name's own.
    """

    text: str
    side: int
    name: Name


def patterns(rules: Dictionary) -> Iterator[Pattern]:
    """Yield every pattern of a dictionary, each text once; of two meanings the first stands."""
    seen = set()
    for text, name in _spelled(rules):
        if name.kind == "name" and _needs_sides(text):
            found = [
                Pattern(left + text + right, 1, name) for left, right in product(_LEFT, _RIGHT)
            ]
        else:
            found = [Pattern(text, 0, name)]
        for pattern in found:
            if pattern.text not in seen:
                seen.add(pattern.text)
                yield pattern


def _needs_sides(text: str) -> bool:
    return (len(text) <= SHORT and text.isalnum()) or text in _ENDINGS


def _spelled(rules: Dictionary) -> Iterator[tuple[str, Name]]:
    for category, code, entry in rules.entries():
        name = _name(rules, category, code, entry)
        for text, written in _spellings(entry).items():
            yield text, name._replace(written=written)
    # names first: where an entry names what another fears, the name is found and swallows as well
    for _, code, entry in rules.entries():
        for trap in entry.traps:
            for text in _variants(trap.lower()):
                yield text, Name("trap", code)
    for refusal in rules.refusals:
        for text in _variants(refusal.lower()):
            yield text, Name("refusal")


def _spellings(entry: Entry) -> dict[str, frozenset[str] | None]:
    """Return the lower-cased spellings of an entry, each with the ways to write it that count unproved."""
    found: dict[str, frozenset[str] | None] = {}
    for name in entry.any_case:
        found.update(dict.fromkeys(_variants(name.lower())))
    for name in entry.cased:
        for written in _variants(name):
            ways = found.get(written.lower(), frozenset())
            # what already counts in any case stays so
            found[written.lower()] = None if ways is None else ways | {written}
    for name in entry.guarded:
        for written in _variants(name):
            found.setdefault(written.lower(), frozenset())
    return found


def _name(rules: Dictionary, category: str, code: str, entry: Entry) -> Name:
    return Name(
        kind="name",
        code=code,
        category=category,
        near_categories=frozenset(entry.near) & rules.categories.keys(),
        near_words=_words(rules, entry.near),
        unless_words=_words(rules, entry.unless),
        within=entry.within,
    )


def _words(rules: Dictionary, subjects: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds a word of the contexts among some subjects."""
    words = [word for subject in subjects for word in rules.contexts.get(subject, ())]
    if not words:
        return None
    spellings = {spelling for word in words for spelling in (word, word.translate(_UNACCENTED))}
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, spellings)))})")


def _variants(name: str) -> Iterator[str]:
    """Yield the ways to write a name: its spaces otherwise, its accents left out."""
    parts = name.split()
    for joint in _JOINTS if len(parts) > 1 else ("",):
        variant = joint.join(parts)
        yield variant
        if not variant.isascii():
            yield variant.translate(_UNACCENTED)
