"""Where a word begins and ends in the text of an offer: what tells ``Docker`` from a part of ``BlueDocker``.

Texts come from forms, PDFs and pages that lost their line ends: two words may have no space between them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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


class WordEdges:
    """Tells where words begin and end in a text with a line end around it.

    :param names: what may stand beside a seam, besides the words by which a sentence begins; lower case.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._known = frozenset(names).union(_STARTERS)

    def starts_word(self, written: str, start: int, end: int) -> bool:
        """Return whether a word starts at ``start``."""
        before = written[start - 1]
        if before.isalnum():
            return written[start].isupper() and self._is_seam_before(written, start, end)
        if before in "'’":
            return is_elided(written, start)
        if before == "_":
            return not written[start - 2].isalnum()
        return before != ";" or not _LETTER_BEFORE.search(
            written, max(0, start - _ENTITY_REACH), start
        )

    def ends_word(self, written: str, start: int, end: int) -> bool:
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


def is_elided(written: str, start: int) -> bool:
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
