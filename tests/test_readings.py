"""The readings as the load writes them: their columns, and the fingerprint of their rules."""

from __future__ import annotations

import ast
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jobmarket.enrich.pay.base import PayBase
from jobmarket.enrich.pay.read import Pay
from jobmarket.enrich.place.location import Location
from jobmarket.enrich.readings import _FILES, fingerprint, readings_of, rules_hash, terms_of
from jobmarket.enrich.telework import Telework
from jobmarket.offers.schema import JOB_OFFER, LINEAGE

NOWHERE = (None, None, None, None, None)
NO_PAY = (None, None)
NO_TERMS: dict[str, Any] = {
    "pay": NO_PAY,
    "created_on": date(2026, 11, 18),
    "is_work_study": False,
    "terms": (None, None, None, None, None),
    "texts": ("", "", ""),
}
PLUGINS = Path(__file__).parents[1] / "plugins"


def test_the_columns_are_those_of_the_warehouse_in_its_order() -> None:
    names = (*Location._fields, *Pay._fields)
    columns = tuple(JOB_OFFER.columns)[: -len(LINEAGE)]
    terms = (
        *PayBase._fields,
        *("weekly_hours", "contract_length_months", "experience_months"),
        *Telework._fields,
    )
    behind = (*terms, "technology_codes")
    assert columns[-len(names) - len(behind) :] == (*names, *behind)
    assert len(readings_of(place=NOWHERE, pay=NO_PAY)) == len(names)
    assert terms_of(**NO_TERMS) == (None,) * len(terms)


def test_an_offer_is_read() -> None:
    read = readings_of(
        place=("69 - LYON 03", "69383", "69003", None, None),
        pay=("Mensuel de 2000.0 Euros sur 12.0 mois", None),
    )
    assert read == (
        *("69383", "69", "84", "commune", "commune_code", "high"),
        *("stated", "as_written", "label", "month", 2000.0, 2000.0, 12.0, 24000.0, 24000.0),
    )


def test_the_terms_of_an_offer_are_read() -> None:
    read = terms_of(
        **NO_TERMS
        | {
            "pay": ("Mensuel de 1020 Euros sur 12.0 mois", None),
            "terms": ("temps partiel - 17H30 Autre", None, "CDD - 18 Mois", "E", "2 An(s)"),
            "texts": ("Comptable", "Deux jours de télétravail par semaine.", ""),
        }
    )
    # half time of 2,040 € a month
    assert read == (24_480.0, "part_time_scaled", False, 17.5, 18.0, 24, "partial", "measured")


@pytest.mark.parametrize("changed", ["bytes", "name", "order"])
def test_the_fingerprint_tells_files_apart(tmp_path: Path, changed: str) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_bytes(b"1")
    second.write_bytes(b"2")
    before = fingerprint([first, second])
    assert fingerprint([first, second]) == before
    if changed == "bytes":
        second.write_bytes(b"3")
        assert fingerprint([first, second]) != before
    elif changed == "name":
        assert fingerprint([first, second.rename(tmp_path / "c.csv")]) != before
    else:
        assert fingerprint([second, first]) != before


def test_made_ready_a_process_reads_no_file_for_its_first_offers() -> None:
    code = (
        "import sys; from jobmarket.enrich import readings; "
        "from jobmarket.enrich.technology import search; readings.make_ready(); "
        "sys.addaudithook(lambda name, args: name == 'open' and sys.exit(str(args[0]))); "
        "readings.readings_of(place=('nord de la France', None, '69001', None, None), "
        "pay=('Mensuel de 1900 Euros', None)); from datetime import date; "
        "readings.terms_of(pay=('Mensuel de 1900 Euros', None), created_on=date(2026, 11, 18), "
        "is_work_study=False, terms=('39H Autre', None, None, None, None), texts=('', '', '')); "
        "search.technologies_of(['Python'])"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(PLUGINS)})


def test_the_fingerprint_of_the_rules_fits_its_column() -> None:
    assert -(2**31) <= rules_hash() < 2**31


def test_every_file_that_a_rule_rests_on_is_part_of_the_fingerprint() -> None:
    code = (
        "import sys; opened = set(); "
        "sys.addaudithook(lambda name, args: opened.add(str(args[0])) if name == 'open' else None); "
        "from jobmarket.enrich.readings import make_ready, readings_of; make_ready(); "
        "[readings_of(place=('69 - LYON', c, p, x, y), pay=('Mensuel de 2000 Euros', None)) "
        "for c, p, x, y in "
        "[('69123', '69001', 45.7, 4.8), (None, '69001', None, None), (None, None, 45.7, 4.8), "
        "('01001', None, None, None), ('99999', '99999', 0.0, 0.0)]]; "
        "print([o.rsplit('/', 1)[1] for o in opened if 'include/reference/' in o])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(PLUGINS)},
    )
    assert set(ast.literal_eval(ran.stdout)) == set(_FILES)
