"""Which of the names found in a text are technologies: by their writing and by what stands around. Pure.

What lives here: the judgement of the few places that the search found. What does not: the search and where
a word begins and ends (``technology``), whose a name is (``technology_owner``), and what a text says against
it (``technology_refusal``).

Each look is bounded, so that the time of a text grows with its length and no faster.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from jobmarket.enrich.technology.names import SHORT, words_of
from jobmarket.enrich.technology.owner import GLANCE, Owners, Whose
from jobmarket.enrich.technology.refusal import Hit, Sayings, by_place, is_listed, unrefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobmarket.enrich.technology.dictionary import Dictionary

_ADDRESS = re.compile(r"(?://|www\.|@)\S*$")
_ADDRESS_SIGNS = frozenset("@/.-_=?&#%")
# Each of so few names is looked at closely ("rue Auguste Docker"); a long list is no address.
_SHORT_LIST = 3
# An address on the web is seldom longer, and a browser takes no more.
_ADDRESS_REACH = 2000
_SENTENCE_END = re.compile(r"[\n;!?]|\.\s")
# A letter beside others in a list is a class, a licence, a building: "catégories A, B ou C".
_LETTERS_BEFORE = re.compile(r"(?<!\w)[ABD-QS-Z][1E]?\s*(?:,|/|-|et|ou)\s*$")
_LETTERS_AFTER = re.compile(r"\s*(?:,|/|-|et|ou)\s*[ABD-QS-Z][1E]?(?![\w+#])")
_LETTERS_REACH = 6
# How far before a name what asks for it stands.
_ASKED_REACH = 40


def outermost(hits: list[Hit]) -> list[Hit]:
    """Return the names that lie in no longer name or trap, in the order of the text."""
    if len(hits) == 1:
        return hits if hits[0].name.kind == "name" else []
    found, reached = [], -1
    for hit in sorted(hits, key=by_place):
        if hit.end > reached:
            kind = hit.name.kind
            if kind == "name":
                reached = hit.end
                found.append(hit)
            elif kind == "trap":
                reached = hit.end
    return found


class Judge:
    """Judges the names found in texts by the rules of one dictionary.

    :param rules: the dictionary.
    """

    def __init__(self, rules: Dictionary) -> None:
        self._owners = Owners(rules)
        self._asks = words_of(rules.asks)

    def judged(
        self, hits: list[Hit], sayings: Sayings | None, written: str, folded: bytes, names: str
    ) -> list[Hit]:
        """Return the hits that are technologies.

        :param hits: in the order of the text, none within another.
        :param sayings: what the text says against names; None: nothing.
        :param written: the text with a line end before it and two behind.
        :param folded: the same, as the search reads it.
        :param names: of the offer's employer and place in lower case, one a line.
        """
        sure: list[Hit] = []
        unsure: list[Hit] = []
        owned: list[Hit] = []
        refused: list[Hit] = []
        befores, behinds = self._owners.befores, self._owners.behinds
        is_short_list = len(hits) <= _SHORT_LIST
        for hit in hits:
            start, end, name = hit
            before, after = written[start - 1], written[end]
            if (after in "@." or before in _ADDRESS_SIGNS) and _is_in_address(written, start, end):
                continue
            whose = Whose.NOBODYS
            if (
                is_short_list
                or written[start - GLANCE : start] in befores
                or written[end : end + GLANCE] in behinds
                or before in "'’-"
                or after == "-"
                or (names and written[start:end].lower() in names)
            ):
                whose = self._owners.whose(written, start, end, names)
            if whose is Whose.STATED or (
                whose is Whose.SHARED and not self._is_asked(hit, written, folded)
            ):
                owned.append(hit)
            elif whose is Whose.SHARED or name.written is None or _is_as_written(hit, written):
                (refused if whose is Whose.REFUSED else sure).append(hit)
            elif whose is Whose.NOBODYS:
                unsure.append(hit)
        if unsure:
            starts = [hit.start for hit in sure]
            proved = [hit for hit in unsure if _is_proved(hit, written, folded, sure, starts)]
            sure += _pairs(unsure, proved, written) if len(proved) < len(unsure) > 1 else proved
        if owned and sure:
            sure.sort(key=by_place)
            starts = [hit.start for hit in sure]
            sure += [hit for hit in owned if _is_listed_with(hit, sure, starts, written)]
        found = [
            hit
            for hit in sure
            if hit.name.unless_words is None or not _has_word(hit.name.unless_words, hit, folded)
        ]
        if refused or sayings:
            return unrefused(found, refused, sayings or Sayings([], []), written)
        return found

    def _is_asked(self, hit: Hit, written: str, folded: bytes) -> bool:
        """Return whether the words before a name in its sentence ask for a technology."""
        if self._asks is None:
            return False
        first = max(0, hit.start - _ASKED_REACH)
        for end in _SENTENCE_END.finditer(written, first, hit.start):
            first = end.end()
        return bool(self._asks.search(folded, first, hit.start))


def _is_in_address(written: str, start: int, end: int) -> bool:
    """Return whether a place is within a web or mail address or the name of a file."""
    before, after = written[start - 1], written[end]
    if "@" in (before, after) or (after == "." and written[end + 1].islower()):
        return True
    if before not in _ADDRESS_SIGNS:
        return False
    # ".html" ends the name of a file; ".Excel" follows a sentence that lost a space
    if before == "." and written[start].islower() and written[start - 2].isalnum():
        return True
    return bool(_ADDRESS.search(written, _word_start(written, start), start))


def _word_start(written: str, place: int) -> int:
    """Return where the run without blanks begins that a place is in, no further than an address goes."""
    first = max(0, place - _ADDRESS_REACH)
    return max(first, *(written.rfind(blank, first, place) for blank in " \n\t"))


def _is_as_written(hit: Hit, written: str) -> bool:
    """Return whether a cased name is written as the dictionary has it, and that means something."""
    found = written[hit.start : hit.end]
    if found not in (hit.name.written or ()):
        return False
    # amid capitals, capitals say nothing
    reach = hit.name.within
    around = written[max(0, hit.start - reach) : hit.start] + written[hit.end : hit.end + reach]
    return not (found.isupper() and around.isupper())


def _is_proved(
    hit: Hit, written: str, folded: bytes, sure: Sequence[Hit], starts: Sequence[int]
) -> bool:
    """Return whether something near a name proves that it is a technology.

    :param starts: of ``sure``, ascending.
    """
    name = hit.name
    first, last = hit.start - name.within, hit.end + name.within
    # a name is no longer than that
    nearest = slice(bisect_left(starts, first - _ASKED_REACH), bisect_right(starts, last))
    if hit.end - hit.start <= SHORT:
        if not written[hit.start].isupper():
            return _is_between(hit, sure[nearest], written)
        if hit.end - hit.start == 1:
            if _is_among_letters(written, hit.start, hit.end):
                return False
            first, last = _sentence(written, hit, first, last)
    for other in sure[nearest]:
        if first < other.end and other.start < last and other.name.category in name.near_categories:
            return True
    words = name.near_words
    if words is None:
        return False
    return bool(
        words.search(folded, max(0, first), hit.start) or words.search(folded, hit.end, last)
    )


def _sentence(written: str, hit: Hit, first: int, last: int) -> tuple[int, int]:
    """Return the part of a reach that lies in the sentence of a hit."""
    first = max(0, first)
    for end in _SENTENCE_END.finditer(written, first, hit.start):
        first = end.end()
    ends = _SENTENCE_END.search(written, hit.end, last)
    return first, ends.start() if ends else last


def _is_among_letters(written: str, start: int, end: int) -> bool:
    return bool(
        _LETTERS_BEFORE.search(written, max(0, start - _LETTERS_REACH), start)
        or _LETTERS_AFTER.match(written, end)
    )


def _is_between(hit: Hit, sure: Sequence[Hit], written: str) -> bool:
    """Return whether a small letter is a member of a list of its kind: ``python,c,java``."""
    near = [other for other in sure if other.name.category in hit.name.near_categories]
    return _is_listed_with(hit, near, [other.start for other in near], written)


def _is_listed_with(hit: Hit, others: Sequence[Hit], starts: Sequence[int], written: str) -> bool:
    """Return whether a hit stands in one list with another, next to it.

    :param starts: of ``others``, ascending.
    """
    at = bisect_left(starts, hit.start)
    return (at > 0 and is_listed(written, others[at - 1], hit)) or (
        at < len(others) and is_listed(written, hit, others[at])
    )


def _pairs(unsure: Sequence[Hit], proved: list[Hit], written: str) -> list[Hit]:
    """Return the proved hits, and those of the others that prove each other: ``JS/TS``, ``Teams et Zoom``.

    Two names that both mean something else by chance seldom stand beside each other in a list; two
    persons do, so that names of persons prove nobody.
    """
    found = {hit.start for hit in proved}
    for first, second in pairwise(unsure):
        if first.start in found and second.start in found:
            continue
        if (
            first.name.pairs
            and second.name.pairs
            and second.name.category in first.name.near_categories
            and first.name.category in second.name.near_categories
            and written[first.start].isupper()
            and written[second.start].isupper()
            and is_listed(written, first, second)
        ):
            found |= {first.start, second.start}
    return [hit for hit in unsure if hit.start in found]


def _has_word(words: re.Pattern[bytes], hit: Hit, folded: bytes) -> bool:
    """Return whether a word that a pattern finds stands within reach of a hit."""
    first, last = max(0, hit.start - hit.name.within), hit.end + hit.name.within
    return bool(words.search(folded, first, hit.start) or words.search(folded, hit.end, last))
