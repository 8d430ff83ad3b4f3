"""Erased offers that the source gives again.

What lives here: which offers are erased, and that they no longer are. What does not: what was erased
(``erased``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.offers.history.store import statement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from jobmarket.offers.writer import Writer


def erased_until(writer: Writer, offer_ids: Iterable[str]) -> dict[str, datetime]:
    """Return which of these offers are erased; what was observed before the instant brings nothing back."""
    parameters = {"source": writer.source, "offer_ids": ",".join(offer_ids)}
    return dict(writer.connection.execute(statement("select_erasure"), parameters).fetchall())


def restore(writer: Writer, offer_ids: Iterable[str]) -> None:
    """Note that the source gives erased offers again: their rows are written anew."""
    parameters = {"source": writer.source, "offer_ids": ",".join(offer_ids)}
    for name in ("update_erasure_restored", "update_absence_restored", "delete_offer_trace"):
        writer.connection.execute(statement(name), parameters)
