"""The reference files, and the tables of the mart that they fill."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import shutil
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.paths import REFERENCE
from jobmarket.offers.reference import TABLES, apply_reference, read_rows

Connection = psycopg.Connection[Any]
NAMES = ["rome", "naf", "naf_2025", "region", "departement", "commune", "technology"]
BY_NAME = {table.name: table for table in TABLES}
REAL_OFFERS = Path(
    os.environ.get(
        "JOBMARKET_REAL_OFFERS",
        Path(__file__).parents[3] / "shared" / "data" / "france_travail_offers.jsonl.gz",
    )
)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Return a copy of the reference files of the tables."""
    for table in TABLES:
        shutil.copy(REFERENCE / table.file_name, tmp_path)
    return tmp_path


def rows(connection: Connection, text: str, *values: Any) -> list[tuple[Any, ...]]:
    return connection.execute(text, values).fetchall()


def snapshot(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows with the transaction that wrote each."""
    return {
        name: rows(connection, f"select xmin::text, * from {name} order by 2")  # noqa: S608
        for name in ("control.reference_table", *(f"mart.{table.name}" for table in TABLES))
    }


def codes(name: str) -> dict[str, tuple[str, str]]:
    """Return code -> parent and label of a nomenclature."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["parent_code"], row["label"]) for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("file", "levels"),
    [
        # France Travail's list of 2026-10-08; each domain numbers its trades from 1 without a hole
        ("rome.csv", {r"[A-N]": 14, r"[A-N]\d\d": 110, r"[A-N]\d{4}": 1911}),
        # NAF rév. 2: decree 2007-1888
        ("naf.csv", {r"[A-U]": 21, r"\d\d": 88, r"\d\d\.\d\d[A-FZ]": 732}),
        # NAF 2025: no code ends in a letter of rév. 2
        ("naf_2025.csv", {r"[A-V]": 22, r"\d\d": 87, r"\d\d\.\d\d[GHJKLY]": 747}),
    ],
)
def test_a_nomenclature_is_whole_and_each_code_has_its_parent(
    file: str, levels: dict[str, int]
) -> None:
    nomenclature = codes(file)
    depth = {
        code: next(i for i, level in enumerate(levels) if re.fullmatch(level, code))
        for code in nomenclature
    }
    assert Counter(depth.values()) == dict(enumerate(levels.values()))
    for code, (parent, label) in nomenclature.items():
        assert label == " ".join(label.split())
        if depth[code]:
            assert depth[parent] == depth[code] - 1
        else:
            assert parent == ""
    parents = Counter(parent for parent, _ in nomenclature.values())
    assert all(parents[code] for code in nomenclature if depth[code] < len(levels) - 1)
    assert list(nomenclature) == sorted(nomenclature)


def test_the_parent_of_a_trade_is_the_start_of_its_code_and_numbers_have_no_hole() -> None:
    numbers: dict[str, list[int]] = {}
    for code, (parent, _) in codes("rome.csv").items():
        assert code.startswith(parent)
        if len(code) == 5:
            numbers.setdefault(parent, []).append(int(code[3:]))
    for trades in numbers.values():
        assert trades == list(range(1, len(trades) + 1))


@pytest.mark.parametrize(
    ("file", "code", "path"),
    [
        (
            "rome.csv",
            "M1811",
            [
                "Data engineer",
                "Systèmes d'information et de télécommunication",
                "Support à l'entreprise",
            ],
        ),
        (
            "rome.csv",
            "F1703",
            [
                "Maçon / Maçonne",
                "Travaux et gros oeuvre",
                "Construction, Bâtiment et Travaux publics",
            ],
        ),
        ("rome.csv", "N3209", ["Responsable de structure de manutention portuaire", None, None]),
        (
            "naf.csv",
            "78.20Z",
            [
                "Activités des agences de travail temporaire",
                "Activités liées à l'emploi",
                "Activités de services administratifs et de soutien",
            ],
        ),
        ("naf.csv", "62.01Z", ["Programmation informatique", None, "Information et communication"]),
        (
            "naf_2025.csv",
            "62.20G",
            [
                "Conseil en systèmes et logiciels informatiques",
                "Programmation, conseil et autres activités informatiques",
                (
                    "Télécommunications, programmation informatique, conseil, infrastructure informatique et "
                    "autres activités de service informatique"
                ),
            ],
        ),
        (
            "naf_2025.csv",
            "99.00Y",
            [None, None, "Activités des organisations et organismes extraterritoriaux"],
        ),
        ("naf.csv", "01.11Z", [None, None, "Agriculture, sylviculture et pêche"]),
        ("naf.csv", "99.00Z", [None, None, "Activités extra-territoriales"]),
    ],
)
def test_a_code_leads_up_to_its_top(file: str, code: str, path: list[str | None]) -> None:
    nomenclature = codes(file)
    for expected in path:
        parent, label = nomenclature[code]
        assert expected in (None, label)
        code = parent
    assert code == ""


@pytest.mark.skipif(
    not REAL_OFFERS.exists(),
    reason=f"no file of real offers: {REAL_OFFERS} (JOBMARKET_REAL_OFFERS)",
)
def test_the_codes_of_real_offers_are_known() -> None:
    trades, activities = codes("rome.csv"), codes("naf.csv")
    with gzip.open(REAL_OFFERS) as lines:
        offers = [json.loads(line) for line in lines]
    assert {offer["romeCode"] for offer in offers if offer.get("romeCode")} <= set(trades)
    assert {offer["codeNAF"] for offer in offers if offer.get("codeNAF")} <= set(activities)
    assert {offer["secteurActivite"] for offer in offers if offer.get("secteurActivite")} <= set(
        activities
    )


def test_the_tables_hold_the_files_and_a_second_time_writes_nothing(warehouse: Connection) -> None:
    assert apply_reference(warehouse) == NAMES
    for table in TABLES:
        columns = ", ".join(f"{column}::text" for column in table.columns)
        found = rows(warehouse, f"select {columns} from mart.{table.name}")  # noqa: S608
        text = (REFERENCE / table.file_name).read_text(encoding="utf-8")
        wanted = read_rows(table, text)
        numbers = {"population", "latitude", "longitude"} & set(table.columns)
        assert {row[0] for row in found} == {row[0] for row in wanted}
        if not numbers:
            assert sorted(found) == sorted(tuple(row) for row in wanted)
    assert rows(warehouse, "select * from mart.rome where rome_code = 'M18'") == [
        ("M18", "M", "Systèmes d'information et de télécommunication")
    ]
    assert rows(warehouse, "select * from mart.departement where departement_code = '2A'")[0][:3] == (
        "2A", "Corse-du-Sud", "94",
    )  # fmt: skip
    before = snapshot(warehouse)
    assert apply_reference(warehouse) == []
    assert snapshot(warehouse) == before
    counts = dict(rows(warehouse, "select table_name, row_count from control.reference_table"))
    assert counts == {name: len(before[f"mart.{name}"]) for name in NAMES}


def test_where_there_is_nothing_to_do_nobody_waits(schema_dsn: str, warehouse: Connection) -> None:
    apply_reference(warehouse)
    warehouse.execute("select pg_advisory_lock(hashtextextended('jobmarket.reference', 0))")
    with psycopg.connect(schema_dsn, options="-c statement_timeout=2s") as other:
        assert apply_reference(other) == []


def test_only_the_table_of_a_changed_file_is_filled_again(
    warehouse: Connection, directory: Path
) -> None:
    apply_reference(warehouse, directory)
    before = snapshot(warehouse)
    file = directory / "naf.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("\n01.12Z,01,Culture du riz\n", "\n01.12Z,01,Riz\n").replace(
            "\n99.00Z,99,Activités des organisations et organismes extraterritoriaux", ""
        ),
        encoding="utf-8",
    )
    assert apply_reference(warehouse, directory) == ["naf"]
    after = snapshot(warehouse)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"mart.naf", "control.reference_table"}
    labels = dict(rows(warehouse, "select naf_code, naf_label from mart.naf"))
    assert labels["01.12Z"] == "Riz"
    assert "99.00Z" not in labels
    assert len(labels) == 840


def test_line_ends_do_not_count(warehouse: Connection, directory: Path) -> None:
    apply_reference(warehouse, directory)
    for table in TABLES:
        file = directory / table.file_name
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert apply_reference(warehouse, directory) == []


def test_two_runs_at_once_fill_the_tables_once(schema_dsn: str, warehouse: Connection) -> None:
    start = threading.Barrier(4)
    filled: list[list[str]] = []

    def run() -> None:
        with psycopg.connect(schema_dsn) as connection:
            start.wait()
            filled.append(apply_reference(connection))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(filled) == [[], [], [], NAMES]
    writers = {row[0] for table in snapshot(warehouse).values() for row in table}
    assert len(writers) == 1


def test_a_file_that_cannot_fill_its_table_changes_nothing(
    warehouse: Connection, directory: Path
) -> None:
    apply_reference(warehouse, directory)
    before = snapshot(warehouse)
    (directory / "rome.csv").write_text("code,parent_code,label\nA,,x\n", encoding="utf-8")
    (directory / "region.csv").write_text("code,label\n11,Île-de-France\n", encoding="utf-8")
    with pytest.raises(
        ConfigurationError,
        match=r"region\.csv cannot fill mart\.region: .* but population is missing",
    ):
        apply_reference(warehouse, directory)
    assert snapshot(warehouse) == before


@pytest.mark.parametrize(
    ("table", "text", "message"),
    [
        ("rome", "code,parent_code,label\n", "expected a row for each code, but it holds none"),
        ("rome", "code,parent_code,label\nA,,x\nA,,y\n", "A is there 2 times"),
        (
            "naf",
            "code,label\nA,x\n",
            "expected the columns code, parent_code, label, but parent_code",
        ),
        ("naf", "", "but code, parent_code, label is missing"),
        ("technology", "[categories", "not a dictionary of technologies"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(table: str, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as raised:
        read_rows(BY_NAME[table], text)
    assert f"include/reference/{BY_NAME[table].file_name} cannot fill mart.{table}" in str(
        raised.value
    )


def test_a_missing_file_is_named(warehouse: Connection, directory: Path) -> None:
    (directory / "commune.csv").unlink()
    with pytest.raises(
        ConfigurationError, match=r"reference file .*commune\.csv, but there is none"
    ):
        apply_reference(warehouse, directory)


def test_a_transaction_that_is_open_is_not_ours(warehouse: Connection) -> None:
    with warehouse.transaction(), pytest.raises(ValueError, match="in a transaction"):
        apply_reference(warehouse)
