"""The notebook of the analysts: it runs as it is, and its answers are right.

It is stored without outputs: they would be copies of data and pixels that change with every version of
matplotlib, and stale the day after. Instead its cells run here, on rows whose answers are known.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import psycopg
import pytest
from jobmarket.foundation.lake.manifest import Manifest, Page
from jobmarket.offers.load import load_run
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

from sandbox.offers.generated import GeneratedSource
from sandbox.settings import Settings
from tests.support.loaded_day import DAY, SOURCE, add_offers, add_run, certificate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.postgres import Postgres

Connection = psycopg.Connection[Any]
NOTEBOOK = json.loads(
    (Path(__file__).parents[1] / "docs" / "five-questions.ipynb").read_text(encoding="utf-8")
)
CELLS = NOTEBOOK["cells"]
TRADE_OF_QUESTION_5 = "I1304"
LONG_SKILL = (  # drawn as it is, it would leave a figure no room: matplotlib warns, and a warning fails
    "Détecter les dysfonctionnements des installations, déterminer les causes de panne et établir les "
    "demandes d'intervention de maintenance"
)


@pytest.fixture
def warehouse(warehouse_dsn: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    monkeypatch.setenv("JOBMARKET_WAREHOUSE", warehouse_dsn)
    with psycopg.connect(warehouse_dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture(autouse=True)
def _no_figure_is_left() -> Iterator[None]:
    import matplotlib.pyplot as plt

    mpl.use("agg")
    yield
    plt.close("all")


def run_notebook() -> dict[str, Any]:
    """Run the code cells one after another, as Jupyter does; return their names, with the figures drawn."""
    import matplotlib.pyplot as plt

    names: dict[str, Any] = {}
    for cell in CELLS:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)  # noqa: S102
    figures = [plt.figure(number) for number in plt.get_fignums()]
    for figure in figures:
        figure.canvas.draw()
    return names | {"titles": [figure.axes[0].get_title(loc="left") for figure in figures]}


def records(frame: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a frame; what is missing is None."""
    return list(frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None))


def test_it_is_stored_without_outputs() -> None:
    assert (NOTEBOOK["nbformat"], NOTEBOOK["nbformat_minor"]) == (4, 5)
    identifiers = [cell["id"] for cell in CELLS]
    assert len(set(identifiers)) == len(identifiers)
    assert {cell["cell_type"] for cell in CELLS} == {"markdown", "code"}
    for cell in CELLS:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


def test_its_french_is_set_as_french_is() -> None:
    prose = "\n".join("".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "markdown")
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)", "", prose)
    assert not re.findall(r".{10} [;:?!»%]|« |\w'\w.{10}", prose)
    assert len(re.findall(r"^## [1-5]\. .*\u202f\?$", prose, re.MULTILINE)) == 5


def test_its_answers_are_right(warehouse: Connection) -> None:
    day_before = DAY - timedelta(1)
    data = {"rome_code": "M1811", "salary_mid_eur_per_year": 40_000, "is_minimum_wage": False}
    # Île-de-France: 32 data engineers at 40,000, 8 at the minimum wage and an apprentice;
    # Bretagne: 2, too few to be told
    add_offers(warehouse, 32, "idf", region_code="11", **data)
    poor = data | {"salary_mid_eur_per_year": 22_404, "is_minimum_wage": True}
    add_offers(warehouse, 8, "poor", region_code="11", **poor)
    learning = {"rome_code": "M1811", "salary_min_eur_per_year": 9_000, "is_work_study": True}
    add_offers(warehouse, 1, "learning", region_code="11", **learning)
    add_offers(warehouse, 2, "bzh", region_code="53", origin_code="2", **data)
    add_offers(warehouse, 1, "wide", rome_code="M1805", created_on=day_before, region_code=None)
    add_offers(warehouse, 1, "old", rome_code="M1811", created_on=DAY - timedelta(28))
    # 10 name both Python and SQL, 10 Python alone, 20 Java alone
    tools = {"created_at": "2026-11-17 14:00 Europe/Paris", "created_on": day_before}
    add_offers(warehouse, 10, "both", technology_codes=["python", "sql"], **tools)
    add_offers(warehouse, 10, "python", technology_codes=["python"], **tools)
    add_offers(warehouse, 20, "java", technology_codes=["java"], **tools)
    add_offers(warehouse, 4, "skilled", rome_code=TRADE_OF_QUESTION_5)
    for offer_id, position, label, requirement in (
        ("skilled1", 0, "Diagnostiquer", "E"),
        ("skilled1", 1, LONG_SKILL, "S"),
        ("skilled2", 0, "Diagnostiquer", "S"),
    ):
        warehouse.execute(
            "insert into core.job_offer_skill values (%s, %s, %s, '1', %s, %s)",
            (SOURCE, offer_id, position, label, requirement),
        )
    add_run(warehouse, 47)
    add_run(warehouse, 41, day=day_before, certificate={"certified": False, "gap": 3})
    population = dict(
        warehouse.execute("select region_code, population from mart.region").fetchall()
    )

    found = run_notebook()

    assert records(found["days"]) == [
        (day_before, "with_gap", 41, None, 3),
        (DAY, "certified", 47, None, 0),
    ]
    assert records(found["regions"]) == [
        ("Île-de-France", 41, 0, round(4_100_000 / population["11"], 1)),
        ("Bretagne", 2, 2, round(200_000 / population["53"], 1)),
        ("Lieu plus large", 1, 0, None),
    ]
    assert records(found["pay"]) == [
        ("France entière", 43, 42, 19.0, 40_000, 40_000, 40_000),
        ("Île-de-France", 41, 40, 20.0, 40_000, 40_000, 40_000),
        ("Bretagne", 2, 2, 0.0, None, None, None),
    ]
    # 40 offers name something: by chance 20 × 10 / 40 = 5 would name both, and 10 do
    assert records(found["pairs"]) == [("Python", "SQL", 10, 2.0)]
    # two offers a region would lead the chart by chance
    assert list(found["placed"]["region"]) == ["Île-de-France"]
    hours = {hour: counts for hour, *counts in records(found["hours"]) if any(counts)}
    assert hours == {10: [45, 2]}
    assert len(found["hours"]) == 24
    assert found["partner_share"] == pytest.approx(2 / 47)
    assert records(found["skills"]) == [("Diagnostiquer", 2, 100, 50), (LONG_SKILL, 1, 50, 0)]
    assert found["titles"] == [
        "Offres du domaine M18 pour 100\u202f000 habitants",
        "Médiane et quartiles, euros bruts par an (nombre d'offres)",
        "Se rencontrent-elles plus que par hasard\u202f? (lift)",
        "18/11/2026\u00a0: 4\u00a0% de partenaires",
        "Part des offres du métier I1304 qui la demandent (%)",
    ]


def test_it_runs_on_a_loaded_day(warehouse: Connection) -> None:
    offers = 300
    day = GeneratedSource(Settings(offers_per_day=offers)).day(DAY)
    body = b'{"resultats":[' + b",".join(map(day.body, range(offers))) + b'],"filtresPossibles":[]}'
    read_at = "2026-11-19T00:00:00Z"
    page = Page(
        key="raw/page-00001.json.zst",
        query="",
        status=206,
        content_range="",
        announced=offers,
        offers=offers,
        sha256="",
        body_bytes=len(body),
        received_at=read_at,
        statuses=[206],
        attempt_at=read_at,
    )
    manifest = Manifest(
        day=str(DAY),
        run_id="run-1",
        started_at=read_at,
        finished_at=read_at,
        certificate=certificate(offers),
        pages=[page],
    )
    load_run(warehouse, manifest, iter([(page, body)]), FranceTravailReader())

    found = run_notebook()

    (partners,) = warehouse.execute(
        "select count(*) from core.job_offer where origin_code = '2'"
    ).fetchone() or (0,)
    assert records(found["days"]) == [(DAY, "certified", offers, partners, 0)]
    assert found["hours"]["partner"].sum() == partners
    assert found["hours"]["france_travail"].sum() == offers - partners
    (data_jobs,) = warehouse.execute(
        "select count(*) from core.job_offer where left(rome_code, 3) = 'M18'"
    ).fetchone() or (0,)
    assert found["regions"]["offers"].sum() == data_jobs > 0


def test_an_empty_warehouse_is_said_so(warehouse: Connection) -> None:
    with pytest.raises(RuntimeError, match="Aucun jour certifié"):
        run_notebook()


def test_without_an_address_it_takes_the_stack_of_make_up(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOBMARKET_WAREHOUSE", raising=False)
    folder = tmp_path / "docs"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with pytest.raises(RuntimeError, match=r"Pas d'entrepôt"):
        run_notebook()
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "warehouse.url").write_text(f"{postgres.uri('warehouse')}\n")
    names: dict[str, Any] = {}
    setup = "".join(CELLS[1]["source"]).partition("PERIOD:")[0]
    exec(compile(setup, "setup", "exec"), names)  # noqa: S102
    assert names["warehouse_address"]() == postgres.uri("warehouse")
