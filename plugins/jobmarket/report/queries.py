"""What an analysis asks the warehouse: a SQL file of its own, or a dimension that each load counts. Pure.

What lives here: the question, with a sample of its answer that tests make a report of. What does not: asking
(``query``), what is shown of the answer (``table_builders``, ``analyses``).
"""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Rows = list[Any]
"""Rows of a query, as named tuples."""


@dataclass(frozen=True)
class SqlFile:
    """A file of ``include/sql/report``.

    :param stem: its name without ``.sql``.
    :param columns: of its rows, in their order, separated by blanks.
    :param sample: rows as the warehouse answers them.
    """

    stem: str
    columns: str
    sample: Sequence[tuple[Any, ...]] = field(compare=False, repr=False)

    def rows(self, values: Iterable[tuple[Any, ...]]) -> Rows:
        """Return values as rows of this file."""
        row = namedtuple("Row", self.columns)  # type: ignore[misc]  # columns are data
        return [row(*one) for one in values]


@dataclass(frozen=True)
class Dimension:
    """A dimension of ``mart.offer_count``, counted by ``include/sql/transform/merge_offer_count.sql``.

    :param name: as the counts carry it.
    :param sample: offers of a day by value: given to France Travail, and of partner sites.
    """

    name: str
    sample: Mapping[str, tuple[int, int]] = field(compare=False, repr=False)
