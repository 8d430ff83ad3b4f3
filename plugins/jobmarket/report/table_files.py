"""A table as files for spreadsheets and programs: CSV in French, Parquet with the names of the series. Pure.

Both hold the same cells: the code and the label of a row in columns of their own, numbers only in columns of
numbers. A count too small to be shown is an empty cell, and the column ``masked`` names the columns of which
that is so; any other empty cell is not known.

What does not live here: which rows and numbers a table has (``table_builders``, ``tables``), words
(``words.fr``).
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jobmarket.report.tables import Small

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobmarket.report.tables import Cell, Table

FRACTIONS = frozenset({"share", "change", "rate", "minimum", "share_7", "share_30"})
"""Series that hold fractions; all others hold whole numbers."""


# How a formula may begin, the wide and small forms of its sign included (OWASP, CSV Injection), and what may
# stand before it.
_FORMULA = re.compile(
    r"[\t\r\n]|[\s\"'`\xab\xb4\xbb\u2018-\u201f\u2039\u203a\x00-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"
    r"[=+\-@|\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b\u2212\u207a\u207b]"
)


@dataclass(frozen=True)
class Words:
    """What a table is called in a file.

    :param headers: of each column, by name: ``code`` (absent: the rows have no code), ``label``, ``kind``,
        the series, ``masked``, ``compared_days``, ``data``.
    :param names: one a row, without its code.
    :param codes: one a row; empty where it has none.
    :param kinds: what each kind of row is called.
    :param data: where the offers come from.
    :param compared_days: days of the period that ``usual`` and ``change`` are about; None where nothing is.
    """

    headers: Mapping[str, str]
    names: Sequence[str]
    codes: Sequence[str]
    kinds: Mapping[str, str]
    data: str
    compared_days: int | None = None


def csv_bytes(words: Words, table: Table) -> bytes:
    """Return a table as CSV that a French spreadsheet opens by a double click.

    UTF-8 with byte order mark, ``;`` between cells, decimal comma.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    columns = _columns(words, table, words.headers)
    writer.writerow([words.headers[name] for name in columns])
    for row in zip(*columns.values(), strict=True):
        writer.writerow([_csv_cell(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def parquet_bytes(words: Words, table: Table, about: Mapping[str, str]) -> bytes:
    """Return a table as Parquet, its columns called as the series are.

    :param about: what the file says of itself, beside its columns.
    """
    import pandas as pd
    from fastparquet import write

    columns = _columns(words, table, {})
    frame = pd.DataFrame(
        {
            name: pd.array(cells, dtype=_dtype(name, table))
            if name in table.series or name == "compared_days"
            else pd.Series([cell or None for cell in cells], dtype=object)
            for name, cells in columns.items()
        }
    )
    texts = {name: "utf8" for name in frame if frame[name].dtype == object}
    out = _Kept()
    write(
        "",
        frame,
        open_with=lambda *_: out,
        write_index=False,
        object_encoding=texts,
        has_nulls=True,
        custom_metadata=dict(about),
    )
    return out.getvalue()


class _Kept(io.BytesIO):
    """A file in memory that can be read when its writer has closed it."""

    def close(self) -> None:
        """Stay open."""


def _columns(words: Words, table: Table, said: Mapping[str, str]) -> dict[str, Sequence[Any]]:
    """Return the columns of a file, in their order.

    :param said: what a series is called in ``masked``; its own name where that is not here.
    """
    count = len(table.labels)
    columns: dict[str, Sequence[Any]] = {}
    if "code" in words.headers:
        columns["code"] = words.codes
    columns |= {"label": words.names, "kind": [words.kinds[kind] for kind in table.kinds]}
    columns |= {name: list(map(_number, cells)) for name, cells in table.series.items()}
    columns["masked"] = [
        ", ".join(
            said.get(name, name)
            for name, cells in table.series.items()
            if isinstance(cells[row], Small)
        )
        for row in range(count)
    ]
    if words.compared_days is not None:
        columns["compared_days"] = [words.compared_days] * count
    return columns | {"data": [words.data] * count}


def _number(cell: Cell) -> int | float | None:
    if cell is None or isinstance(cell, Small):
        return None
    return int(cell) if isinstance(cell, int) else float(cell)


def _dtype(name: str, table: Table) -> Any:
    return "Float64" if name in table.series and name in FRACTIONS else "Int64"


def _csv_cell(cell: str | float | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _harmless(cell)
    return str(cell) if isinstance(cell, int) else f"{cell:.6f}".replace(".", ",")


def _harmless(text: str) -> str:
    """Keep a spreadsheet from running a text that came from an offer as a formula: it is told to be text.

    What a spreadsheet skips before it looks for a formula is skipped here, too: blanks, ends of lines,
    quotes, marks that nobody sees.
    """
    return f"'{text}" if _FORMULA.match(text) else text
