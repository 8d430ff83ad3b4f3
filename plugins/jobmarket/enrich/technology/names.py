"""The spellings of the technologies as the search needs them: every way to write a name, with its rules.

Pure. What lives here: the dictionary turned into patterns. What does not: reading the dictionary
(``technology_dictionary``) and searching a text (``technology``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from jobmarket.enrich.technology.text import SIGN, SPACE, WORD, fold, in_latin_1

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jobmarket.enrich.technology.dictionary import Dictionary, Entry

_NONE: frozenset[str] = frozenset()
# What may stand where a name has a space.
_JOINTS = (" ", "-", "")
_UNACCENTED = str.maketrans("àâäçéèêëîïôöùûü", "aaaceeeeiioouuu")
SHORT = 2
"""A name of one or two characters is searched with what stands on both its sides: alone it is in every
word. Where it is guarded, it starts with a capital."""

WITHIN_WORDS = 4
"""A name so short is searched where a word starts: nine in ten of its places would be within words (ant,
ise, ada)."""


SEAMED = frozenset(
    [
        "language",
        "web",
        "database",
        "data",
        "cloud",
        "devops",
        "system",
        "network",
        "security",
        "office",
    ]
)
"""Categories whose names are looked for behind a lost space too ("PythonDocker"): the lists of computing
offers have nearly all of these places, and each name that is looked for within words slows all down."""


class Name(NamedTuple):
    """A spelling and what it means.

    :param kind: a name; a trap, which swallows the names in it; a refusal, which voids those after it;
        a denial, which voids those before it.
    :param code: of the technology; empty for a refusal or denial.
    :param written: the exact spellings that count unproved; None: any; empty: none.
    :param near_categories: categories of which a match proves the name.
    :param near_words: finds a word that proves it; None: no word does.
    :param unless_words: finds a word that refutes it.
    :param within: how far, in characters on each side, these are looked for.
    :param pairs: two such names beside each other in a list prove each other.
    """

    kind: Literal["name", "trap", "refusal", "denial"]
    code: str = ""
    category: str = ""
    written: frozenset[str] | None = None
    near_categories: frozenset[str] = frozenset()
    near_words: re.Pattern[bytes] | None = None
    unless_words: re.Pattern[bytes] | None = None
    within: int = 0
    pairs: bool = False


class Pattern(NamedTuple):
    """What the automaton looks for.

    :param text: folded.
    :param before: how many of its first characters stand before the name.
    :param after: how many of its last stand behind it.
    :param ends: it ends where a word ends; a trap may go on ("sage femme" + s).
    :param names: by the exact spelling in lower case, since folding takes spellings together.
    """

    text: bytes
    before: int
    after: int
    ends: bool
    names: Mapping[str, Name]


def patterns(rules: Dictionary) -> list[Pattern]:
    """Return every pattern of a dictionary; of two meanings of a spelling the first stands."""
    meanings: dict[bytes, dict[str, Name]] = {}
    for text, name in _spelled(rules):
        meanings.setdefault(fold(in_latin_1(text)), {}).setdefault(text, name)
    found = []
    for folded, names in meanings.items():
        ends = all(name.kind == "name" for name in names.values())
        is_word = not folded.translate(None, WORD)
        if len(folded) <= SHORT and is_word:
            found += [Pattern(SPACE + folded + side, 1, 1, ends, names) for side in (SPACE, SIGN)]
        elif is_word and (
            len(folded) <= WITHIN_WORDS
            or all(name.kind == "name" and name.category not in SEAMED for name in names.values())
        ):
            found += [Pattern(side + folded, 1, 0, ends, names) for side in (SPACE, SIGN)]
        else:
            found.append(Pattern(folded, 0, 0, ends, names))
    return found


def _spelled(rules: Dictionary) -> Iterator[tuple[str, Name]]:
    asked = {subjects for _, _, entry in rules.entries() for subjects in (entry.near, entry.unless)}
    words = {subjects: _words(rules, subjects) for subjects in asked}
    for category, code, entry in rules.entries():
        name = _name(rules, words, category, code, entry)
        for text, written in _spellings(entry).items():
            yield text, name if written is None else name._replace(written=written)
    # names first: where an entry names what another fears, the name is found and swallows as well
    for _, code, entry in rules.entries():
        for trap in entry.traps:
            for text in _variants(trap.lower()):
                yield text, Name("trap", code)
    said: tuple[tuple[Literal["refusal", "denial"], tuple[str, ...]], ...] = (
        ("refusal", rules.refusals),
        ("denial", rules.denials_behind),
    )
    for kind, phrases in said:
        for phrase in phrases:
            for text in _variants(phrase.lower()):
                yield text, Name(kind)


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


def _name(
    rules: Dictionary,
    words: Mapping[tuple[str, ...], re.Pattern[bytes] | None],
    category: str,
    code: str,
    entry: Entry,
) -> Name:
    return Name(
        kind="name",
        code=code,
        category=category,
        near_categories=frozenset(entry.near) & rules.categories.keys() if entry.near else _NONE,
        near_words=words[entry.near],
        unless_words=words[entry.unless],
        within=entry.within,
        pairs=entry.pairs,
    )


def words_of(words: Iterable[str]) -> re.Pattern[bytes] | None:
    """Return what finds a word that begins with one of some beginnings, in a folded text; None for none."""
    folded = {fold(in_latin_1(word)) for word in words}
    if not folded:
        return None
    starts_word = b"(?<![" + re.escape(WORD) + b"])"
    return re.compile(starts_word + b"(?:" + b"|".join(sorted(map(re.escape, folded))) + b")")


def _words(rules: Dictionary, subjects: Sequence[str]) -> re.Pattern[bytes] | None:
    """Return what finds a word of the contexts among some subjects, in a folded text."""
    if not subjects:
        return None  # as with most entries
    return words_of(word for subject in subjects for word in rules.contexts.get(subject, ()))


def _variants(name: str) -> Iterator[str]:
    """Yield the ways to write a name: its spaces otherwise, its accents left out."""
    parts = name.split()
    for joint in _JOINTS if len(parts) > 1 else ("",):
        variant = joint.join(parts)
        yield variant
        if not variant.isascii():
            yield variant.translate(_UNACCENTED)
