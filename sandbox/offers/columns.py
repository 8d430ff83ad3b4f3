"""The attributes of a day's offers that the search filters, ranks and counts by, one array each.

What lives here: the columns and what every source of offers must give. What does not: how they are
made (``attributes`` for generated offers, ``file`` for real ones) and how a query uses them
(``sandbox.selection``).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, get_type_hints

import numpy as np
from numpy.typing import NDArray  # noqa: TC002  # the types of the columns are read at run time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


# naive on purpose: the API's dates are Paris wall clock
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001
EPOCH_ORDINAL = 719_163  # date(1970, 1, 1).toordinal()
DAY_MS = 86_400_000


@dataclass(frozen=True, kw_only=True)
class Columns:
    """One array per attribute, all of the same length.

    Codes are positions in ``reference.vocabulary``; ``UNKNOWN`` (-1) where an offer has none.

    :param created_ms: ``dateCreation`` in milliseconds, as naive Paris wall clock since 1970-01-01.
    :param origin: 1 France Travail, 2 partner, 0 not stated or another.
    :param latitude: degrees, NaN where the offer has none (swapped ones stay swapped, as in the offer).
    :param hours_min: weekly working time in minutes, NaN unknown.
    :param working_time: ``dureeHebdo``: 0 unspecified, 1 full time, 2 part time.
    :param contract_months: length of the contract, NaN unknown.
    :param salary_eur_per_year: lower bound, NaN unknown.
    :param flags: bit set of ``FLAG_*``.
    :param partner: position in the source's ``partner_names``, UNKNOWN for France Travail.
    """

    created_ms: NDArray[np.int64]
    origin: NDArray[np.int8]
    rome: NDArray[np.int16]
    contract: NDArray[np.int8]
    nature: NDArray[np.int8]
    experience: NDArray[np.int8]
    exigence: NDArray[np.int8]
    qualification: NDArray[np.int8]
    commune: NDArray[np.int16]
    departement: NDArray[np.int16]
    region: NDArray[np.int8]
    country: NDArray[np.int8]
    naf: NDArray[np.int16]
    sector: NDArray[np.int16]
    latitude: NDArray[np.float32]
    longitude: NDArray[np.float32]
    working_time: NDArray[np.int8]
    hours_min: NDArray[np.float32]
    contract_months: NDArray[np.float32]
    salary_eur_per_year: NDArray[np.float32]
    licence: NDArray[np.int8]
    level: NDArray[np.int8]
    flags: NDArray[np.uint8]
    partner: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.created_ms)

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> Columns:
        """Return the columns of offers given one by one, by column name."""
        # NDArray[np.int8] is ndarray[..., dtype[int8]]
        kinds = {name: hint.__args__[1].__args__[0] for name, hint in get_type_hints(cls).items()}
        return cls(
            **{
                name: np.array([row[name] for row in rows], dtype=kind)
                for name, kind in kinds.items()
            }
        )

    def take(self, rows: NDArray[Any]) -> Columns:
        """Return these rows in this order."""
        return Columns(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def joined(self, others: Sequence[Columns]) -> Columns:
        """Return these rows followed by those of others."""
        if not others:
            return self
        return Columns(
            **{
                f.name: np.concatenate([getattr(part, f.name) for part in (self, *others)])
                for f in fields(self)
            }
        )


FLAG_ACCESSIBLE = 1
FLAG_FEW_CANDIDATES = 2
FLAG_ADAPTED_COMPANY = 4
FLAG_DISABILITY_COMMITTED = 8


class Day(Protocol):
    """The offers created on one Paris day, whatever they come from."""

    day: date
    columns: Columns

    def id(self, row: int) -> str:
        """Return the offer's id."""
        ...

    def body(self, row: int) -> bytes:
        """Return the offer as compact JSON, the same bytes each time."""
        ...

    def mentions(self, word: str) -> NDArray[np.bool_]:
        """Return which offers have this word, lower case, in their title, job or skills."""
        ...


class Source(Protocol):
    """Where the days come from."""

    @property
    def partner_names(self) -> Sequence[str]:
        """The partners that ``Columns.partner`` numbers."""
        ...

    def day(self, day: date) -> Day:
        """Return the offers of a day; empty if it has none."""
        ...

    def find(self, offer_id: str, newest: date) -> tuple[Day, int] | None:
        """Return (day, row) of an offer created on or before ``newest``, None if there is none."""
        ...

    def live_days(self, newest: date, count: int | None) -> list[date]:
        """Return the days, newest first, whose offers make up a live stock of ``count`` offers."""
        ...


def day_start_ms(day: date) -> int:
    """Return the naive instant at which a day starts, in milliseconds since 1970-01-01."""
    return (day.toordinal() - EPOCH_ORDINAL) * DAY_MS
