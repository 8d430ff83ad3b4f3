"""Which technologies an offer names: tools, languages, protocols, in its title, text and skills.

What lives here: the search of a text. What does not: the rules (``include/reference/technology.toml``),
their reading (``dictionary``), the ways to write a name (``names``), where a word ends (``edges``).

One pass of an Aho-Corasick automaton over the folded text finds every spelling of every
technology. The few places found are then judged: is it a word of its own; is it part of a longer name
or of a trap; is it written as the dictionary asks; if it may mean something else, does the
neighbourhood prove it.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick_rs

from jobmarket.enrich.technology.dictionary import dictionary
from jobmarket.enrich.technology.edges import WordEdges, is_elided
from jobmarket.enrich.technology.judge import Judge, outermost
from jobmarket.enrich.technology.names import patterns
from jobmarket.enrich.technology.refusal import Hit, sayings_of
from jobmarket.enrich.technology.text import in_latin_1, in_search_alphabet
from jobmarket.enrich.telework import NAMED_WITHIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobmarket.enrich.technology.dictionary import Dictionary

LONGEST_TEXT = 100_000
"""Characters of a text that are read, some twenty times the longest of a real offer. What follows is not."""

# What stands beside most names, and neither goes on a word nor belongs to one.
_BLANKS = frozenset(" \n(,/")
_ENDS = frozenset(" \n),./")
# What may stand beside a name of one or two letters.
_LEFT = frozenset(" \n\t(/,;:'’«\"[•>|")
_RIGHT = frozenset(' \n\t)/,;:.…»"]<|')

# Most places are the "infor" of information: a byte beside them tells, before anything is made of the text.
# What Latin-1 lacks is "?" there, and tells nothing.
_BYTES = [chr(code) for code in range(256)]
# "p>" is what some partners leave of a closed paragraph.
_GOES_ON = bytes(char.islower() and char != "p" for char in _BYTES)
_IN_WORD = bytes(char.isalnum() for char in _BYTES)
_IS_CAPITAL = bytes(char.isupper() for char in _BYTES)
_MAY_BE_LEFT = bytes(char in _LEFT or char in "?\N{NO-BREAK SPACE}" for char in _BYTES)
_MAY_BE_RIGHT = bytes(char in _RIGHT or char in "?\N{NO-BREAK SPACE}" for char in _BYTES)


class Match(NamedTuple):
    """One place where a text names a technology.

    :param code: of the technology.
    :param start: offset of its first character in the text.
    :param end: offset after its last.
    """

    code: str
    start: int
    end: int


class TextsRead(NamedTuple):
    """What a search finds in some texts.

    :param codes: of the technologies that each text names, sorted, each once.
    :param telework: by the number of a text, where a part of a word ends by which it may name telework;
        ascending. Texts without one are left out.
    """

    codes: list[tuple[str, ...]]
    telework: dict[int, list[int]]


def technologies_of(
    texts: Sequence[str], names: Sequence[str] | None = None
) -> list[tuple[str, ...]]:
    """Return the codes of the technologies that each text names, sorted, each once.

    Of a text longer than ``LONGEST_TEXT`` only so many characters are read.

    :param texts: of some hundred offers: each alone would find the processor's cache without the automaton.
    :param names: of the employer and the place of each offer, one a line; None: not known.
    """
    return read_texts(texts, names).codes


def read_texts(texts: Sequence[str], names: Sequence[str] | None = None) -> TextsRead:
    """Return what one search finds in texts: technologies, and whether telework may be named.

    :param texts: as for :func:`technologies_of`; so are ``names``.
    """
    return searcher().read(texts, names)


@cache
def searcher() -> Searcher:
    """Return the searcher of the project's dictionary, made once (a tenth of a second)."""
    return Searcher(dictionary(), NAMED_WITHIN)


class _Texts:
    """Texts made ready for a search of all of them at once.

    Line ends stand around each, so that a look to either side needs no question about the edge.

    :param longest: bytes of the longest pattern. So many line ends follow the last text, since they count as
        the signs that a name may end in.
    """

    def __init__(self, texts: Sequence[str], longest: int) -> None:
        self.texts = [text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] for text in texts]
        encoded = [in_latin_1(text) for text in self.texts]
        self.plain = b"\n" + b"\n\n\n".join(encoded) + b"\n\n".ljust(longest + 1, b"\n")
        self.folded = in_search_alphabet(self.plain)
        self.starts = [*accumulate((len(text) + 3 for text in encoded), initial=0)]

    def written(self, at: int) -> str:
        """Return a text with the line ends around it, each character at the place of its byte."""
        return f"\n{self.texts[at]}\n\n".replace("\N{NO-BREAK SPACE}", " ")


class Searcher:
    """Searches texts with one dictionary.

    :param rules: the dictionary; two searchers may hold two editions of it.
    :param of_telework: parts of words that tell where telework may be named: found in the same search.
    """

    def __init__(self, rules: Dictionary, of_telework: Sequence[str] = ()) -> None:
        self._named_with = {code: (code, *entry.also) for _, code, entry in rules.entries()}
        self._patterns = patterns(rules)
        self._longest = max(len(pattern.text) for pattern in self._patterns)
        self._must_end = bytes(pattern.ends and not pattern.after for pattern in self._patterns)
        self._is_short = bytes(pattern.after > 0 for pattern in self._patterns)
        self._is_within = bytes(pattern.before == 0 for pattern in self._patterns)
        self._judge = Judge(rules)
        self._edges = WordEdges(
            text
            for pattern in self._patterns
            for text, name in pattern.names.items()
            if name.kind == "name"
        )
        # the table of a DFA costs memory once and saves half of the time of each text
        self._find = ahocorasick_rs.BytesAhoCorasick(
            [
                *(pattern.text for pattern in self._patterns),
                *(in_search_alphabet(in_latin_1(text)) for text in of_telework),
            ],
            implementation=ahocorasick_rs.Implementation.DFA,
        ).find_matches_as_indexes

    def read(self, texts: Sequence[str], names: Sequence[str] | None = None) -> TextsRead:
        """Return which technologies the texts name, and which of them may name telework.

        :param names: of the employer and the place of each offer, one a line; None: not known.
        """
        codes: list[tuple[str, ...]] = [()] * len(texts)
        ready = _Texts(texts, self._longest)
        telework: dict[int, list[int]] = {}
        places = self._find(ready.folded, overlapping=True)
        for at, found in self._found(ready, places, names, telework):
            if len(found) == 1:
                named = self._named_with[found[0].name.code]
                codes[at] = named if len(named) == 1 else tuple(sorted({*named}))
            else:
                several = {code for hit in found for code in self._named_with[hit.name.code]}
                codes[at] = tuple(sorted(several))
        return TextsRead(codes, telework)

    def matches(self, text: str, names: str = "") -> list[Match]:
        """Return where a text names a technology, sorted by technology.

        :param names: of the offer's employer and place, one a line.
        """
        ready = _Texts([text], self._longest)
        places = self._find(ready.folded, overlapping=True)
        return sorted(
            Match(code, hit.start - 1, hit.end - 1)
            for _, found in self._found(ready, places, [names], {})
            for hit in found
            for code in self._named_with[hit.name.code]
        )

    def _found(
        self,
        texts: _Texts,
        places: Sequence[tuple[int, int, int]],
        names: Sequence[str] | None,
        telework: dict[int, list[int]],
    ) -> Iterator[tuple[int, list[Hit]]]:
        """Yield which text names technologies, and where.

        :param places: number of a pattern, start and end, as the automaton finds them.
        :param telework: gets the places of telework, as :class:`TextsRead` has them.
        """
        for at, written, hits in self._hits(texts, places, telework):
            named = outermost(hits)
            if named:
                folded = texts.folded[texts.starts[at] : texts.starts[at + 1]]
                # names and traps are all that most texts have
                against = sayings_of(hits) if len(hits) > len(named) else None
                whose = names[at].lower() if names else ""
                yield at, self._judge.judged(named, against, written, folded, whose)

    def _hits(
        self,
        texts: _Texts,
        places: Sequence[tuple[int, int, int]],
        telework: dict[int, list[int]],
    ) -> Iterator[tuple[int, str, list[Hit]]]:
        """Yield each text in which spellings stand as words: its number, itself, and which stand where."""
        starts, patterns, edges = texts.starts, self._patterns, self._edges
        new = tuple.__new__
        at, start, bound, written = 0, 0, 0, ""
        hits: list[Hit] = []
        for index, first, last in self._likely(texts, places, telework):
            if first >= bound:
                if hits:
                    yield at, written, hits
                    hits = []
                at = bisect_right(starts, first) - 1
                start, bound, written = starts[at], starts[at + 1], texts.written(at)
            _, before, after, _, names = patterns[index]
            begin, end = first - start + before, last - start - after
            if after:
                is_word = (
                    written[begin - 1] in _LEFT
                    and written[end] in _RIGHT
                    and (written[begin - 1] not in "'’" or is_elided(written, begin))
                )
            else:
                is_word = written[begin - 1] in _BLANKS or edges.starts_word(written, begin, end)
            name = names.get(written[begin:end].lower()) if is_word else None
            if name and (
                after
                or written[end] in _ENDS
                or name.kind != "name"
                or edges.ends_word(written, begin, end)
            ):
                # half of the time of Hit(begin, end, name), and a twentieth of a search
                hits.append(new(Hit, (begin, end, name)))
        if hits:
            yield at, written, hits

    def _likely(
        self,
        texts: _Texts,
        places: Sequence[tuple[int, int, int]],
        telework: dict[int, list[int]],
    ) -> Iterator[tuple[int, int, int]]:
        """Yield the places where a spelling may stand as a word, by the bytes beside it."""
        plain, starts = texts.plain, texts.starts
        must_end, is_short, is_within = self._must_end, self._is_short, self._is_within
        first_of_telework = len(self._patterns)
        for index, first, last in places:
            if index >= first_of_telework:
                found = bisect_right(starts, first) - 1
                telework.setdefault(found, []).append(last - starts[found] - 1)
            elif must_end[index] and _GOES_ON[plain[last]]:
                continue
            elif is_short[index]:
                if _MAY_BE_LEFT[plain[first]] and _MAY_BE_RIGHT[plain[last - 1]]:
                    yield index, first, last
            elif (
                not is_within[index] or _IS_CAPITAL[plain[first]] or not _IN_WORD[plain[first - 1]]
            ):
                yield index, first, last
