"""The result of a query: ranked rows of one or several days, their facets, and one page of them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from sandbox import labels
from sandbox.selection import ranked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray  # the types of the columns are read at run time

    from sandbox.offers.columns import Columns, Day
    from sandbox.paging import Range
    from sandbox.query import Query

_UNKNOWN_FIELDS = (
    b',"teletravail":{"mode":"HYBRIDE","joursParSemaine":2}'
    b',"indiceTension":0.87,"etiquettes":["nouveau"]}'
)


@dataclass(frozen=True)
class Result:
    """A ranked result set.

    :param days: the days that rows are taken from.
    :param day_at: for each rank, the position of its day in ``days``.
    :param row_at: for each rank, the row in that day.
    :param facets: ``filtresPossibles`` as JSON.
    """

    days: tuple[Day, ...]
    day_at: NDArray[np.int16]
    row_at: NDArray[np.int32]
    facets: bytes

    @property
    def total(self) -> int:
        """How many offers the query has."""
        return len(self.row_at)

    def page(self, asked: Range, has_unknown_fields: bool) -> bytes:
        """Return the body of one page."""
        span = slice(asked.first, asked.last + 1)
        places = zip(self.day_at[span].tolist(), self.row_at[span].tolist(), strict=True)
        bodies = [self.days[at].body(row) for at, row in places]
        if has_unknown_fields:
            bodies = [with_unknown_fields(body) for body in bodies]
        return b'{"resultats":[' + b",".join(bodies) + b'],"filtresPossibles":' + self.facets + b"}"


def with_unknown_fields(body: bytes) -> bytes:
    """Return an offer, three in ten with fields that no document mentions."""
    return body[:-1] + _UNKNOWN_FIELDS if zlib.crc32(body[:40]) % 10 < 3 else body


def result(query: Query, found: Sequence[tuple[Day, NDArray[np.intp]]]) -> Result:
    """Rank the rows found in each day and count their facets.

    :param query: for the order.
    :param found: (day, rows that match) of each day.
    """
    days = tuple(day for day, _ in found)
    parts = [day.columns.take(rows) for day, rows in found]
    day_at = np.concatenate(
        [np.full(len(rows), at, np.int16) for at, (_, rows) in enumerate(found)]
    )
    row_at = np.concatenate([rows for _, rows in found]).astype(np.int32)
    columns = parts[0].joined(parts[1:])
    order = ranked(columns, query)
    return Result(days, day_at[order], row_at[order], facets(columns))


def facets(columns: Columns) -> bytes:
    """Return ``filtresPossibles``: four facets over the whole result, zero counts left out."""
    contract_codes = tuple(labels.CONTRACT_TYPES)
    counted = (
        ("typeContrat", columns.contract, contract_codes, sorted(set(contract_codes) - {"DDT"})),
        ("experience", columns.experience, labels.EXPERIENCES, labels.EXPERIENCE_FACET_ORDER),
        (
            "qualification",
            columns.qualification,
            labels.QUALIFICATION_FACETS,
            labels.QUALIFICATION_FACETS,
        ),
        (
            "natureContrat",
            columns.nature,
            tuple(labels.CONTRACT_NATURES),
            sorted(labels.CONTRACT_NATURES),
        ),
    )
    return msgspec.json.encode(
        [
            {"filtre": name, "agregation": _aggregation(column, codes, order)}
            for name, column, codes, order in counted
        ]
    )


def _aggregation(
    column: NDArray[np.int8], codes: Sequence[str], order: Sequence[str]
) -> list[dict[str, str | int]]:
    # an unknown code (-1) counts nowhere
    counts = np.bincount(column + 1, minlength=len(codes) + 1)[1:]
    by_code = dict(zip(codes, counts.tolist(), strict=True))
    return [
        {"valeurPossible": code, "nbResultats": by_code[code]} for code in order if by_code[code]
    ]
