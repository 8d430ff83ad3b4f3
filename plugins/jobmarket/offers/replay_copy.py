"""The pages of a run as a replay copy: what was read in each record, without what its licence wants erased.

What lives here: how a record is written into a copy and read back. What does not: which runs are copied and
when (``airflow.retention_operator``), where copies lie (``foundation.lake.layout``), which columns go
(``history.erased``).

A copy holds no word of the source but codes and labels, and no contact: of each record its id, the columns
that were read in it and concluded from it, but for those that erasing takes, and the hash of its bytes, by
which a replay knows it again. A record that could not be read is kept as the reason why. So a replay into an
empty warehouse gives the same rows, erased ones; into another it adds what is missing, and changes no row
that was read in full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import xxhash
from msgspec import Struct

from jobmarket.offers.conclude import conclude
from jobmarket.offers.history.erased import without_erased
from jobmarket.offers.reading import ContractBreach, Cut, Notes, Record
from jobmarket.offers.schema import OfferRows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from jobmarket.offers.reading import Reader

GROUP_OFFERS = 100


class _Copy(Struct, omit_defaults=True):
    """A record of a copy.

    :param id: as the reader found it; none if it found none.
    :param content_hash: XXH3-128 of the bytes that were landed.
    :param day: on which the record says that it was created.
    :param rows: what was read in it.
    :param breach: why it could not be read.
    """

    id: str | None = None
    content_hash: bytes = b""
    day: str | None = None
    rows: OfferRows | None = None
    breach: str = ""


class _Page(Struct):
    records: list[msgspec.Raw]


_encode = msgspec.json.Encoder().encode
_read_page = msgspec.json.Decoder(_Page).decode
_read_copy = msgspec.json.Decoder(_Copy).decode


def digest_of(record: bytes) -> bytes:
    """Return the hash of the bytes that a record had when it was landed."""
    return xxhash.xxh3_128_digest(record)


def copied_page(reader: Reader, body: bytes, received_at: datetime) -> bytes:
    """Return a page as it stands in a copy.

    :param reader: of its source.
    :param body: as it was landed.
    :param received_at: when the source gave it.
    """
    records, is_whole, _ = reader.cut(body)
    found = [_identified(reader, bytes(record)) for record in records]
    notes = Notes({}, {})
    for first in range(0, len(found), GROUP_OFFERS):
        group = [one for one in found[first : first + GROUP_OFFERS] if one[0].id]
        asked = [Record(copy.id or "", record, received_at) for copy, record in group]
        read = reader.read(asked, notes)
        conclude([rows for rows in read if isinstance(rows, OfferRows)], notes)
        for (copy, _), rows in zip(group, read, strict=True):
            if isinstance(rows, OfferRows):
                copy.rows = without_erased(rows)
            else:
                copy.breach = str(rows)
    copies = [copy for copy, _ in found]
    if not is_whole:
        copies.append(_Copy())  # what could not be told apart counts as one record
    return _encode({"records": copies})


def _identified(reader: Reader, record: bytes) -> tuple[_Copy, bytes]:
    return (
        _Copy(
            id=reader.identify(record),
            content_hash=digest_of(record),
            day=reader.stated_day(record),
        ),
        record,
    )


class CopyReader:
    """Reads the pages of a copy; see :class:`jobmarket.offers.reading.Reader`."""

    contract = "offers/replay_copy.py"

    def cut(self, body: bytes) -> Cut:
        """Cut a page into its records."""
        return Cut(_read_page(body).records, is_whole=True)

    def identify(self, record: bytes) -> str | None:
        """Return the id of a record."""
        return _read_copy(record).id

    def digest(self, record: bytes) -> bytes:
        """Return the hash of the bytes that a record had when it was landed."""
        return _read_copy(record).content_hash

    def stated_day(self, record: bytes) -> str | None:
        """Return the day that a record says it was created on."""
        return _read_copy(record).day

    def read(self, records: Sequence[Record], notes: Notes) -> list[OfferRows | ContractBreach]:
        """Return what was read in the records when they were copied."""
        del notes
        found: list[Any] = []
        for record in records:
            copy = _read_copy(record.content)
            found.append(copy.rows if copy.rows is not None else ContractBreach(copy.breach))
        return found
