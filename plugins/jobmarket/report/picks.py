"""Rows picked from the frame of a query that serves several analyses. Pure.

Each function takes the frame of its SQL file and returns one with ``label`` and ``offers``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.persons import may_be_printed

if TYPE_CHECKING:
    import pandas as pd

HIDDEN_NAMES = "hidden_names"
"""Attribute of a frame: how many names it holds no more, each of enough offers to be shown."""


def employers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the employers that are no agency, those not known to be companies unnamed."""
    return _named(frame[~frame["is_agency"].astype(bool)])


def agencies(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the agencies of temporary work and recruitment, those not known to be companies unnamed."""
    return _named(frame[frame["is_agency"].astype(bool)])


def pay_kinds(frame: pd.DataFrame) -> pd.DataFrame:
    """Return how the pay was read."""
    return _of(frame, "pay", "kind")


def place_methods(frame: pd.DataFrame) -> pd.DataFrame:
    """Return which evidence decided the place."""
    return _of(frame, "place", "decided_by")


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    rows = zip(
        *(frame[name] for name in ("label", "offers", "departements", "has_siret")), strict=True
    )
    names = [
        name
        if not name
        or may_be_printed(name, offers=offers, departements=departements, has_siret=bool(has_siret))
        else ""
        for name, offers, departements, has_siret in rows
    ]
    hidden = sum(bool(name) for name in frame["label"]) - sum(map(bool, names))
    # object: a null stays None
    named = frame.assign(label=pd.Series(names, frame.index, dtype=object))
    named.attrs[HIDDEN_NAMES] = hidden
    return named


def _of(frame: pd.DataFrame, reading: str, column: str) -> pd.DataFrame:
    return frame[frame["reading"] == reading].rename(columns={column: "label"})
