"""``range=p-d`` of the search: its bounds, and the status and Content-Range of a page. Pure.

At most 150 offers a page, first position at most 3,000, so 3,150 offers a query can ever be had.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.answers import ApiError

PAGE_MAX = 150
FIRST_MAX = 3_000
_RANGE = re.compile(r"(\d{1,9})-(\d{1,9})")


@dataclass(frozen=True)
class Range:
    """Positions asked, 0-based and inclusive."""

    first: int = 0
    last: int = PAGE_MAX - 1


def parse_range(text: str | None) -> Range:
    """Read ``p-d``; no range is the first page.

    Raise :class:`ApiError` with the text of the API. Which text comes first when both rules are broken is
    not known: the position is judged first here.
    """
    if not text:
        return Range()
    found = _RANGE.fullmatch(text)
    if not found or int(found[2]) < int(found[1]):
        raise ApiError("Format du paramètre « range » incorrect. <entier>-<entier> attendu.")
    asked = Range(int(found[1]), int(found[2]))
    if asked.first > FIRST_MAX:
        raise ApiError("La position de début doit être inférieure ou égale à 3000.")
    if asked.last - asked.first + 1 > PAGE_MAX:
        raise ApiError("La plage de résultats demandée est trop importante.")
    return asked


def status_and_content_range(asked: Range, total: int) -> tuple[int, str]:
    """Return the status of a page and its Content-Range.

    200 only when the page is the whole result, 206 for a part, 204 when the page holds nothing.
    """
    if total == 0:
        return 204, "*/0"
    if asked.first >= total:
        return 204, f"offres -1--1/{total}"
    last = min(asked.last, total - 1)
    is_whole = asked.first == 0 and last == total - 1
    return (200 if is_whole else 206), f"offres {asked.first}-{last}/{total}"
