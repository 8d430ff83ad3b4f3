from __future__ import annotations

import csv
import io
from typing import Any

import pandas as pd
import pytest
from fastparquet import ParquetFile
from jobmarket.report.table_files import Words, csv_bytes, parquet_bytes
from jobmarket.report.tables import SMALL, Cell, Change, Euros, Excess, Rate, Table

HEADERS = {
    "label": "Lieu",
    "kind": "Type",
    "masked": "Masqué",
    "compared_days": "Jours",
    "data": "Données",
}
KINDS = {"group": "groupe", "other": "autres", "missing": "sans"}


def words(labels: list[str], series: dict[str, str], **changes: Any) -> Words:
    plain: dict[str, Any] = {
        "headers": HEADERS | series,
        "names": labels,
        "codes": [""] * len(labels),
        "kinds": KINDS,
        "data": "France Travail",
    }
    return Words(**plain | changes)


def written(said: Words, series: dict[str, list[Cell]]) -> list[list[str]]:
    table = Table(list(said.names), series, ["group"] * len(said.names))
    text = csv_bytes(said, table).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_csv_opens_in_a_french_spreadsheet() -> None:
    table = Table(
        ["Île", "a;b", 'say "x"'],
        {"offers": [12345, SMALL, None], "share": [0.5, 1 / 3, 0.0]},
        ["group", "other", "missing"],
    )
    said = words(table.labels, {"offers": "Offres", "share": "Part"})
    assert csv_bytes(said, table).decode("utf-8-sig") == (
        "Lieu;Type;Offres;Part;Masqué;Données\r\n"
        "Île;groupe;12345;0,500000;;France Travail\r\n"
        '"a;b";autres;;0,333333;Offres;France Travail\r\n'
        '"say ""x""";sans;;0,000000;;France Travail\r\n'
    )
    assert csv_bytes(said, table).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+33", "'+33"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\t1", "'\t1"),
        ("\r=1+1", "'\r=1+1"),
        ("\n=1+1", "'\n=1+1"),
        ("\r\n@SUM(A1)", "'\r\n@SUM(A1)"),
        (" =1+1", "' =1+1"),
        ("   +1", "'   +1"),
        ("\N{NO-BREAK SPACE}=1", "'\N{NO-BREAK SPACE}=1"),
        ("\N{ZERO WIDTH SPACE}=1", "'\N{ZERO WIDTH SPACE}=1"),
        ("\ufeff=1", "'\ufeff=1"),
        ('"=1+1', "'\"=1+1"),
        ("'=1+1", "''=1+1"),
        (" '\"-1", "' '\"-1"),
        ("«=1", "'«=1"),
        ("’=1", "'’=1"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠SUM(A1)", "'＠SUM(A1)"),
        ("−1", "'−1"),
        ("﹦1", "'﹦1"),
        ("|calc", "'|calc"),
        ("\x00=1", "'\x00=1"),
        ("Saint-Étienne", "Saint-Étienne"),
        ("C++", "C++"),
        ("'Le Port'", "'Le Port'"),
        (" Lyon", " Lyon"),
        ("75 - Paris", "75 - Paris"),
        ("", ""),
    ],
)
def test_csv_runs_no_formula_from_an_offer(label: str, shown: str) -> None:
    headers = {"code": "Code"} | HEADERS | {"offers": "Offres"}
    rows = written(words([label], {}, headers=headers, codes=[label]), {"offers": [9]})
    assert rows[1] == [shown, shown, "groupe", "9", "", "France Travail"]


def test_csv_knows_every_kind_of_number() -> None:
    numbers: dict[str, list[Cell]] = {
        "change": [Change(-0.031)],
        "excess": [Excess(-85)],
        "middle": [Euros(31_200)],
        "rate": [Rate(12.34)],
    }
    rows = written(words(["A"], {name: name for name in numbers}, compared_days=5), numbers)
    assert rows[1] == [
        "A",
        "groupe",
        "-0,031000",
        "-85",
        "31200",
        "12,340000",
        "",
        "5",
        "France Travail",
    ]


def test_parquet_keeps_types_where_nothing_is_known() -> None:
    table = Table(
        ["Ain", "Aisne"],
        {"offers": [SMALL, 7], "usual": [None, None], "rate": [None, None]},
        ["group"] * 2,
    )
    headers = {"code": "Code"} | HEADERS | {"offers": "O", "usual": "U", "rate": "R"}
    said = words(table.labels, {}, headers=headers, codes=["01", "02"], compared_days=3)
    content = parquet_bytes(said, table, {"period": "2026-W47"})
    parquet = ParquetFile(io.BytesIO(content))
    frame = parquet.to_pandas()
    # not known is null, for readers that tell it from NaN
    (group,) = parquet.row_groups
    nulls = {
        column.meta_data.path_in_schema[0]: column.meta_data.statistics.null_count
        for column in group.columns
    }
    assert {name: nulls[name] for name in ("offers", "usual", "rate")} == {
        **{"offers": 1, "usual": 2, "rate": 2}
    }
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        **dict.fromkeys(("code", "label", "kind"), "object"),
        **{"offers": "Int64", "usual": "Int64", "rate": "float64"},
        **{"masked": "object", "compared_days": "Int64", "data": "object"},
    }
    # a code keeps its leading zero; what is masked is named as the column is
    assert frame["code"].tolist() == ["01", "02"]
    assert [pd.isna(cell) for cell in frame["offers"]] == [True, False]
    assert frame["masked"].tolist() == ["offers", None]
