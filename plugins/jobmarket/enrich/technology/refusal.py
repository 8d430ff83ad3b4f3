"""What a text says against the names in it: that they are not needed, not used, not asked for. Pure.

What lives here: refusals before names, denials behind them, and what takes them back. What does not: the
phrases (``include/reference/technology.toml``), and what else judges a name (``technology_judge``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobmarket.enrich.technology.names import Name

# How far a refusal reaches, unless its sentence or clause ends before.
_REFUSED_REACH = 120
_CLAUSE_END = re.compile(
    r"[\n;!?]|\.\s|\b(?:mais|en revanche|par contre|toutefois|cependant|car|seule?s?|juste|uniquement"
    r"|(?<!que )vous|(?<!que )nous)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[\n;!?]|\.\s")
# What may stand between a name and what denies it: "Excel et Word ne sont pas exigés", "(Excel non requis)".
_UP_TO_DENIAL = re.compile(
    r"(?:(?!\b(?:l[ae]s?|une?|vous|nous|mais|souhait\w*|appréci\w*|plus|atout)\b)[\w \t/&+()'’.-]){0,60}",
    re.IGNORECASE,
)
_DENIED_REACH = 60
# What takes a refusal back: a plus is a mention, and so is what the job teaches.
_TAKEN_BACK = re.compile(
    r"\b(?:un (?:réel |vrai |gros )?(?:plus|atout|bonus)|appréci|souhaité|souhaitable|bienvenu|"
    r"serez (?:\w+ )?formé|formation (?:est |sera )?(?:\w+ )?(?:prévue|assurée|dispensée|interne|fournie)|"
    r"vous form|formons|formé(?:e|es|s|\(e\))? (?:en|à|sur|par))",
    re.IGNORECASE,
)
# What stands between two members of a list.
_LISTED = re.compile(
    r"[\d.x]{0,8}(?:[ \t]*(?:[,;/|&+•·()\-\u2013]|\b(?:et|ou|and|or|puis|voire)\b)){1,3}[ \t]*",
    re.IGNORECASE,
)
_LISTED_REACH = 16


class Hit(NamedTuple):
    """One place where a name stands as a word; offsets in the text with a line end before it."""

    start: int
    end: int
    name: Name


class Sayings(NamedTuple):
    """What a text says against names.

    :param refusals: where the words end that void the names behind them, ascending.
    :param denials: where the words begin that void the names before them, ascending.
    """

    refusals: list[int]
    denials: list[int]


def sayings_of(hits: Sequence[Hit]) -> Sayings | None:
    """Return what the hits of a text say against names; None if nothing."""
    refusals = sorted(hit.end for hit in hits if hit.name.kind == "refusal")
    denials = sorted(hit.start for hit in hits if hit.name.kind == "denial")
    return Sayings(refusals, denials) if refusals or denials else None


def unrefused(
    found: list[Hit], refused: Sequence[Hit], sayings: Sayings, written: str
) -> list[Hit]:
    """Return the hits of which no sentence says that they are not asked for.

    :param found: counted so far.
    :param refused: others, right before which a refusal stands: "ni Word ni Excel".
    """
    right_behind = {hit.start for hit in refused}
    kept: list[Hit] = []
    last = -_LISTED_REACH
    for hit in sorted([*found, *refused], key=by_place) if refused else found:
        if (
            hit.start in right_behind
            # the rest of a list whose first member is refused: "sans Word, Excel ou Access"
            or (hit.start - last <= _LISTED_REACH and _LISTED.fullmatch(written, last, hit.start))
            or _is_behind_refusal(hit, sayings.refusals, written)
            or _is_denied_behind(hit, sayings.denials, written)
        ) and not _is_taken_back(written, hit.end):
            last = hit.end
        else:
            kept.append(hit)
    return kept


def _is_behind_refusal(hit: Hit, refusals: Sequence[int], written: str) -> bool:
    at = bisect_right(refusals, hit.start) - 1
    return (
        at >= 0
        and hit.start - refusals[at] <= _REFUSED_REACH
        and not _CLAUSE_END.search(written, refusals[at], hit.start)
    )


def _is_denied_behind(hit: Hit, denials: Sequence[int], written: str) -> bool:
    at = bisect_left(denials, hit.end)
    return (
        at < len(denials)
        and denials[at] - hit.end <= _DENIED_REACH
        and bool(_UP_TO_DENIAL.fullmatch(written, hit.end, denials[at]))
    )


def _is_taken_back(written: str, end: int) -> bool:
    """Return whether the sentence goes on to say that a refused name is a plus or is taught."""
    until = _SENTENCE_END.search(written, end, end + _REFUSED_REACH)
    return bool(_TAKEN_BACK.search(written, end, until.start() if until else end + _REFUSED_REACH))


def is_listed(written: str, first: Hit, second: Hit) -> bool:
    """Return whether two hits are neighbours in a list."""
    gap = second.start - first.end
    return 0 < gap <= _LISTED_REACH and bool(_LISTED.fullmatch(written, first.end, second.start))


def by_place(hit: Hit) -> tuple[int, int]:
    """Return the key that sorts hits by their place, the longest of a place first."""
    return hit.start, -hit.end
