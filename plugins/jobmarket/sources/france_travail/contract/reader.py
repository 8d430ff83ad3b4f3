"""The reader of France Travail: its pages -> rows, a hundred records at once. Pure.

What lives here: the order of the steps. What does not: the steps (``records``, ``interpret``, ``rows``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.enrich.readings import rules_hash
from jobmarket.enrich.technology.search import LONGEST_TEXT, read_texts
from jobmarket.offers.reading import ContractBreach, Cut, OfferRows
from jobmarket.sources.france_travail.contract.interpret import read_offer
from jobmarket.sources.france_travail.contract.records import cut_records, identify, stated_day
from jobmarket.sources.france_travail.contract.rows import names_of, rows_of, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobmarket.offers.reading import Notes, Record
    from jobmarket.sources.france_travail.contract.offer import ApiOffer


class FranceTravailReader:
    """Reads answers of the search endpoint; see :class:`jobmarket.offers.reading.Reader`."""

    contract = "sources/france_travail/contract/offer.py"

    identify = staticmethod(identify)
    stated_day = staticmethod(stated_day)

    @property
    def version(self) -> int:
        """Return the fingerprint of the rules."""
        return rules_hash()

    def cut(self, body: bytes) -> Cut:
        """Cut a page into its records, none decoded; never raises."""
        found = cut_records(body)
        return Cut(found.records, found.is_whole, tuple(f"(page).{name}" for name in found.unknown))

    def read(self, records: Sequence[Record], notes: Notes) -> list[OfferRows | ContractBreach]:
        """Decode records and make their rows, their texts searched at once."""
        offers = [_decoded(record, notes) for record in records]
        texts = ["" if isinstance(offer, ContractBreach) else text_of(offer) for offer in offers]
        names = ["" if isinstance(offer, ContractBreach) else names_of(offer) for offer in offers]
        for text in texts:
            if len(text) > LONGEST_TEXT:
                notes.note_repair("technology_text_cut")
        codes, may_name_telework = read_texts(texts, names)
        found: list[OfferRows | ContractBreach] = []
        for at, offer in enumerate(offers):
            if isinstance(offer, ContractBreach):
                found.append(offer)
                continue
            try:
                rows: OfferRows | ContractBreach = rows_of(
                    offer,
                    codes[at],
                    notes,
                    records[at].received_at,
                    may_name_telework=at in may_name_telework,
                )
            except ContractBreach as exc:
                rows = exc
            found.append(rows)
        return found


def _decoded(record: Record, notes: Notes) -> ApiOffer | ContractBreach:
    try:
        offer = read_offer(record.content, notes)
    except ContractBreach as exc:
        return exc
    if offer.id != record.offer_id:
        return ContractBreach("Expected one `id`, got two")
    return offer
