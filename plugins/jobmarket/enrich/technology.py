"""Which technologies an offer names: tools, languages, protocols, in its title, text and skills.

What lives here: the search of a text with the rules of the dictionary. What does not: the rules
themselves (``include/reference/technology.toml``) and their reading (``technology_dictionary``).

One pass of an Aho-Corasick automaton over the lower-cased text finds every spelling of every
technology. The few places found are then judged: is it a word of its own; is it part of a longer name
or of a trap; is it written as the dictionary asks; if it may mean something else, does the
neighbourhood prove it.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick_rs

from jobmarket.enrich.technology_dictionary import dictionary, spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jobmarket.enrich.technology_dictionary import Dictionary, Entry

# What may stand where a name has a space.
_JOINTS = (" ", "-", "\N{NO-BREAK SPACE}", "")
# A name of one or two letters is searched with what stands on both its sides: alone it is in every word.
_LEFT = " \n\t\N{NO-BREAK SPACE}(/,;:'’«\"[•>|"
_RIGHT = " \n\t\N{NO-BREAK SPACE})/,;:.…»\"]<|"
_SHORT = 2
# From this length on, a version may follow without a space: Python3, Java17.
_TAKES_VERSION = 4
_UNACCENTED = str.maketrans("àâäçéèêëîïôöùûü", "aaaceeeeiioouuu")
_ADDRESS = re.compile(r"(?://|www\.|@)\S*$")
_ADDRESS_REACH = 80


class Match(NamedTuple):
    """One place where a text names a technology.

    :param code: of the technology.
    :param start: offset of its first character in the text.
    :param end: offset after its last.
    """

    code: str
    start: int
    end: int


class _Name(NamedTuple):
    """A spelling as the search needs it.

    :param written: the exact spellings that count unproved; None: any; empty: none.
    :param near_categories: categories of which a match proves the name.
    :param near_words: finds a word that proves it; None: no word does.
    :param unless_words: finds a word that refutes it.
    """

    code: str
    category: str
    is_trap: bool
    written: frozenset[str] | None
    near_categories: frozenset[str]
    near_words: re.Pattern[str] | None
    unless_words: re.Pattern[str] | None
    within: int


class _Hit(NamedTuple):
    start: int
    end: int
    name: _Name


def technologies_in(
    title: str | None, description: str | None, skill_labels: Iterable[str | None]
) -> tuple[str, ...]:
    """Return the codes of the technologies that an offer names, sorted, each once.

    :param title: of the offer.
    :param description: its text, as the source gives it.
    :param skill_labels: labels of its skills.
    """
    parts = [part for part in (title, description, *skill_labels) if part]
    return tuple(sorted({match.code for match in searcher().matches("\n".join(parts))}))


@cache
def searcher() -> Searcher:
    """Return the searcher of the project's dictionary, made once (a tenth of a second)."""
    return Searcher(dictionary())


class Searcher:
    """Searches texts with one dictionary.

    :param rules: the dictionary; two searchers may hold two editions of it.
    """

    def __init__(self, rules: Dictionary) -> None:
        self._names: list[_Name] = []
        self._sides: list[int] = []
        patterns: dict[str, int] = {}
        for name, lowered in _all_names(rules):
            side = 1 if len(lowered) <= _SHORT else 0
            for pattern in _sided(lowered) if side else (lowered,):
                if patterns.setdefault(pattern, len(patterns)) == len(self._names):
                    self._names.append(name)
                    self._sides.append(side)
        self._find = ahocorasick_rs.AhoCorasick(
            [*patterns], implementation=ahocorasick_rs.Implementation.DFA
        ).find_matches_as_indexes

    def matches(self, text: str) -> list[Match]:
        """Return where a text names a technology, in the order of the text."""
        # the line ends spare every look to the side a question about the edge
        written = f"\n{text}\n"
        lowered = _lower(written)
        sure: list[_Hit] = []
        doubtful: list[_Hit] = []
        for hit in _outermost(self._hits(written, lowered)):
            if hit.name.is_trap:
                continue
            if hit.name.written is None or _is_as_written(hit, written):
                sure.append(hit)
            elif hit.name.near_categories or hit.name.near_words:
                doubtful.append(hit)
        found = sure + [hit for hit in doubtful if _is_proved(hit, lowered, sure)]
        found = [hit for hit in found if not _is_refuted(hit, lowered)]
        return sorted(Match(hit.name.code, hit.start - 1, hit.end - 1) for hit in found)

    def _hits(self, written: str, lowered: str) -> list[_Hit]:
        names, sides = self._names, self._sides
        hits = []
        for index, first, last in self._find(lowered, overlapping=True):
            side = sides[index]
            if not side and lowered[first - 1].isalnum():
                continue
            start, end = first + side, last - side
            name = names[index]
            if name.is_trap or side or _ends_word(lowered, start, end):
                if not name.is_trap and _is_in_address(written, start, end):
                    continue
                hits.append(_Hit(start, end, name))
        return hits


def _lower(text: str) -> str:
    """Return a text in lower case, character for character, so that offsets hold in both."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    # İ is the one character whose lower case is two
    return text.replace("İ", "I").lower()


def _ends_word(lowered: str, start: int, end: int) -> bool:
    """Return whether a word ends at ``end``, but for the number of a version."""
    if not lowered[end].isalnum():
        return True
    if not lowered[end].isdigit() or end - start < _TAKES_VERSION:
        return False
    while lowered[end].isdigit():
        end += 1
    return not lowered[end].isalpha()


def _is_in_address(written: str, start: int, end: int) -> bool:
    """Return whether a place is within a web or mail address."""
    before, after = written[start - 1], written[end]
    if after == "@" or before == "@":
        return True
    if after == "." and written[end + 1 : end + 2].islower():
        return True
    return before in "/.-_=?&" and bool(
        _ADDRESS.search(written, max(0, start - _ADDRESS_REACH), start)
    )


def _outermost(hits: list[_Hit]) -> Iterator[_Hit]:
    """Yield the hits that lie in no other, in the order of the text."""
    reached = -1
    for hit in sorted(hits, key=_by_place):
        if hit.end > reached:
            reached = hit.end
            yield hit


def _by_place(hit: _Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _is_as_written(hit: _Hit, written: str) -> bool:
    """Return whether a cased name is written as the dictionary has it, and that means something."""
    found = written[hit.start : hit.end]
    if found not in (hit.name.written or ()):
        return False
    # amid capitals, capitals say nothing
    return not (found.isupper() and _around(hit, written).isupper())


def _around(hit: _Hit, text: str) -> str:
    return text[max(0, hit.start - hit.name.within) : hit.end + hit.name.within]


def _is_proved(hit: _Hit, lowered: str, sure: Sequence[_Hit]) -> bool:
    """Return whether something near a name proves that it is a technology."""
    name = hit.name
    first, last = hit.start - name.within, hit.end + name.within
    for other in sure:
        if first < other.end and other.start < last and other.name.category in name.near_categories:
            return True
    return _has_word(name.near_words, hit, lowered)


def _is_refuted(hit: _Hit, lowered: str) -> bool:
    return _has_word(hit.name.unless_words, hit, lowered)


def _has_word(words: re.Pattern[str] | None, hit: _Hit, lowered: str) -> bool:
    if words is None:
        return False
    first, last = max(0, hit.start - hit.name.within), hit.end + hit.name.within
    return bool(
        words.search(lowered, first, hit.start) or words.search(lowered, hit.end, last)
    )


def _all_names(rules: Dictionary) -> Iterator[tuple[_Name, str]]:
    """Yield every spelling of a dictionary, lower-cased, with what the search needs to know of it."""
    for category, code, entry in rules.entries():
        for lowered, written in _spellings(entry).items():
            yield _name(rules, category, code, entry, written), lowered
        for trap in entry.traps:
            for lowered in _variants(trap.lower()):
                yield _name(rules, category, code, entry, None)._replace(is_trap=True), lowered


def _spellings(entry: Entry) -> dict[str, frozenset[str] | None]:
    """Return the lower-cased spellings of an entry, each with the ways to write it that count unproved."""
    found: dict[str, frozenset[str] | None] = {}
    for name in entry.any_case:
        found.update(dict.fromkeys(_variants(name.lower())))
    for name in entry.cased:
        for written in _variants(name):
            lowered = written.lower()
            found[lowered] = (found.get(lowered) or frozenset()) | {written}
    for name in entry.guarded:
        for written in _variants(name):
            found.setdefault(written.lower(), frozenset())
    return found


def _name(
    rules: Dictionary, category: str, code: str, entry: Entry, written: frozenset[str] | None
) -> _Name:
    return _Name(
        code=code,
        category=category,
        is_trap=False,
        written=written,
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
    for joints in product(_JOINTS, repeat=len(parts) - 1):
        variant = "".join(part + joint for part, joint in zip(parts, (*joints, ""), strict=True))
        yield variant
        if not variant.isascii():
            yield variant.translate(_UNACCENTED)


def _sided(name: str) -> Iterator[str]:
    for left, right in product(_LEFT, _RIGHT):
        yield left + name + right
