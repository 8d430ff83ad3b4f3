"""Which technologies an offer names: tools, languages, protocols, in its title, text and skills.

What lives here: the search of a text. What does not: the rules (``include/reference/technology.toml``),
their reading (``technology_dictionary``), the ways to write a name (``technology_names``).

One pass of an Aho-Corasick automaton over the folded text finds every spelling of every
technology. The few places found are then judged: is it a word of its own; is it part of a longer name
or of a trap; is it written as the dictionary asks; if it may mean something else, does the
neighbourhood prove it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick_rs

from jobmarket.enrich.technology_dictionary import dictionary
from jobmarket.enrich.technology_names import SHORT, patterns
from jobmarket.enrich.technology_text import fold, in_latin_1

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobmarket.enrich.technology_dictionary import Dictionary
    from jobmarket.enrich.technology_names import Name

# From this length on, a version may follow without a space: Python3, Java17.
_TAKES_VERSION = 4
# From this length on, a name is found in words that lost the space between them: "PythonDocker".
_SHOWS_SEAM = 3
# A letter as an entity is part of its word: "d&eacute;cision", "d&#233;cision".
_LETTER_BEFORE = re.compile(
    r"&(?:#(?:19[2-9]|2[0-5]\d)|[A-Za-z]+(?:acute|grave|circ|uml|cedil|lig));$"
)
_LETTER_AFTER = re.compile(_LETTER_BEFORE.pattern.removesuffix("$"))
_ENTITY_REACH = 10
_ADDRESS = re.compile(r"(?://|www\.|@)\S*$")
_ADDRESS_REACH = 80
# How far a refusal reaches, unless its sentence ends before.
_REFUSED_REACH = 120
_SENTENCE_END = re.compile(r"[\n;!?]|\.\s")
# Bytes of Latin-1 that go on a word. "p>" is what some partners leave of a closed paragraph.
_GOES_ON = bytes(chr(code).islower() and chr(code) != "p" for code in range(256))
# What may stand beside a name of one or two letters.
_LEFT = frozenset(" \n\t(/,;:'’«\"[•>|")
_RIGHT = frozenset(' \n\t)/,;:.…»"]<|')


class Match(NamedTuple):
    """One place where a text names a technology.

    :param code: of the technology.
    :param start: offset of its first character in the text.
    :param end: offset after its last.
    """

    code: str
    start: int
    end: int


class _Hit(NamedTuple):
    start: int
    end: int
    name: Name


def technologies_of(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the codes of the technologies that each text names, sorted, each once.

    :param texts: of some hundred offers: each alone would find the processor's cache without the automaton.
    """
    return searcher().codes(texts)


@cache
def searcher() -> Searcher:
    """Return the searcher of the project's dictionary, made once (a tenth of a second)."""
    return Searcher(dictionary())


class _Texts:
    """Texts made ready for a search of all of them at once.

    Line ends stand around each, so that a look to either side needs no question about the edge.

    :param longest: bytes of the longest pattern. So many line ends follow the last text, since they count as
        the signs that a name may end in.
    """

    def __init__(self, texts: Sequence[str], longest: int) -> None:
        encoded = [in_latin_1(text) for text in texts]
        self.texts = texts
        self.plain = b"\n" + b"\n\n\n".join(encoded) + b"\n\n".ljust(longest + 1, b"\n")
        self.folded = fold(self.plain)
        self.starts = [*accumulate((len(text) + 3 for text in encoded), initial=0)]

    def written(self, at: int) -> str:
        """Return a text with the line ends around it, each character at the place of its byte."""
        return f"\n{self.texts[at]}\n\n".replace("\N{NO-BREAK SPACE}", " ")


class Searcher:
    """Searches texts with one dictionary.

    :param rules: the dictionary; two searchers may hold two editions of it.
    """

    def __init__(self, rules: Dictionary) -> None:
        self._named_with = {code: (code, *entry.also) for _, code, entry in rules.entries()}
        self._patterns = patterns(rules)
        self._longest = max(len(pattern.text) for pattern in self._patterns)
        self._must_end = bytes(pattern.ends and not pattern.after for pattern in self._patterns)
        # the table of a DFA costs memory once and saves half of the time of each text
        self._find = ahocorasick_rs.BytesAhoCorasick(
            [pattern.text for pattern in self._patterns],
            implementation=ahocorasick_rs.Implementation.DFA,
        ).find_matches_as_indexes

    def codes(self, texts: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the codes of the technologies that each text names, sorted, each once."""
        codes: list[tuple[str, ...]] = [()] * len(texts)
        for at, found in self._found(_Texts(texts, self._longest)):
            named = {code for hit in found for code in self._named_with[hit.name.code]}
            codes[at] = tuple(sorted(named))
        return codes

    def matches(self, text: str) -> list[Match]:
        """Return where a text names a technology, sorted by technology."""
        return sorted(
            Match(code, hit.start - 1, hit.end - 1)
            for _, found in self._found(_Texts([text], self._longest))
            for hit in found
            for code in self._named_with[hit.name.code]
        )

    def _found(self, texts: _Texts) -> Iterator[tuple[int, list[_Hit]]]:
        """Yield which text names technologies, and where."""
        for at, written, hits in self._hits(texts):
            named = _outermost(hits)
            if named:
                folded = texts.folded[texts.starts[at] : texts.starts[at + 1]]
                found = _judged(named, written, folded)
                refusals = [hit.end for hit in hits if hit.name.kind == "refusal"]
                if refusals:
                    found = [hit for hit in found if not _is_refused(hit, refusals, written)]
                yield at, found

    def _hits(self, texts: _Texts) -> Iterator[tuple[int, str, list[_Hit]]]:
        """Yield each text in which spellings stand as words: its number, itself, and which stand where."""
        plain, starts = texts.plain, texts.starts
        patterns, must_end = self._patterns, self._must_end
        at, start, bound, written = 0, 0, 0, ""
        hits: list[_Hit] = []
        for index, first, last in self._find(texts.folded, overlapping=True):
            if must_end[index] and _GOES_ON[plain[last]]:
                continue  # most places: the "infor" of information
            if first >= bound:
                if hits:
                    yield at, written, hits
                    hits = []
                at = bisect_right(starts, first) - 1
                start, bound, written = starts[at], starts[at + 1], texts.written(at)
            _, before, after, _, names = patterns[index]
            begin, end = first - start + before, last - start - after
            if after:
                is_word = written[begin - 1] in _LEFT and written[end] in _RIGHT
            else:
                is_word = (before and written[begin - 1].isspace()) or _starts_word(
                    written, begin, end
                )
            name = names.get(written[begin:end].lower()) if is_word else None
            if name and (after or name.kind != "name" or _ends_word(written, begin, end)):
                hits.append(_Hit(begin, end, name))
        if hits:
            yield at, written, hits


def _starts_word(written: str, start: int, end: int) -> bool:
    """Return whether a word starts at ``start``."""
    before = written[start - 1]
    if before.isalnum():
        return written[start].isupper() and _is_seam(written, start, end - start)
    return before != ";" or not _LETTER_BEFORE.search(written, max(0, start - _ENTITY_REACH), start)


def _ends_word(written: str, start: int, end: int) -> bool:
    """Return whether a word ends at ``end``, but for the number of a version."""
    after = written[end]
    if not after.isalnum():
        return not _goes_on(written, end)
    if after.isupper():
        return _is_seam(written, end, end - start)
    if after.isdigit() and end - start >= _TAKES_VERSION:
        while written[end].isdigit():
            end += 1
        return not written[end].isalpha()
    # "p>" is what some partners leave of a closed paragraph
    return written.startswith("p>", end)


def _is_seam(written: str, place: int, length: int) -> bool:
    """Return whether two words meet before a capital, as in pages that lost their line ends.

    ``PythonDocker``, ``SQLPython``, not ``SAPEUR``; ``length`` is the name's.
    """
    return length >= _SHOWS_SEAM and (written[place - 1].islower() or written[place + 1].islower())


def _goes_on(written: str, end: int) -> bool:
    """Return whether a name goes on behind a sign: C as C# or C++, a word as ``&eacute;``."""
    after = written[end]
    if after == "&":
        return bool(_LETTER_AFTER.match(written, end))
    return after in "#+" and not written[end - 2].isalnum() and written[end : end + 2] != "+ "


def _outermost(hits: list[_Hit]) -> list[_Hit]:
    """Return the names that lie in no longer name or trap, in the order of the text."""
    if len(hits) > 1:
        hits = sorted(hits, key=_by_place)
    found, reached = [], -1
    for hit in hits:
        kind = hit.name.kind
        if hit.end > reached and kind != "refusal":
            reached = hit.end
            if kind == "name":
                found.append(hit)
    return found


def _by_place(hit: _Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _judged(hits: list[_Hit], written: str, folded: bytes) -> list[_Hit]:
    """Return the hits that are technologies by their writing and by what stands around them."""
    sure: list[_Hit] = []
    unsure: list[_Hit] = []
    for hit in hits:
        if not _is_in_address(written, hit.start, hit.end):
            is_sure = hit.name.written is None or _is_as_written(hit, written)
            (sure if is_sure else unsure).append(hit)
    if unsure:
        sure += [hit for hit in unsure if _is_proved(hit, written, folded, tuple(sure))]
    return [hit for hit in sure if not _has_word(hit.name.unless_words, hit, folded)]


def _is_in_address(written: str, start: int, end: int) -> bool:
    """Return whether a place is within a web or mail address."""
    before, after = written[start - 1], written[end]
    if "@" in (before, after) or (after == "." and written[end + 1].islower()):
        return True
    return before in "/.-_=?&" and bool(
        _ADDRESS.search(written, max(0, start - _ADDRESS_REACH), start)
    )


def _is_as_written(hit: _Hit, written: str) -> bool:
    """Return whether a cased name is written as the dictionary has it, and that means something."""
    found = written[hit.start : hit.end]
    if found not in (hit.name.written or ()):
        return False
    # amid capitals, capitals say nothing
    reach = hit.name.within
    around = written[max(0, hit.start - reach) : hit.start] + written[hit.end : hit.end + reach]
    return not (found.isupper() and around.isupper())


def _is_proved(hit: _Hit, written: str, folded: bytes, sure: Sequence[_Hit]) -> bool:
    """Return whether something near a name proves that it is a technology."""
    name = hit.name
    if hit.end - hit.start <= SHORT and not written[hit.start].isupper():
        return False
    first, last = hit.start - name.within, hit.end + name.within
    for other in sure:
        if first < other.end and other.start < last and other.name.category in name.near_categories:
            return True
    return _has_word(name.near_words, hit, folded)


def _has_word(words: re.Pattern[bytes] | None, hit: _Hit, folded: bytes) -> bool:
    if words is None:
        return False
    first, last = max(0, hit.start - hit.name.within), hit.end + hit.name.within
    return bool(words.search(folded, first, hit.start) or words.search(folded, hit.end, last))


def _is_refused(hit: _Hit, refusals: Sequence[int], written: str) -> bool:
    """Return whether a sentence says before a name that it is not asked for."""
    return any(
        end <= hit.start <= end + _REFUSED_REACH
        and not _SENTENCE_END.search(written, end, hit.start)
        for end in refusals
    )
