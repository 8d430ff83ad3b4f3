"""What the reader of a source gives to the load, record by record.

What lives here: the shapes that pass between both, but for the offer itself (``schema``). What does not: how
a source is read (``sources``), which rows are written (``load``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from msgspec import Struct

from jobmarket.enrich.contact.mask import mask

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence
    from datetime import datetime

    from jobmarket.offers.schema import OfferRows

NOTES = 200  # distinct paths reported of a run: more only say the same
NOTE_CHARS = 120


class ContractBreach(ValueError):
    """A record that breaks the contract; the message says what was expected and what was met."""


class Notes(Struct, frozen=True):
    """What is worth telling of a run's records, each with the number of offers it was met in.

    :param drift: fields and categories that the contract does not know, by path
        (``lieuTravail.altitude``, ``typeContrat=XYZ``).
    :param repairs: what was put right: ``entities_decoded``, ``nul_removed``, ``coordinates_swapped``,
        ``update_not_believed``, ``emails_masked``, ``phones_masked``, and those of ``repair``; and
        ``technology_text_cut``, where a text was too long to be searched to its end.
    """

    drift: MutableMapping[str, int]
    repairs: MutableMapping[str, int]

    def note_drift(self, path: str) -> None:
        """Count a path once more; new ones only up to a bound, since the source names them."""
        path = path[:NOTE_CHARS].replace("\0", "")
        if path not in self.drift:
            path = mask(path).text
        if path in self.drift or len(self.drift) < NOTES:
            self.drift[path] = self.drift.get(path, 0) + 1

    def note_repair(self, kind: str) -> None:
        """Count a repair once more."""
        self.repairs[kind] = self.repairs.get(kind, 0) + 1


class Cut(NamedTuple):
    """A page taken apart.

    :param records: each record as it stands in the bytes of the page, in order.
    :param is_whole: the records can be told apart to the end of the page; otherwise ``records`` holds those
        before the break.
    :param unknown: fields beside the records that the source is not known to send.
    """

    records: Sequence[Any]
    is_whole: bool
    unknown: tuple[str, ...] = ()


class Record(Struct, frozen=True, gc=False):
    """A record to be read.

    :param offer_id: that the reader found in it.
    :param content: its bytes.
    :param received_at: when the source gave it.
    """

    offer_id: str
    content: bytes
    received_at: datetime


class Reader(Protocol):
    """What reads the pages of a source; pure.

    It states columns of ``schema`` by their names, and leaves it to ``conclude`` what follows from them.
    ``contract`` names the file to correct where the source has changed.
    """

    contract: str

    def cut(self, body: bytes) -> Cut:
        """Cut a page into its records, none decoded; never raises."""

    def identify(self, record: bytes) -> str | None:
        """Return the id of a record, 1 to 20 letters and digits, or None if it has none."""

    def stated_day(self, record: bytes) -> str | None:
        """Return the day ``YYYY-MM-DD`` that a record says it was created on, or None, without decoding."""

    def read(self, records: Sequence[Record], notes: Notes) -> list[OfferRows | ContractBreach]:
        """Read some hundred records at once; of each what it states, or how it breaks the contract."""
