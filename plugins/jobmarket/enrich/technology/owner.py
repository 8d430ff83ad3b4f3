"""Whether a name in a text is somebody's: the employer's, another company's, a street's, a person's. Pure.

What lives here: the words around a name that make it a proper name, and the employer and place that an
offer states itself. What does not: the words (``owners`` in ``include/reference/technology.toml``), and
what else judges a name (``technology_judge``).
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobmarket.enrich.technology.dictionary import Dictionary

_ARTICLES = frozenset(["de", "du", "des", "d", "la", "le", "les", "l", "un", "une"])
# Beyond them a word says nothing of a name any more.
_REACH = 48
_WORDS = 4

GLANCE = 4
"""Characters that tell of most places that no such word stands there."""

_APOSTROPHES = str.maketrans("'’", "  ")
_NEXT_WORD = re.compile(r"[ \t]+([^\W\d_]+\.?)(?:[ \t]+(\w+))?")
_LEAVES = re.compile(r"-(?:sur|sous|l[eèé]s?|la|en|aux?|du|des?)-", re.IGNORECASE)
# What makes a proper name of a word behind a hyphen: Saint-Python, Jean-Pascal.
_HYPHENED = frozenset(
    ["saint", "sainte", "st", "ste", "jean", "marie", "anne", "pierre", "paul", "louis", "charles"]
)
# "Mise en place", "feuille de route": such a word is an address behind a number or one of these.
_SITED = frozenset(["situé", "située", "situés", "situées", "sis", "sise", "adresse", ":"])


class Whose(IntEnum):
    """How sure it is that a name is somebody's."""

    NOBODYS = 0
    #: the word stands in the name of the offer's employer or place
    SHARED = 1
    #: what stands beside it says so
    STATED = 2
    #: a refusal stands right before it
    REFUSED = 3


class Owners:
    """The words that make a proper name of what stands beside them.

    Most names have none of them beside them, and a caller that asks about each would take as long as for
    all the rest. So it looks first whether the last characters before the name are in ``befores``, those
    behind it in ``behinds``, or a hyphen or an apostrophe touches it.

    :param rules: the dictionary that lists them.
    """

    def __init__(self, rules: Dictionary) -> None:
        self._companies = frozenset(rules.owners.companies)
        self._streets = frozenset(rules.owners.streets)
        self._doubtful = frozenset(rules.owners.doubtful_streets)
        self._persons = frozenset(rules.owners.persons)
        self._behind = frozenset(rules.owners.behind)
        self._told_by = min((2, *map(len, self._behind)))
        self._beginnings = frozenset(word[: self._told_by] for word in self._behind)
        self._denials = frozenset(rules.denials)
        self._fillers = frozenset(rules.denial_fillers)
        told = self._companies | self._persons | self._streets | self._doubtful | self._denials
        self.befores = _ways(
            f"{blank}{word} "[-GLANCE:] for word in told | _ARTICLES for blank in " \n"
        )
        self.behinds = _ways([f" {word}"[:GLANCE] for word in self._behind])
        elided = (f"{article}{sign}{word}" for word in told for article in "ld" for sign in "'’")
        self._told = told.union(elided)

    def whose(self, written: str, start: int, end: int, names: str) -> Whose:
        """Return whose a name is that stands in ``written`` from ``start`` to ``end``.

        :param names: of the offer's employer and place in lower case, one a line; may be empty.
        """
        before, after = written[start - 1], written[end]
        if before == "-":
            if _is_hyphened(written, start):
                return Whose.STATED
        elif before in " '’":
            found = self._by_words_before(written[max(0, start - _REACH) : start])
            if found:
                return found
        if after == " ":
            if self._by_words_after(written, end):
                return Whose.STATED
        elif after == "-" and _LEAVES.match(written, end):
            return Whose.STATED
        name = written[start:end].lower()
        if name in names and _word(name).search(names):
            return Whose.SHARED
        return Whose.NOBODYS

    def _by_words_before(self, text: str) -> Whose:
        words = text.lower().split()
        if self._told.isdisjoint(words):
            return Whose.NOBODYS
        words = text.lower().translate(_APOSTROPHES).split()[-_WORDS:]
        if words[-1] in self._companies or not self._persons.isdisjoint(words):
            return Whose.STATED
        if self._has_street(words):
            return Whose.STATED
        while len(words) > 1 and (words[-1] in _ARTICLES or words[-1] in self._fillers):
            words.pop()
        return Whose.REFUSED if words[-1] in self._denials else Whose.NOBODYS

    def _has_street(self, words: list[str]) -> bool:
        if not self._streets.isdisjoint(words):
            return True
        return any(
            word in self._doubtful and (sign[0].isdigit() or sign in _SITED)
            for sign, word in pairwise(words)
        )

    def _by_words_after(self, written: str, end: int) -> bool:
        # nearly always another word: sooner seen by its first letters than by the pattern
        beginning = written[end + 1 : end + 1 + self._told_by]
        if beginning.lower() not in self._beginnings and not beginning.startswith((" ", "\t")):
            return False
        found = _NEXT_WORD.match(written, end, end + _REACH)
        return bool(
            found
            and found[1].lower() in self._behind
            and (found[2] or "").lower() not in ("entière", "et", "ou", "de", "d")
        )


def _ways(words: Iterable[str]) -> frozenset[str]:
    """Return some parts of words as they may be written: small, capital, all capitals."""
    return frozenset(way for word in words for way in (word, word.title(), word.upper()))


def _is_hyphened(written: str, start: int) -> bool:
    words = written[max(0, start - _REACH) : start - 1].lower().split()
    return bool(words) and words[-1].rpartition("-")[2].strip("(«\"'’") in _HYPHENED


@cache
def _word(name: str) -> re.Pattern[str]:
    # names of technologies only, which are few
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
