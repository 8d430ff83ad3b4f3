"""Where to cut a day so that each piece can be read whole: windows, their queries, the choice of a cut.

Pure functions. What lives here: geometry. What does not: the order of questions (``plan``) and the proof
that a piece was read whole (``proof``).

A window has a *core* ``[start, end)`` in wall-clock seconds; the cores of a day tile it without a hole.
It *asks* for ``start - 1`` to ``end``, so each instant of the core lies strictly inside what is asked,
whether the API includes its bounds or not, and whatever it does with milliseconds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jobmarket.sources.france_travail.client.answer import CAP, Cap, wall_text
from jobmarket.sources.france_travail.client.request import query_text

if TYPE_CHECKING:
    from collections.abc import Sequence

BY_DATE = "1"
"""``sort``: creation date, newest first. Only a hint: nothing is believed because of it."""

BY_RELEVANCE = "0"

SHORTEST_CORE_S = 3
"""Seconds. A second ``t`` that holds a burst is read once if it has the core ``[t - 1, t + 2)``:
the neighbours then ask for nothing between ``t`` and ``t + 1``."""

CODES_PER_QUERY = 200
"""ROME codes that one query accepts."""

# A cut is looked for on the last whole page that a query gives. The slice above it should hold most of
# what one query can give, with room left for a replica that is ahead, or for offers that come in late.
_ROOM_SHARE = 11 / 15
# Offers in the two seconds that both neighbours of a cut ask for, worth reading twice.
_QUIET = 4


@dataclass(frozen=True)
class Window:
    """A piece of the day, perhaps narrowed by filters.

    :param start: first wall-clock second of the core.
    :param end: the second after the core.
    :param filters: parameters beside the dates, such as ``(("origineOffre", "1"),)``.
    :param sort: the order asked for; ``BY_DATE`` or ``BY_RELEVANCE``.
    """

    start: int
    end: int
    filters: tuple[tuple[str, str], ...] = ()
    sort: str = BY_DATE

    @property
    def asked(self) -> tuple[int, int]:
        """First and last second asked for."""
        return self.start - 1, self.end

    @property
    def query(self) -> str:
        """The query string, without ``range``."""
        return self.sorted_query(self.sort)

    def sorted_query(self, sort: str) -> str:
        """Return the query string with this order."""
        first, last = self.asked
        return query_text(
            [
                *self.filters,
                ("minCreationDate", wall_text(first)),
                ("maxCreationDate", wall_text(last)),
                ("sort", sort),
            ]
        )

    def cut(self, at: int) -> tuple[Window, Window]:
        """Return the parts above and below a second inside the core."""
        if not self.start < at < self.end:
            raise ValueError(f"a cut of [{self.start}, {self.end}) cannot be at {at}")
        return replace(self, start=at), replace(self, end=at)

    def narrowed(self, name: str, value: str) -> Window:
        """Return the same core with a filter set."""
        others = tuple(item for item in self.filters if item[0] != name)
        return replace(self, filters=(*others, (name, value)))

    def value(self, name: str) -> str | None:
        """Return what a filter is set to."""
        return dict(self.filters).get(name)


def page_starts(total: int, cap: Cap = CAP) -> list[int]:
    """Return the first index of each page of a result set that can be read whole.

    Each page but the first starts with the last offer of the page before: while that holds, nothing has
    moved between the two reads. One page, from 0, of an empty set.
    """
    starts = [0]
    while starts[-1] + cap.page_size < total and starts[-1] < cap.last_start:
        starts.append(min(starts[-1] + cap.page_size - 1, cap.last_start))
    return starts


def peek_start(cap: Cap = CAP) -> int:
    """Return the first index of the last page that a whole query has without a short step at its end."""
    return cap.last_start - cap.last_start % (cap.page_size - 1)


def choose_cut(window: Window, seconds: Sequence[int], cap: Cap = CAP) -> int | None:
    """Choose where to cut a window of more offers than a query gives.

    :param window: what was asked, newest first.
    :param seconds: creation seconds of the offers of the page at :func:`peek_start`.
    :return: a second inside the core, so that the part above should hold about as many offers as one
        query gives, and no second with a burst is asked for by both parts; ``None`` if the core is too
        short to be cut.

    The order of the answer is only a hint: a cut is safe wherever it falls.
    """
    if window.end - window.start <= SHORTEST_CORE_S:
        return None
    on_page = Counter(second for second in seconds if window.start <= second < window.end)
    if not on_page:
        return middle(window)
    room = round(cap.page_size * _ROOM_SHARE)
    return _cut_below_quiet_second(window, on_page, room) or _cut_under_burst(window, min(on_page))


def shards(window: Window, seconds: Sequence[int], most: int) -> list[Window]:
    """Cut a window into pieces of about so many offers; the window itself if it is too short.

    :param seconds: creation seconds of its offers.
    """
    starts = [window.start]
    for second in sorted(seconds)[most::most]:
        if starts[-1] + SHORTEST_CORE_S < second < window.end - SHORTEST_CORE_S:
            starts.append(second)
    ends = [*starts[1:], window.end]
    return [replace(window, start=s, end=e) for s, e in zip(starts, ends, strict=True)]


def middle(window: Window) -> int | None:
    """Return the middle of a core, ``None`` if it is too short to be cut."""
    if window.end - window.start <= SHORTEST_CORE_S:
        return None
    return (window.start + window.end) // 2


def _cut_below_quiet_second(window: Window, on_page: Counter[int], room: int) -> int | None:
    candidates: list[
        tuple[int, int]
    ] = []  # (offers that both parts ask for, cut), fuller slices last
    above = 0
    for second in sorted(on_page, reverse=True):
        if above > room:
            break
        # the part above asks from `second + 1` on, the part below to `second + 2`
        at = second + 2
        if window.start < at < window.end:
            candidates.append((on_page[second + 1] + on_page[second + 2], at))
        above += on_page[second]
    quiet = [at for twice, at in candidates if twice <= _QUIET]
    if quiet:
        return quiet[-1]
    return min(candidates)[1] if candidates else None


def _cut_under_burst(window: Window, oldest: int) -> int | None:
    # the newest offers all lie in the last two seconds of the core: leave them a core of their own
    at = oldest - 1
    return at if window.start < at < window.end else middle(window)


def code_groups(codes: Sequence[str]) -> list[str]:
    """Return the values of ``codeROME`` that together name every code."""
    return [
        ",".join(codes[at : at + CODES_PER_QUERY]) for at in range(0, len(codes), CODES_PER_QUERY)
    ]


def halves(group: str) -> list[str]:
    """Return a comma-separated group in two halves, or nothing if it is a single value."""
    codes = group.split(",")
    half = len(codes) // 2
    return [",".join(codes[:half]), ",".join(codes[half:])] if half else []
