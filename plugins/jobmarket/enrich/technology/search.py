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

from jobmarket.enrich.technology.dictionary import dictionary
from jobmarket.enrich.technology.judge import Judge, outermost
from jobmarket.enrich.technology.names import patterns
from jobmarket.enrich.technology.refusal import Hit, sayings_of
from jobmarket.enrich.technology.text import fold, in_latin_1
from jobmarket.enrich.telework import NAMED_WITHIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobmarket.enrich.technology.dictionary import Dictionary

LONGEST_TEXT = 100_000
"""Characters of a text that are read, some twenty times the longest of a real offer. What follows is not."""

# From this length on, a version may follow without a space: Python3, C++17, RPG2.
_TAKES_VERSION = 3
# From this length on, a name is found in words that lost the space between them: "PythonDocker".
_SHOWS_SEAM = 3
# A longer word beside a seam is a word of the text; a shorter one may be half of a name: "BlueDocker".
_SEAM_WORD = 6
_SEAM_REACH = 40
_WORD_BEFORE = re.compile(r"[^\W_]+$")
_PIECE_AFTER = re.compile(r"[^\W\d_](?:[^\W\d_A-Z]+|[A-Z]+)")
# Short words by which a sentence or a heading begins.
_STARTER_WORDS = """
au aux avec bac base bdd big bon bonne cache car ce ces cette cloud dans data de des dev du dès elle
en et etc id il ils in je la le les lieu mais mise ne nous on ou outil où par pas plus poste pour
profil pré puis que qui requis sa sens ses si son sous sur ta tes the ton tu un une vos votre vous
you à
"""
_STARTERS = frozenset(_STARTER_WORDS.split())
# A letter as an entity is part of its word: "d&eacute;cision", "d&#233;cision".
_LETTER_BEFORE = re.compile(
    r"&(?:#(?:19[2-9]|2[0-5]\d)|[A-Za-z]+(?:acute|grave|circ|uml|cedil|lig));$"
)
_LETTER_AFTER = re.compile(_LETTER_BEFORE.pattern.removesuffix("$"))
_ENTITY_REACH = 10
# The only words that end in an apostrophe and leave the next one whole: "l'Excel", not "Pré'AD".
_ELISION = re.compile(r"(?<!\w)(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu)$", re.IGNORECASE)
_ELISION_REACH = 8
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
        self.folded = fold(self.plain)
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
        # what may stand beside a seam
        self._known = frozenset(
            text
            for pattern in self._patterns
            for text, name in pattern.names.items()
            if name.kind == "name"
        ).union(_STARTERS)
        # the table of a DFA costs memory once and saves half of the time of each text
        self._find = ahocorasick_rs.BytesAhoCorasick(
            [
                *(pattern.text for pattern in self._patterns),
                *(fold(in_latin_1(text)) for text in of_telework),
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
        starts, patterns, new = texts.starts, self._patterns, tuple.__new__
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
                    and (written[begin - 1] not in "'’" or _is_elided(written, begin))
                )
            else:
                is_word = written[begin - 1] in _BLANKS or self._starts_word(written, begin, end)
            name = names.get(written[begin:end].lower()) if is_word else None
            if name and (
                after
                or written[end] in _ENDS
                or name.kind != "name"
                or self._ends_word(written, begin, end)
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

    def _starts_word(self, written: str, start: int, end: int) -> bool:
        """Return whether a word starts at ``start``."""
        before = written[start - 1]
        if before.isalnum():
            return written[start].isupper() and self._is_seam_before(written, start, end)
        if before in "'’":
            return _is_elided(written, start)
        if before == "_":
            return not written[start - 2].isalnum()
        return before != ";" or not _LETTER_BEFORE.search(
            written, max(0, start - _ENTITY_REACH), start
        )

    def _ends_word(self, written: str, start: int, end: int) -> bool:
        """Return whether a word ends at ``end``, but for the number of a version."""
        after = written[end]
        if not after.isalnum():
            return not _goes_on(written, end)
        if after.isupper():
            return self._is_seam_after(written, start, end)
        if after.isdigit() and _takes_version(written, start, end):
            while written[end].isdigit():
                end += 1
            return not written[end].isalpha()
        # "p>" is what some partners leave of a closed paragraph
        return written.startswith("p>", end)

    def _is_seam_before(self, written: str, start: int, end: int) -> bool:
        """Return whether two words meet before a capital, as in pages that lost their line ends.

        ``PythonDocker``, ``souhaitéeDocker``, ``lActive Directory``; not ``BlueDocker``, ``SAPEUR``.
        """
        if not _is_seam(written, start, end - start):
            return False
        found = _WORD_BEFORE.search(written, max(0, start - _SEAM_REACH), start)
        if found is None:
            return False
        word = found[0]
        if word[-1].isdigit():
            return not word.isdigit()
        if word[0].islower():
            return len(word) >= _SHOWS_SEAM or word in "ld"
        return len(word) > _SEAM_WORD or word.lower() in self._known

    def _is_seam_after(self, written: str, start: int, end: int) -> bool:
        """Return whether two words meet behind a name: ``DockerVous``; not ``DockerBox``."""
        if not _is_seam(written, end, end - start):
            return False
        found = _PIECE_AFTER.match(written, end, end + _SEAM_REACH)
        if found is None:
            return False
        word = found[0]
        return len(word) >= _SEAM_WORD or word.isupper() or word.lower() in self._known


def _takes_version(written: str, start: int, end: int) -> bool:
    """Return whether digits may follow a name at once: a letter and a digit more is a number of something."""
    last = written[end - 1]
    return not last.isdigit() and (end - start >= _TAKES_VERSION or not last.isalpha())


def _is_elided(written: str, start: int) -> bool:
    """Return whether the apostrophe before ``start`` opens a quotation or leaves the next word whole."""
    first = max(0, start - 1 - _ELISION_REACH)
    return not written[start - 2].isalnum() or bool(_ELISION.search(written, first, start - 1))


def _is_seam(written: str, place: int, length: int) -> bool:
    return length >= _SHOWS_SEAM and (written[place - 1].islower() or written[place + 1].islower())


def _goes_on(written: str, end: int) -> bool:
    """Return whether a name goes on behind a sign: C as C# or C++, a word as ``&eacute;``, ``Excel'Form``."""
    after = written[end]
    if after == "&":
        return bool(_LETTER_AFTER.match(written, end))
    if after in "'’":
        # an English genitive leaves the name whole
        return written[end + 1].isalnum() and (
            written[end + 1] != "s" or written[end + 2].isalnum()
        )
    if after == "_":
        return written[end + 1].isalnum()
    return after in "#+" and not written[end - 2].isalnum() and written[end : end + 2] != "+ "
