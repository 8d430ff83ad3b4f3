"""Offers asked for one by one, whether they are live. Knows no source: its client is asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from jobmarket.foundation.lake.absences import Absences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BATCH = 500
"""Offers of a batch: under a minute at ten a second, which is what a killed task asks for again."""


class DetailClient(Protocol):
    """The client of a source that tells of one offer by its id; thread-safe."""

    threads: int

    def is_live(self, offer_id: str) -> bool:
        """Tell whether the source still gives an offer."""


def ask_each(client: DetailClient, offer_ids: Sequence[str]) -> Iterator[Absences]:
    """Ask for offers by their ids at the full rate; return the answers batch by batch.

    Raise what ``is_live`` raises; batches that were returned before are whole.
    """
    with ThreadPoolExecutor(client.threads) as pool:
        for start in range(0, len(offer_ids), BATCH):
            batch = offer_ids[start : start + BATCH]
            is_live = dict(zip(batch, pool.map(client.is_live, batch), strict=True))
            yield Absences(
                asked_at=datetime.now(UTC)
                .isoformat(timespec="milliseconds")
                .replace("+00:00", "Z"),
                alive=[offer_id for offer_id in batch if is_live[offer_id]],
                gone=[offer_id for offer_id in batch if not is_live[offer_id]],
            )
