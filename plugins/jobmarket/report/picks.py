"""Rows picked from the frame of a query that serves several analyses. Pure.

Each function takes the frame of its SQL file and returns one with ``label`` and ``offers``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.persons import may_name_a_person

if TYPE_CHECKING:
    import pandas as pd


def employers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the employers that are no agency, those that may be persons unnamed."""
    return _named(frame[~frame["is_agency"].astype(bool)])


def agencies(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the agencies of temporary work and recruitment, those that may be persons unnamed."""
    return _named(frame[frame["is_agency"].astype(bool)])


def pay_kinds(frame: pd.DataFrame) -> pd.DataFrame:
    """Return how the pay was read."""
    return _of(frame, "pay", "kind")


def place_methods(frame: pd.DataFrame) -> pd.DataFrame:
    """Return which evidence decided the place."""
    return _of(frame, "place", "decided_by")


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    names = ["" if name and may_name_a_person(name) else name for name in frame["label"]]
    # object: a null stays None
    return frame.assign(label=pd.Series(names, frame.index, dtype=object))


def _of(frame: pd.DataFrame, reading: str, column: str) -> pd.DataFrame:
    return frame[frame["reading"] == reading].rename(columns={column: "label"})
