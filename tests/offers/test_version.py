"""The version of all that reads an offer: what changes it, and which rows a replay then writes."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from jobmarket.foundation.paths import INCLUDE, REFERENCE
from jobmarket.offers import version
from psycopg import sql

PACKAGE = Path(version.__file__).parents[1]
READER = "jobmarket.sources.france_travail.contract.reader"
CONTRACT = "sources/france_travail/contract"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the package and the reference, and let the version be that of the copy."""
    version.version_of(READER)  # kept from here on: what the version is of the package as it is
    copy = Path(shutil.copytree(PACKAGE, tmp_path / "plugins" / "jobmarket", ignore=_no_caches))
    shutil.copytree(REFERENCE, tmp_path / "include" / "reference")
    monkeypatch.setattr(version, "_PACKAGE", copy)
    monkeypatch.setattr(version, "REFERENCE", tmp_path / "include" / "reference")
    return copy


_no_caches = shutil.ignore_patterns("__pycache__")


def before() -> int:
    return version.version_of(READER)


def now() -> int:
    return version.version_of.__wrapped__(READER)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (f"{CONTRACT}/parts.py", "= self.commune or None", "= self.code_postal or None"),
        (f"{CONTRACT}/dates.py", "or timedelta()", "or timedelta(1)"),
        (f"{CONTRACT}/offer.py", "= offer.rome_code or None", "= offer.rome_libelle or None"),
        (f"{CONTRACT}/parts.py", "MAX_LIST = 1_000", "MAX_LIST = 900"),
        (f"{CONTRACT}/interpret.py", "ENTITY_LEVELS = 3", "ENTITY_LEVELS = 2"),
        (f"{CONTRACT}/repair.py", "def offer_id_of(", "def other_id_of("),
        (f"{CONTRACT}/walk.py", "class Walk", "class Walked"),
        (f"{CONTRACT}/contacts.py", '"emails_masked"', '"addresses_masked"'),
        (f"{CONTRACT}/__init__.py", '"""\n', '"""\nimport jobmarket.report.text\n'),
        ("enrich/contact/mask.py", "def mask(", "def masked("),
        ("enrich/pay/base.py", "_ROUNDING = 1.002", "_ROUNDING = 1.003"),
        ("enrich/telework.py", "_REACH = 80", "_REACH = 81"),
        ("enrich/place/locate.py", "_LARGEST = 2 / 3", "_LARGEST = 3 / 4"),
        ("offers/conclude.py", "if offer.place_kind is None:", "if not offer.place_kind:"),
        (
            "offers/schema.py",
            "    naf_code: Stated",
            "    naf: Stated[str] = ''\n    naf_code: Stated",
        ),
        ("offers/state.py", "timedelta(days=366)", "timedelta(days=367)"),
        ("foundation/day.py", '"Europe/Paris"', '"Europe/Brussels"'),
        ("../../include/reference/commune.csv", "Bourg-en-Bresse", "Bourg"),
        ("../../include/reference/minimum_wage.csv", "france", "France"),
        ("../../include/reference/technology.toml", "\n", "\n# a word\n"),
    ],
    ids=lambda value: str(value)[-25:],
)
def test_the_version_changes_with_the_meaning(package: Path, path: str, old: str, new: str) -> None:
    replace(package / path, old, new)
    assert now() != before()


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (f"{CONTRACT}/offer.py", "    row = JobOffer(", "    # a word\n    row = JobOffer("),
        (f"{CONTRACT}/offer.py", "Return what an offer states", "Say what an offer states"),
        (f"{CONTRACT}/offer.py", '"""The contract', '"""Here: the contract'),
        (f"{CONTRACT}/offer.py", "row.rome_code = offer", "row.rome_code = (\n        offer"),
        (f"{CONTRACT}/offer.py", "\ndef _state_lists", "\n\n\n\ndef _state_lists"),
        (f"{CONTRACT}/offer.py", "\nif TYPE_CHECKING:\n", "\nif TYPE_CHECKING:\n    import json\n"),
        ("enrich/technology/search.py", "Characters of a text that", "How much of a text is"),
        ("offers/state.py", "That an update may lie after", "By how much one may lie after"),
        (
            "enrich/pay/read.py",
            "class Pay(NamedTuple):\n",
            "class Pay(NamedTuple):\n    # a word\n",
        ),
        (f"{CONTRACT}/contacts.py", '"emails_masked"', "'emails_masked'"),
        ("offers/load_records.py", "GROUP_OFFERS = 100", "GROUP_OFFERS = 200"),
        ("report/text.py", '"""', '"""Otherwise: '),
        ("../../include/reference/rome.csv", "code", "Code"),
        ("../../include/reference/README.md", "\n", "\n\n"),
    ],
    ids=lambda value: str(value)[-25:],
)
def test_the_version_stays_where_nothing_is_read_otherwise(
    package: Path, path: str, old: str, new: str
) -> None:
    replace(package / path, old, new)
    if new.endswith("(\n        offer"):
        replace(package / path, "offer.rome_code or None", "offer.rome_code or None\n    )")
    assert now() == before()


def test_line_ends_are_no_change(package: Path) -> None:
    for path in [*package.rglob("*.py"), *(package / "../../include/reference").glob("*.csv")]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert now() == before()


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("from jobmarket.enrich import later", 0),
        ("from jobmarket.enrich.later import LATER", 0),
        ("import jobmarket.enrich.later", 0),
        ("    from jobmarket.enrich.later import LATER", 1),
    ],
)
def test_a_module_that_a_rule_imports_takes_part(package: Path, statement: str, where: int) -> None:
    later = package / "enrich" / "later.py"
    later.write_text("LATER = 1\n")
    telework = package / "enrich" / "telework.py"
    line = ("import re\n", "    small = title.lower()\n")[where]
    replace(telework, line, f"{line}{statement}\n")
    first = now()
    later.write_text("LATER = 2\n")
    assert now() != first


def test_all_files_that_reading_opens_take_part_and_no_others() -> None:
    code = """
import sys
opened = set()
sys.addaudithook(lambda name, args: opened.add(str(args[0])) if name == "open" else None)
from datetime import UTC, date, datetime
from jobmarket.offers.conclude import conclude
from jobmarket.offers.reading import Notes
from jobmarket.offers.schema import JobOffer, OfferRows
from jobmarket.sources.registry import make_ready
make_ready()
opened.clear()
import jobmarket.foundation.reference as reference
from jobmarket.enrich.place import reference as places
from jobmarket.enrich.pay import scale, base
from jobmarket.enrich.technology import dictionary, search
for module in (places, scale, base, dictionary, search):
    for made in vars(module).values():
        if hasattr(made, "cache_clear"):
            made.cache_clear()
conclude([OfferRows(JobOffer(source="s", offer_id="1", created_on=date(2026, 11, 18), postcode=postcode,
    created_at=datetime(2026, 11, 18, tzinfo=UTC), title="Python", place_label="69 - LYON", commune_code=code,
    latitude=latitude, longitude=longitude, salary_label="Mensuel de 2000 Euros"))
    for code, postcode, latitude, longitude in [("69123", "69001", 45.7, 4.8), (None, "69001", None, None),
    (None, None, 45.7, 4.8), ("01001", None, None, None), ("99999", "99999", 0.0, 0.0)]], Notes({}, {}))
print([name.rsplit("/", 1)[1] for name in opened if "include/reference/" in name])
"""
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(PACKAGE.parent)},
    )
    modules = version.meanings(READER, "jobmarket.offers.conclude")
    taking_part = {path.name for path in version.reference_files(modules)}
    assert set(ast.literal_eval(ran.stdout)) == taking_part


def test_a_reader_of_another_package_has_no_version() -> None:
    with pytest.raises(
        ValueError, match="Expected a module of the package jobmarket, got 'another"
    ):
        version.version_of("another.reader")


def test_the_version_fits_its_column_and_the_files_hash_tells_comments(package: Path) -> None:
    assert -(2**31) <= now() < 2**31
    first = version.files_hash.__wrapped__()
    assert version.files_hash.__wrapped__() == first
    with (package / "enrich" / "telework.py").open("a") as file:
        file.write("# a word\n")
    assert version.files_hash.__wrapped__() != first


# A load by the copy of the package, in a process of its own: prints counts, and how many records were read.
_LOAD = """
import json, sys
from pathlib import Path
import psycopg
from jobmarket.foundation.lake.manifest import Certificate, Manifest, Page
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers.load import load_run
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

class Reader(FranceTravailReader):
    read_records = 0
    def read(self, records, notes):
        Reader.read_records += len(records)
        return super().read(records, notes)

Reader.__module__ = FranceTravailReader.__module__
dsn, run_id, pages = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
at = "2026-11-19T00:00:00Z"
bodies = [json.dumps({"resultats": page}, separators=(",", ":")).encode() for page in pages]
about = [
    Page(key=f"raw/{run_id}/page-{number}", query="", status=206, content_range="", announced=9,
        offers=9, sha256="", body_bytes=9, received_at=at, statuses=[206], attempt_at=at)
    for number, _ in enumerate(bodies)
]
certificate = Certificate(
    certified=True, announced=9, collected=9, duplicates=0, outside_day=0, gap=0, requests=1, retries=0,
    re_reads=0, bytes=0, seconds=1.0, statuses={}, filter_shift_s=0, slices=[])
manifest = Manifest(
    day="2026-11-18", run_id=run_id, started_at=at, finished_at=at, certificate=certificate, pages=about)
with psycopg.connect(dsn) as connection:
    apply_ddl(connection, DDL)
    counts = load_run(connection, manifest, zip(about, bodies), Reader()).counts()
print(json.dumps([counts["inserted"], counts["updated"], counts["unchanged"], Reader.read_records]))
"""


def offer(offer_id: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": offer_id,
        "intitule": "Boulanger (H/F)",
        "dateCreation": "2026-11-18T09:00:00.000Z",
        "origineOffre": {"origine": "1"},
        "natureContrat": "Contrat travail",
    } | fields


OFFERS = [
    offer("001"),
    offer("002", lieuTravail={"libelle": "Vallée perdue"}, deplacementLibelle="Jamais"),
    offer("003", competences=[{"libelle": "Pétrir"}]),
]


class Project:
    """A copy of the project that loads into one warehouse."""

    def __init__(self, root: Path, dsn: str) -> None:
        self.root, self.dsn = root, dsn
        shutil.copytree(PACKAGE, root / "plugins" / "jobmarket", ignore=_no_caches)
        shutil.copytree(INCLUDE, root / "include")

    def load(self, run_id: str = "r1") -> list[int]:
        """Return the offers inserted, updated and unchanged, and the records that were read."""
        ran = subprocess.run(
            [sys.executable, "-c", _LOAD, self.dsn, run_id, json.dumps([OFFERS])],
            env={"PYTHONPATH": str(self.root / "plugins")},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        counts: list[int] = json.loads(ran.stdout)
        return counts

    def edit(self, path: str, old: str, new: str) -> None:
        replace(self.root / path, old, new)

    def rows(self) -> dict[str, str]:
        """Return the transaction that wrote each row."""
        with psycopg.connect(self.dsn) as connection:
            return dict(connection.execute("select offer_id, xmin::text from core.job_offer"))

    def column(self, name: str) -> list[Any]:
        query = sql.SQL("select {} from core.job_offer order by offer_id")
        with psycopg.connect(self.dsn) as connection:
            rows = connection.execute(query.format(sql.Identifier(name)))
            return [value for (value,) in rows]


@pytest.fixture
def project(postgres_dsn: str, tmp_path: Path) -> Project:
    return Project(tmp_path, postgres_dsn)


OFFER = f"plugins/jobmarket/{CONTRACT}/offer.py"
NATURE = "row.contract_nature_label = offer.nature_contrat or None"


def test_a_replay_writes_exactly_the_rows_that_come_out_otherwise(project: Project) -> None:
    assert project.load() == [3, 0, 0, 3]
    first = project.rows()
    assert project.load() == [0, 0, 3, 0]

    # a comment: nothing is written, nothing is read
    project.edit(OFFER, NATURE, f"{NATURE}  # as the source calls it")
    assert project.load() == [0, 0, 3, 0]
    assert project.rows() == first

    # a mapping of a field that all have
    project.edit(
        OFFER, NATURE, f"{NATURE}\n    row.contract_nature_label = offer.nature_contrat.upper()"
    )
    assert project.load() == [0, 3, 0, 3]
    assert project.column("contract_nature_label") == ["CONTRAT TRAVAIL"] * 3
    second = project.rows()
    assert second.keys() == first.keys()
    assert set(second.values()).isdisjoint(first.values())

    # a mapping of a field that one has
    travel = "row.travel_label = offer.deplacement_libelle or None"
    project.edit(OFFER, travel, "row.travel_label = (offer.deplacement_libelle or '')[:3] or None")
    assert project.load() == [0, 1, 2, 3]
    third = project.rows()
    assert {offer_id for offer_id in third if third[offer_id] != second[offer_id]} == {"002"}
    assert len(set(project.column("rules_hash"))) == 2

    # what came out the same keeps its version, and is not read again for all that
    assert project.load() == [0, 0, 3, 0]
    # another run of the day has not been compared yet, and is once
    assert project.load("r2") == [0, 0, 3, 2]
    assert project.load("r2") == [0, 0, 3, 0]
    assert project.rows() == third

    # a file that a rule rests on
    project.edit("include/reference/place_alias.csv", "\n", "\nVallée perdue,departement,33,\n")
    assert project.load() == [0, 1, 2, 3]
    assert project.column("departement_code") == [None, "33", None]
    # r2 was compared by other rules, and its rows are those of today
    assert project.load("r2") == [0, 0, 3, 2]


def test_a_new_column_is_filled_by_a_replay(project: Project) -> None:
    assert project.load() == [3, 0, 0, 3]
    project.edit(
        "plugins/jobmarket/offers/schema.py",
        "    travel_label: Stated[str | None] = None\n",
        "    travel_label: Stated[str | None] = None\n    title_chars: Stated[int | None] = None\n",
    )
    project.edit(OFFER, NATURE, f"{NATURE}\n    row.title_chars = len(offer.intitule)")
    (project.root / "include/sql/ddl/999_title_chars.sql").write_text(
        "alter table core.job_offer add column title_chars integer;"
        "alter table core.job_offer_version add column title_chars integer;"
    )
    assert project.load() == [0, 3, 0, 3]
    assert project.column("title_chars") == [len("Boulanger (H/F)")] * 3
    assert project.load() == [0, 0, 3, 0]


def test_rows_that_an_older_version_has_changed_are_read_again(project: Project) -> None:
    """Roll back, load, roll forward: that the run was compared once counts no longer."""
    project.load()
    kept = (project.root / OFFER).read_text(encoding="utf-8")
    project.edit(OFFER, NATURE, "row.contract_nature_label = None")
    assert project.load() == [0, 3, 0, 3]
    newer = (project.root / OFFER).read_text(encoding="utf-8")
    (project.root / OFFER).write_text(kept, encoding="utf-8")
    assert project.load("r2") == [0, 3, 0, 3]
    (project.root / OFFER).write_text(newer, encoding="utf-8")
    assert project.load() == [0, 3, 0, 3]
    assert project.column("contract_nature_label") == [None] * 3


def test_a_run_that_was_continued_is_compared_anew(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.load("r0")
    project.edit(OFFER, NATURE, f"{NATURE}\n    row.travel_code = row.travel_code or None")
    whole = [*OFFERS]
    monkeypatch.setattr(sys.modules[__name__], "OFFERS", whole[:2])
    assert project.load() == [0, 0, 2, 2]
    with psycopg.connect(project.dsn) as connection:
        connection.execute("update control.ingestion_run set page_count = 2 where run_id = 'r1'")
    monkeypatch.setattr(sys.modules[__name__], "OFFERS", whole)
    assert project.load() == [0, 0, 3, 3]
