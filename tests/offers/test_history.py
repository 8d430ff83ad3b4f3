"""The states of an offer that ended: what a difference is worth, which states there are, what core keeps."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobmarket.offers.history.chain import ended_states, extended
from jobmarket.offers.history.meaning import DATES, LABELS, difference, is_damage
from jobmarket.offers.load import load_run
from jobmarket.offers.reading import Notes, Record
from jobmarket.offers.schema import JobOffer, Lineage, OfferRows
from jobmarket.offers.state import OfferState
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

from tests.support.stock import manifest, offer, page

if TYPE_CHECKING:
    from collections.abc import Iterator

Connection = psycopg.Connection[Any]
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
REAL = os.environ.get("JOBMARKET_REAL_OFFERS")


def read(record: dict[str, Any]) -> OfferRows:
    (rows,) = FranceTravailReader().read(
        [Record(record["id"], json.dumps(record).encode(), NOON)], Notes({}, {})
    )
    assert isinstance(rows, OfferRows)
    return rows


@pytest.mark.parametrize(
    ("fields", "kind", "changed"),
    [
        ({"dateActualisation": "2026-11-03T10:00:00.000Z"}, "refreshed", ("updated_at",)),
        ({"dateCreation": "2026-11-02T09:30:00.000Z"}, "refreshed", ("created_at",)),
        ({"romeLibelle": "Boulanger"}, "relabelled", ("rome_label",)),
        ({"appellationlibelle": "Boulanger"}, "relabelled", ("rome_appellation_label",)),
        (
            {"competences": [{"code": "1", "libelle": "Pétrir le pain", "exigence": "E"}]},
            "relabelled",
            ("skill",),
        ),
        (
            {
                "origineOffre": {
                    "origine": "1",
                    "partenaires": [{"nom": "A", "url": "https://a.example/2"}],
                }
            },
            "relabelled",
            ("partner",),
        ),
        ({"description": "Vous pétrissez\u00a0."}, "damaged", ("description",)),
        ({"description": "Vous p¿trissez."}, "damaged", ("description",)),
        ({"entreprise": {"nom": "Fournil  Plantagenet"}}, "damaged", ("company_name",)),
        (
            {"description": "Vous pétrissez !", "dateActualisation": "2026-11-03T10:00:00.000Z"},
            "damaged",
            ("description", "updated_at"),
        ),
        ({"intitule": "Boulangère (H/F)"}, "changed", ("title",)),
        ({"description": "Vous pétrissez et cuisez."}, "changed", ("description",)),
        ({"romeCode": "D1104", "romeLibelle": "Pâtissier"}, "changed", ("rome_code",)),
        ({"competences": []}, "changed", ("skill",)),
        (
            {"competences": [{"code": "1", "libelle": "Pétrir", "exigence": "S"}]},
            "changed",
            ("skill",),
        ),
        (
            {"competences": [{"code": "2", "libelle": "Pétrir", "exigence": "E"}]},
            "changed",
            ("skill",),
        ),
        ({"nombrePostes": 2}, "changed", ("position_count",)),
        ({"salaire": {"libelle": "Mensuel de 1900.0 Euros"}}, "changed", ("salary_label",)),
        (
            {"lieuTravail": {"libelle": "69 - LYON 07", "commune": "69387", "codePostal": "69007"}},
            "changed",
            ("commune_code", "place_label", "postcode"),
        ),
        ({"langues": [{"libelle": "Anglais", "exigence": "S"}]}, "changed", ("language",)),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_a_difference_is_worth(
    fields: dict[str, Any], kind: str, changed: tuple[str, ...]
) -> None:
    told = difference(read(offer()), read(offer(**fields)))
    assert told.kind == kind
    assert told.fields == changed


@pytest.mark.parametrize(
    ("before", "after", "is_damaged"),
    [
        ("30\u202f000,00 €", "30¿000,00 €", True),
        ("les « équipes »", "les ¿ équipes ¿", True),
        ("✅ Rejoindre", "¿ Rejoindre", True),
        ("l’eau", "l'eau", True),
        ("développeur", "d\ufffdveloppeur", True),
        ("37H\nTravail en journée", "37H Travail en journée", True),
        ("a_b", "a b", True),
        ("x" * 150 + " suite", "x" * 150 + "...", True),
        ("x" * 150 + " suite", "x" * 150 + "…", True),
        ("l'eau", "l'air", False),
        ("38000 euros", "42000 euros", False),
        ("1.5 k€", "15 k€", False),
        ("1,500", "1.500", False),
        ("court", "co...", False),
        ("Systèmes f H/F", "Systèmes h H/F", False),
        ("Système", "Système 2025", False),
    ],
)
def test_what_is_damage_to_a_text(before: str, after: str, is_damaged: bool) -> None:
    assert is_damage(before, after) is is_damaged
    assert is_damage(after, before) is is_damaged


def test_the_columns_that_mean_nothing_exist() -> None:
    assert {*DATES, *LABELS} <= {*JobOffer.__struct_fields__}


@pytest.mark.skipif(not REAL, reason="JOBMARKET_REAL_OFFERS names no file of real offers")
def test_real_revisions_are_told_apart() -> None:
    """Of 82 offers that were seen again otherwise; 30 changed their content, 8 of these by damage alone."""
    path = Path(REAL or "").with_name("france_travail_revisions.jsonl.gz")
    kinds = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            versions = [read(version["offer"]) for version in json.loads(line)["versions"]]
            kinds += [difference(*pair).kind for pair in pairwise(versions)]
    counts = {kind: kinds.count(kind) for kind in sorted({*kinds})}
    assert counts == {"changed": 22, "damaged": 7, "refreshed": 41, "relabelled": 17}


def state(update: int, observed: int, title: str) -> OfferState:
    rows = read(offer(intitule=title))
    rows.offer.updated_at = NOON + timedelta(hours=update)
    lineage = Lineage(NOON + timedelta(hours=observed), title.encode(), f"r{observed}", 1)
    return OfferState(rows, lineage)


@settings(max_examples=60, deadline=None)
@given(
    observations=st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 12), st.sampled_from("abc")),
        min_size=1,
        max_size=5,
        unique_by=lambda one: one[1],
    )
)
def test_a_chain_is_the_same_in_every_order(observations: list[tuple[int, int, str]]) -> None:
    # what an offer says and the date of its update are one state
    states = [
        state(update, observed, f"{title}{update}") for update, observed, title in observations
    ]
    chains = set()
    for order in permutations(range(len(states))):
        chain: tuple[OfferState, ...] = ()
        for at in order:
            chain = extended(chain, states[at])
        chains.add(
            (
                *(
                    (one.state.lineage, one.ended, one.valid_from, one.valid_to)
                    for one in ended_states(chain)
                ),
                chain[-1].lineage,
            )
        )
    assert len(chains) == 1


def test_versions_follow_one_another_without_a_hole() -> None:
    chain: tuple[OfferState, ...] = ()
    for update, observed, title in ((0, 1, "a"), (2, 3, "b"), (2, 5, "c"), (4, 6, "d")):
        chain = extended(chain, state(update, observed, title))
    told = [
        (one.state.rows.offer.title, one.valid_from, one.valid_to) for one in ended_states(chain)
    ]
    created = chain[0].rows.offer.created_at
    # c came without a new date: it holds from its observation, even though d is dated before that
    assert told == [
        ("a", created, NOON + timedelta(hours=2)),
        ("b", NOON + timedelta(hours=2), NOON + timedelta(hours=5)),
        ("c", NOON + timedelta(hours=5), NOON + timedelta(hours=5)),
    ]


@pytest.fixture
def warehouse(schema_dsn: str) -> Iterator[Connection]:
    with psycopg.connect(schema_dsn) as connection:
        yield connection


def load(connection: Connection, record: dict[str, Any], hour: int) -> dict[str, Any]:
    at = f"2026-11-03T{hour:02d}:00:00Z"
    pages = [page([record], at)]
    about = manifest(pages, day="2026-11-02", run_id=f"r{hour}", started_at=at)
    return load_run(connection, about, iter(pages), FranceTravailReader()).counts()


def query(connection: Connection, text: str) -> list[tuple[Any, ...]]:
    with connection.transaction():
        return connection.execute(text).fetchall()


def snapshot(connection: Connection) -> list[Any]:
    tables = ("job_offer", "job_offer_skill", "job_offer_version", "job_offer_restatement")
    return [
        query(connection, f"select xmin::text, t.* from core.{name} t order by 2, 3, 4, 5")  # noqa: S608
        for name in tables
    ]


def test_a_version_is_kept_whole_and_a_restatement_by_what_it_replaced(
    warehouse: Connection,
) -> None:
    first = offer()
    again = first | {"dateActualisation": "2026-11-02T11:00:00.000Z"}
    renamed = again | {"romeLibelle": "Boulange", "dateActualisation": "2026-11-02T12:00:00.000Z"}
    changed = renamed | {"intitule": "Pâtissier", "dateActualisation": "2026-11-02T13:00:00.000Z"}
    for hour, record in enumerate((first, again, renamed, changed), start=1):
        load(warehouse, record, hour)
    assert query(
        warehouse,
        "select title, rome_label, company_name, run_id, ended_by_run_id, changed_fields, parts, valid_from,"
        " valid_to from core.job_offer_version",
    ) == [
        (
            "Boulanger (H/F)", "Boulange", "Fournil Plantagenet", "r3", "r4", ["title"],
            {"skill": [{"skill_code": "1", "skill_label": "Pétrir", "requirement_code": "E"}]},
            datetime(2026, 11, 2, 8, tzinfo=UTC), datetime(2026, 11, 2, 12, tzinfo=UTC),
        )
    ]  # fmt: skip
    assert query(
        warehouse,
        "select run_id, restatement_kind, replaced from core.job_offer_restatement order by observed_at",
    ) == [
        ("r1", "refreshed", {"updated_at": "2026-11-02T09:00:00Z"}),
        (
            "r2",
            "relabelled",
            {"updated_at": "2026-11-02T10:00:00Z", "rome_label": "Boulanger / Boulangère"},
        ),
    ]
    before = snapshot(warehouse)
    for hour, record in enumerate((first, again, renamed, changed), start=1):
        assert load(warehouse, record, hour)["inserted"] == 0
    assert snapshot(warehouse) == before


def test_the_rows_of_the_past_do_not_depend_on_the_order_of_loads(warehouse: Connection) -> None:
    first = offer()
    second = first | {"intitule": "Deux", "dateActualisation": "2026-11-02T11:00:00.000Z"}
    third = second | {"dateActualisation": "2026-11-02T12:00:00.000Z", "description": None}
    fourth = third | {"competences": [], "description": "Vous p¿trissez."}
    records = [first, second, third, fourth]
    found = []
    for order in permutations(range(4)):
        with warehouse.transaction():
            for name in (
                "job_offer",
                "job_offer_skill",
                "job_offer_version",
                "job_offer_restatement",
            ):
                warehouse.execute(f"delete from core.{name}")  # noqa: S608
        for at in order:
            load(warehouse, records[at], at + 1)
        found.append([[row[1:] for row in table] for table in snapshot(warehouse)])
    for other in found[1:]:
        assert other == found[0]
    assert [len(table) for table in found[0]] == [1, 0, 3, 0]


def test_an_earlier_observation_of_the_same_bytes_is_the_first_one(warehouse: Connection) -> None:
    load(warehouse, offer(), 5)
    load(warehouse, offer(), 2)
    assert query(
        warehouse, "select run_id, extract(hour from observed_at)::int from core.job_offer"
    ) == [("r2", 2)]
    assert load(warehouse, offer(), 7)["unchanged"] == 1


def test_a_first_load_writes_no_history(warehouse: Connection) -> None:
    load(warehouse, offer(), 1)
    assert query(warehouse, "select count(*) from core.job_offer_version") == [(0,)]
    assert query(warehouse, "select count(*) from core.job_offer_restatement") == [(0,)]
