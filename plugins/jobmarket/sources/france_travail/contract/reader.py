"""The reader of France Travail: its pages -> what each offer states. Pure.

What lives here: the order of the steps. What does not: the steps (``records``, ``interpret``, ``offer``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.offers.reading import ContractBreach, Cut
from jobmarket.sources.france_travail.contract.interpret import read_offer
from jobmarket.sources.france_travail.contract.offer import rows_of
from jobmarket.sources.france_travail.contract.records import cut_records, identify, stated_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobmarket.offers.reading import Notes, Record
    from jobmarket.offers.schema import OfferRows


class FranceTravailReader:
    """Reads answers of the search endpoint; see :class:`jobmarket.offers.reading.Reader`."""

    contract = "sources/france_travail/contract/offer.py"

    identify = staticmethod(identify)
    stated_day = staticmethod(stated_day)

    def cut(self, body: bytes) -> Cut:
        """Cut a page into its records, none decoded; never raises."""
        found = cut_records(body)
        return Cut(found.records, found.is_whole, tuple(f"(page).{name}" for name in found.unknown))

    def read(self, records: Sequence[Record], notes: Notes) -> list[OfferRows | ContractBreach]:
        """Decode records and state their columns."""
        return [_read(record, notes) for record in records]


def _read(record: Record, notes: Notes) -> OfferRows | ContractBreach:
    try:
        offer = read_offer(record.content, notes)
        if offer.id != record.offer_id:
            return ContractBreach("Expected one `id`, got two")
        return rows_of(offer, notes, record.received_at)
    except ContractBreach as exc:
        return exc
