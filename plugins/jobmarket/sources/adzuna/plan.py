"""Which question of a day comes next, and what was reached when there is none or no budget left. Pure.

The whole day is one listing; one that is too long to be paged through is cut by category, and a category by
region. Of all pages that may be asked the one with the most ads of the day comes first, so that a small
budget gets as many as it can. What is asked depends on the answers so far alone: a run that was killed goes
on from what has landed.

What lives here: cutting, choosing, the certificate. What does not: what one listing knows (``slices``),
asking.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from jobmarket.foundation.lake.manifest import Certificate, SliceCertificate
from jobmarket.sources.adzuna.question import CATEGORIES, PAGE_SIZE, PLACES, Question, window_of
from jobmarket.sources.adzuna.slices import Listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from jobmarket.sources.adzuna.answer import Answer


class _Choice(NamedTuple):
    """A question that may come next; the greatest is chosen.

    :param ads: of the day that it may add.
    :param order: of equal ones, the one that was possible first: less is earlier.
    """

    ads: float
    order: tuple[int, int]
    listing: Listing
    page: int
    is_re_read: bool


class Plan:
    """The plan of one day.

    :param day: Europe/Paris; it has begun.
    :param now: at which the run began, with its zone: it decides which ages are asked for.
    :param deepest_page: of one listing that is asked for.
    """

    def __init__(self, day: date, now: datetime, *, deepest_page: int) -> None:
        self.window = window_of(day, now)
        self._deepest_page = deepest_page
        self._whole = Listing(self.window, deepest_page)
        self._parts: dict[Listing, list[Listing]] = {}
        self._newer_share: float | None = None if self.window.newer else 0.0
        self._asked: _Choice | None = None
        self._seen: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._bytes = 0
        self._end = ""
        self._more: set[str] = set()  # ads of the day beside those of the listings

    def next(self) -> Question | None:
        """Return the next question; ``None`` when the day was read, or :meth:`stop` was called."""
        self._asked = None
        if self._end:
            return None
        if not self._whole.is_seen:
            return self._ask(_Choice(PAGE_SIZE, (0, 0), self._whole, 1, False))
        if self._newer_share is None:
            return Question(self.window.newer)
        choices = [
            choice for at, leaf in enumerate(self._leaves()) for choice in self._of(leaf, at)
        ]
        if not choices:
            return None
        return self._ask(max(choices, key=lambda choice: (choice.ads, _reversed(choice.order))))

    def take(self, answer: Answer) -> None:
        """Take the answer to the question that :meth:`next` returned last."""
        self._seen.update(ad.ad_id for ad in answer.ads)
        self._statuses.update(str(status) for status in answer.statuses)
        self._bytes += len(answer.body)
        if self._asked is None:  # the ages that are surely newer than the day
            self._newer_share = min(1.0, answer.count / max(1, self._whole.count))
            self._whole.requests += len(answer.statuses)
            self._whole.retries += len(answer.statuses) - 1
            return
        listing = self._asked.listing
        listing.take(answer, is_re_read=self._asked.is_re_read)
        if listing.is_too_deep and listing not in self._parts:
            self._parts.update(self._cut(listing))

    def add(self, answer: Answer) -> None:
        """Count the ads of an answer that landed and that no question of this plan asked for."""
        self._seen.update(ad.ad_id for ad in answer.ads)
        self._statuses.update(str(status) for status in answer.statuses)
        self._bytes += len(answer.body)
        for ad in answer.ads:
            if ad.created and self.window.start <= ad.created < self.window.end:
                self._more.add(ad.ad_id)

    @property
    def has_read(self) -> bool:
        """Any answer was taken."""
        return self._whole.is_seen

    def stop(self, why: str) -> None:
        """End the day here, for a reason in one sentence."""
        self._end = why

    def certificate(self, *, seconds: float) -> Certificate:
        """Return what was reached: announced, collected, the gap between them, and that it is a share."""
        leaves = list(self._leaves())
        ids: set[str] = set().union(*(listing.ids for listing in self._all()))
        outside: set[str] = set().union(*(listing.outside for listing in self._all())) - ids
        undated = sum(listing.undated for listing in self._all())
        unassigned = {listing: self._unassigned(listing) for listing in self._parts}
        gap = sum(self._gap(leaf) for leaf in leaves) + sum(unassigned.values())
        gap = max(0, gap - len(self._more - ids))
        ids |= self._more
        requests = sum(self._statuses.values())
        retries = sum(listing.retries for listing in self._all())
        return Certificate(
            certified=False,
            is_share=True,
            doubts=list(self._doubts(len(ids), gap, undated)),
            announced=len(ids) + gap,
            collected=len(ids),
            duplicates=sum(self._seen.values()) - len(self._seen),
            outside_day=len(outside),
            gap=gap,
            requests=requests,
            retries=retries,
            re_reads=sum(listing.re_reads for listing in self._all()),
            bytes=self._bytes,
            seconds=round(seconds, 3),
            statuses=dict(sorted(self._statuses.items())),
            undated=undated,
            slices=[self._slice(listing, unassigned.get(listing)) for listing in self._all()],
        )

    def _ask(self, choice: _Choice) -> Question:
        self._asked = choice
        return choice.listing.question(choice.page)

    def _of(self, listing: Listing, at: int) -> Iterator[_Choice]:
        """Yield what may be asked of a listing.

        :param at: its place among all: of what is worth the same, the first is asked first.
        """
        if not listing.is_seen:
            yield _Choice(self._expected(listing), (0, at), listing, 1, False)
        for step in listing.steps(self._newer_share or 0.0):
            yield _Choice(step.ads, (step.page, at), listing, step.page, step.is_re_read)

    def _expected(self, listing: Listing) -> float:
        """Return how many ads of the day the first page of a part may hold: its like of what no part has."""
        whole = next(whole for whole, parts in self._parts.items() if listing in parts)
        unseen = sum(not part.is_seen for part in self._parts[whole])
        return max(1.0, min(PAGE_SIZE, self._unread(whole) / unseen))

    def _cut(self, listing: Listing) -> dict[Listing, list[Listing]]:
        if listing.category is None:
            names: list[tuple[str | None, str | None]] = [(name, None) for name in CATEGORIES]
        elif listing.place is None:
            names = [(listing.category, name) for name in PLACES]
        else:
            return {}  # there is nothing finer: it is read as far as its pages go
        return {listing: [Listing(self.window, self._deepest_page, *name) for name in names]}

    def _all(self) -> Iterator[Listing]:
        """Yield all listings, each before its parts."""
        waiting = [self._whole]
        while waiting:
            listing = waiting.pop(0)
            yield listing
            waiting += self._parts.get(listing, [])

    def _leaves(self) -> Iterator[Listing]:
        return (listing for listing in self._all() if listing not in self._parts)

    def _unread(self, whole: Listing) -> int:
        """Return how many ads of a listing no part that was seen announces."""
        return max(
            0, max(whole.counts) - sum(max(part.counts, default=0) for part in self._parts[whole])
        )

    def _unassigned(self, whole: Listing) -> int:
        """Return how many ads of a listing that was cut are in no part that was seen, nor read with it."""
        seen: set[str] = set().union(*(part.ids | part.outside for part in self._below(whole)))
        return max(0, self._unread(whole) - len((whole.ids | whole.outside) - seen))

    def _below(self, whole: Listing) -> Iterator[Listing]:
        for part in self._parts.get(whole, []):
            yield part
            yield from self._below(part)

    def _gap(self, leaf: Listing) -> int:
        return leaf.announced - len(leaf.ids) if leaf.is_seen else 0

    def _doubts(self, collected: int, gap: int, undated: int) -> Iterator[str]:
        if self._end:
            yield self._end
        if gap:
            share = 100 * collected / (collected + gap)
            yield (
                f"The day is a share: {collected} ads were read, at least {share:.1f} % of the "
                f"{collected + gap} that Adzuna may have of it; it counts by age, so that some of the rest "
                f"may be of other days."
            )
        else:
            yield (
                f"The day is a share: all {collected} ads were read that Adzuna announced; what it does not "
                f"have, or adds later, nobody can tell."
            )
        if any(listing.is_seen and not listing.is_in_order for listing in self._all()):
            yield (
                "Adzuna did not give the newest ads first, as it was asked: where the day ends was not seen."
            )
        if undated:
            yield f"{undated} ads have no date that can be read."

    def _slice(self, listing: Listing, unassigned: int | None) -> SliceCertificate:
        is_division = unassigned is not None
        return SliceCertificate(
            query=listing.question(1).listing,
            is_division=is_division,
            announced=max(listing.counts, default=0) if is_division else listing.announced,
            announced_first=listing.counts[0] if listing.counts else 0,
            announced_last=listing.count,
            collected=len(listing.ids),
            gap=unassigned if unassigned is not None else self._gap(listing),
            requests=listing.requests,
            retries=listing.retries,
            re_reads=listing.re_reads,
        )


def _reversed(order: tuple[int, int]) -> tuple[int, int]:
    return -order[0], -order[1]
