"""The reader of Adzuna: its pages -> what each ad states. Pure.

What lives here: cutting a page, the order of the steps. What does not: the steps (``ad``, ``values``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Raw, Struct

from jobmarket.foundation.day import PARIS
from jobmarket.offers.reading import ContractBreach, Cut
from jobmarket.sources.adzuna.ad import read_ad
from jobmarket.sources.adzuna.answer import instant
from jobmarket.sources.adzuna.values import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobmarket.offers.reading import Notes, Record
    from jobmarket.offers.schema import OfferRows

ID_BYTES = 20  # Adzuna's ids have ten


class _Stub(Struct):
    id: str | int
    created: str = ""


_KNOWN = {"__CLASS__", "count", "mean", "results"}
_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)
_fields = msgspec.json.Decoder(dict[str, Raw])
_raws = msgspec.json.Decoder(list[Raw])
_stub = msgspec.json.Decoder(_Stub)


class AdzunaReader:
    """Reads answers of the search; see :class:`jobmarket.offers.reading.Reader`."""

    contract = "sources/adzuna/ad.py"

    def cut(self, body: bytes) -> Cut:
        """Cut a page into its records, none decoded; never raises.

        Only whole answers are landed: one that is none now was changed since.
        """
        try:
            fields = _fields.decode(body)
            records = _raws.decode(fields["results"])
        except (*_UNREADABLE, KeyError):
            return Cut([], is_whole=False)
        unknown = sorted(fields.keys() - _KNOWN)
        return Cut(records, is_whole=True, unknown=tuple(f"(page).{name}" for name in unknown))

    def identify(self, record: bytes) -> str | None:
        """Return the id of a record, or None if it has none that a key could be made of."""
        try:
            found = str(_stub.decode(record).id)
        except _UNREADABLE:
            return None
        is_key = found.isascii() and found.isalnum() and len(found) <= ID_BYTES
        return found if is_key else None

    def stated_day(self, record: bytes) -> str | None:
        """Return the day that even a broken record states, Europe/Paris; None if it states none."""
        try:
            at = instant(_stub.decode(record).created)
            return str(at.astimezone(PARIS).date()) if at else None
        except (*_UNREADABLE, OverflowError):
            return None

    def read(self, records: Sequence[Record], notes: Notes) -> list[OfferRows | ContractBreach]:
        """Decode records and state their columns."""
        return [_read(record, notes) for record in records]


def _read(record: Record, notes: Notes) -> OfferRows | ContractBreach:
    try:
        ad = read_ad(record.content, notes)
        if str(ad.id) != record.offer_id:
            return ContractBreach("Expected one `id`, got two")
        return rows_of(ad, notes)
    except ContractBreach as exc:
        return exc
