"""The reader of Adzuna: its pages -> rows, a hundred records at once. Pure.

What lives here: cutting a page, the order of the steps. What does not: the steps (``ad``, ``values``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Raw, Struct

from jobmarket.enrich.readings import rules_hash
from jobmarket.enrich.technology.search import read_texts
from jobmarket.foundation.day import PARIS
from jobmarket.foundation.warehouse.copy_format import text_array
from jobmarket.offers.reading import ContractBreach, Cut, OfferRows
from jobmarket.offers.schema import JOB_OFFER, LINEAGE, PARTS
from jobmarket.sources.adzuna.ad import Ad, read_ad
from jobmarket.sources.adzuna.answer import instant
from jobmarket.sources.adzuna.values import names_of, text_of, values_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobmarket.offers.reading import Notes, Record

ID_BYTES = 20  # Adzuna's ids have ten


class _Stub(Struct):
    id: str | int
    created: str = ""


_KNOWN = {"__CLASS__", "count", "mean", "results"}
_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)
_fields = msgspec.json.Decoder(dict[str, Raw])
_raws = msgspec.json.Decoder(list[Raw])
_stub = msgspec.json.Decoder(_Stub)
_columns = tuple(JOB_OFFER.columns)[: -len(LINEAGE)]


class AdzunaReader:
    """Reads answers of the search; see :class:`jobmarket.offers.reading.Reader`."""

    contract = "sources/adzuna/ad.py"

    @property
    def version(self) -> int:
        """Return the fingerprint of the rules."""
        return rules_hash()

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
        """Decode records and make their rows, their texts searched at once."""
        ads = [_decoded(record, notes) for record in records]
        texts = ["" if isinstance(ad, ContractBreach) else text_of(ad) for ad in ads]
        names = ["" if isinstance(ad, ContractBreach) else names_of(ad) for ad in ads]
        codes, may_name_telework = read_texts(texts, names)
        return [
            ad
            if isinstance(ad, ContractBreach)
            else _rows(ad, codes[at], notes, may_name_telework=at in may_name_telework)
            for at, ad in enumerate(ads)
        ]


def _decoded(record: Record, notes: Notes) -> Ad | ContractBreach:
    try:
        ad = read_ad(record.content, notes)
    except ContractBreach as exc:
        return exc
    if str(ad.id) != record.offer_id:
        return ContractBreach("Expected one `id`, got two")
    return ad


def _rows(
    ad: Ad, codes: tuple[str, ...], notes: Notes, *, may_name_telework: bool
) -> OfferRows | ContractBreach:
    try:
        values: dict[str, Any] = values_of(ad, codes, notes, may_name_telework=may_name_telework)
    except ContractBreach as exc:
        return exc
    if codes:
        values["technology_codes"] = text_array(codes)
    row = tuple(values.get(column) for column in _columns)
    return OfferRows(values["created_on"], values["created_at"], row, tuple([] for _ in PARTS))
