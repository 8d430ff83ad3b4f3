"""Offers asked for one by one, whether they are live. Knows no source: its client is asked.

What lives here: which answers are believed. What does not: the questions (the client of a source), what
follows of the answers (``offers.life``).

One answer is not believed against all others. An offer that a single sweep misses is gone if the source says
so twice; if its two answers differ (replicas that are out of step), it is alive. An offer of which it says
nothing usable is neither; if it is so with many, it is the source that is not there. And a source that calls
offers gone which the sweep has just held is not believed at all.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from jobmarket.foundation.errors import JobMarketError, SourceContractError, SourceUnavailable
from jobmarket.foundation.lake.absences import Absences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

BATCH = 500
"""Offers of a batch: under two minutes at ten a second, which is what a killed task asks for again."""

MOST_UNANSWERED = 5
"""Of a batch, 1 %: an offer that the source cannot show. More is a source that does not answer."""


class DetailClient(Protocol):
    """The client of a source that tells of one offer by its id; thread-safe."""

    threads: int

    def is_live(self, offer_id: str) -> bool:
        """Tell whether the source still gives an offer."""


def require_trustworthy(client: DetailClient, held: Sequence[str], label: str) -> None:
    """Ask for offers that the sweep holds; raise :class:`SourceUnavailable` if half of them are called gone.

    Some may have gone since. If most have, it is not the offers: an address that has changed answers so, too.

    :param held: some of them; none: nothing is asked.
    :param label: of the source, for the sentence.
    """
    said = _Round(client).ask(held)
    gone = sum(is_live is False for is_live in said.values())
    if 2 * gone > len(held):
        raise SourceUnavailable(
            f"{label} calls {gone} of {len(held)} offers gone, asked for one by one, that the sweep holds: "
            f"its answers prove nothing now, so nothing was asked of the absences and nothing is closed; if "
            f"it lasts, the address of single offers has changed: report it."
        )


def ask_each(
    client: DetailClient, offer_ids: Sequence[str], once: Collection[str] = ()
) -> Iterator[Absences]:
    """Ask for offers by their ids at the full rate; return the answers batch by batch.

    :param once: of these one answer is enough: something else speaks against them, too.

    Raise what ``is_live`` raises, what it raises of one offer only if it does of more than
    ``MOST_UNANSWERED`` of a batch; batches that were returned before are whole.
    """
    for start in range(0, len(offer_ids), BATCH):
        batch = offer_ids[start : start + BATCH]
        said = _Round(client).ask(batch)
        again = _Round(client).ask([one for one in batch if _is_doubted(one, said[one], once)])
        final = said | {one: _final(one, said[one], again[one], once) for one in again}
        yield Absences(
            asked_at=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            alive=[one for one in batch if final[one] is True],
            gone=[one for one in batch if final[one] is False],
            unanswered=[one for one in batch if final[one] is None],
            wavering=[one for one in again if said[one] is False and again[one] is True],
        )


def _is_doubted(offer_id: str, said: bool | None, once: Collection[str]) -> bool:
    return said is None or (said is False and offer_id not in once)


def _final(
    offer_id: str, said: bool | None, again: bool | None, once: Collection[str]
) -> bool | None:
    """Return what two answers say together."""
    if again is False and _is_doubted(offer_id, again, once):
        return said  # gone twice, or once and nothing usable
    return again


class _Round:
    """One question for each of some offers, by as many threads as the client has.

    :param client: of the source.
    """

    def __init__(self, client: DetailClient) -> None:
        self._client = client
        self._failures = 0
        self._end: JobMarketError | None = None
        self._lock = Lock()

    def ask(self, offer_ids: Sequence[str]) -> dict[str, bool | None]:
        """Return whether each is live; None of which nothing usable was said."""
        with ThreadPoolExecutor(self._client.threads) as pool:
            return dict(zip(offer_ids, pool.map(self._is_live, offer_ids), strict=True))

    def _is_live(self, offer_id: str) -> bool | None:
        if self._end:
            raise self._end
        try:
            return self._client.is_live(offer_id)
        except JobMarketError as exc:
            with self._lock:
                if isinstance(exc, SourceUnavailable | SourceContractError):
                    self._failures += 1
                    if self._failures <= MOST_UNANSWERED:
                        return None
                self._end = exc
            raise
