from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pandas as pd
import psycopg
import pytest
from fastparquet import ParquetFile
from jobmarket.foundation.checks import CheckResult
from jobmarket.foundation.lake.manifest import SliceCertificate
from jobmarket.foundation.period import day_period
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.report.analysis import Analysis
from jobmarket.report.draw import figures, themes
from jobmarket.report.page import TEMPLATES, render_report
from jobmarket.report.queries import SqlFile
from jobmarket.report.query import query_report
from jobmarket.report.registry import ANALYSES
from jobmarket.report.table_builders import MoversTable, RankedTable
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.publisher import FRANCE_TRAVAIL
from PIL import Image

from tests.support.loaded_day import DAY, DDL, RUN, SOURCE, add_offers, add_run, count_offers
from tests.support.report_facts import COUNTS, FILES, answers, facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection


class Page(HTMLParser):
    """What a browser would make of the page: elements with attributes, and the text."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.text += " "

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def words(self) -> str:
        return " ".join(self.text.replace("\u202f", " ").replace("\u00a0", " ").split())


# of the sample nothing moved; every other analysis has something to show
SHOWN = [one for one in ANALYSES if not isinstance(one.builder, MoversTable)]
DRAWN = [one.key for one in SHOWN if one.builder.drawing not in (None, "map")]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return render_report(answers())


@pytest.fixture(scope="module")
def page(files: dict[str, bytes]) -> Page:
    return Page(files["index.html"])


def test_files_of_a_report(files: dict[str, bytes]) -> None:
    assert files.keys() == {
        "index.html",
        "tables/source-et-licence.txt",
        *(f"tables/{one.key}.{suffix}" for one in SHOWN for suffix in ("csv", "parquet")),
        *(f"figures/{one.key}.png" for one in SHOWN if one.builder.drawing),
        *(f"figures/{one.key}.svg" for one in SHOWN if one.builder.drawing == "map"),
    }
    assert len(files["index.html"]) < 2_000_000


def test_report_made_twice_is_byte_identical(files: dict[str, bytes]) -> None:
    assert render_report(answers()) == files


def test_report_made_by_another_process_is_byte_identical(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    # another hash seed, locale, time zone and matplotlib configuration
    (tmp_path / "matplotlibrc").write_text(
        "font.family: serif\naxes.facecolor: red\nsavefig.dpi: 30\n"
    )
    code = (
        "import hashlib\n"
        "from tests.report.test_page import answers, render_report\n"
        "for path, content in sorted(render_report(answers()).items()):\n"
        "    print(path, hashlib.sha256(content).hexdigest())\n"
    )
    repository = Path(__file__).parents[2]
    environment = {
        "PYTHONPATH": f"{repository / 'plugins'}:{repository}",
        "PYTHONHASHSEED": "7",
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "HOME": str(tmp_path),
        "MATPLOTLIBRC": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    expected = [f"{path} {hashlib.sha256(files[path]).hexdigest()}" for path in sorted(files)]
    assert done.stdout.splitlines() == expected


def test_page_asks_the_network_for_nothing(page: Page) -> None:
    allowed = (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )
    policies = [meta["content"] for meta in page.all("meta") if "http-equiv" in meta]
    assert policies == [allowed]
    assert not page.all("script")
    assert {link["href"] for link in page.all("link")} == {"data:,"}
    for tag, attributes in page.elements:
        for name in ("src", "srcset", "background", "data", "action", "poster"):
            assert attributes.get(name, "data:").startswith("data:"), (tag, name)
    assert "url(" not in (TEMPLATES / "report.css").read_text()
    assert "@import" not in (TEMPLATES / "report.css").read_text()
    assert {link["href"] for link in page.all("a") if link["href"][0] not in "#d"} == {
        FRANCE_TRAVAIL.url,
        FRANCE_TRAVAIL.licence_url,
    }


def test_links_within_the_page_lead_somewhere(page: Page) -> None:
    anchors = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert {link["href"][1:] for link in page.all("a") if link["href"].startswith("#")} <= anchors
    labels = " ".join(attributes.get("aria-labelledby", "") for _, attributes in page.elements)
    assert set(labels.split()) <= anchors
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_page_is_french_and_every_figure_has_words(page: Page) -> None:
    assert [html["lang"] for html in page.all("html")] == ["fr"]
    images = page.all("img")
    assert len(images) == len(DRAWN)
    for image in images:
        assert len(image["alt"]) > 60
        assert int(image["width"]) == figures.WIDE
    assert page.words.startswith("Les offres d’emploi du mercredi 18 novembre 2026")
    assert "Journée certifiée" in page.words


def test_each_figure_has_its_four_variants(files: dict[str, bytes], page: Page) -> None:
    uris = [source["srcset"] for source in page.all("source")]
    assert len(uris) == len(set(uris)) == 3 * len(DRAWN)
    dark = "(prefers-color-scheme: dark)"
    assert [source["media"] for source in page.all("source")][:3] == [
        f"{dark} and (max-width: 640px)",
        "(max-width: 640px)",
        dark,
    ]
    plain = [base64.b64decode(image["src"].split(",", 1)[1]) for image in page.all("img")]
    assert plain == [files[f"figures/{key}.png"] for key in DRAWN]
    corners = {Image.open(io.BytesIO(png)).convert("RGB").getpixel((0, 0)) for png in plain}
    assert corners == {(255, 255, 255)}


def test_sources_of_the_data_are_said(page: Page) -> None:
    for words in (
        "France Travail, API « Offres d’emploi v2 »",
        "Données lues le 19 novembre 2026 à 5 h 08 (heure de Paris)",
        "dernière mise à jour d’une offre par France Travail : 18 novembre 2026 à 23 h 59",
        "Licence de réutilisation de la base de données des offres d’emploi de France Travail",
        "Modifications apportées",
    ):
        assert words in page.words


def test_tables_hold_what_the_figures_show(files: dict[str, bytes]) -> None:
    def lines(key: str) -> list[str]:
        text = files[f"tables/{key}.csv"].decode("utf-8-sig").replace("\u00a0", " ")
        return text.splitlines()

    assert lines("contracts") == [
        (
            "Code;Type de contrat;Type de ligne;Offres;Part;Habituel;Évolution;"
            "Masqué (secret statistique);Jours comparés;Données"
        ),
        "CDI;CDI;groupe;23000;0,575000;22540;0,020408;;1;France Travail",
        "MIS;Intérim;groupe;9998;0,249950;9798;0,020412;;1;France Travail",
        # 2 alone would be too few to show, so CDD goes with them
        ";Autres contrats;autres;7002;0,175050;6862;0,020402;;1;France Travail",
    ]
    assert lines("hours")[:5] == [
        (
            "Heure (0 à 23);Heure;Type de ligne;Déposées à France Travail;Sites partenaires;"
            "Masqué (secret statistique);Données"
        ),
        "0;0 h;groupe;0;;Sites partenaires;France Travail",
        "1;1 h;groupe;10;;Sites partenaires;France Travail",
        "2;2 h;groupe;20;;Sites partenaires;France Travail",
        "3;3 h;groupe;30;100;;France Travail",
    ]
    assert lines("days")[-1] == "2026-11-18;mer. 18 nov.;groupe;40000;;;France Travail"
    assert lines("wider_places")[1:] == [
        ";France entière;groupe;200;0,757576;;France Travail",
        ";Autres mentions;autres;64;0,242424;;France Travail",  # 4 alone would be too few
    ]
    assert lines("pay")[:3] == [
        (
            "Code ROME;Domaine;Type de ligne;Offres;1er quartile;Médiane;3e quartile;Au SMIC;"
            "Masqué (secret statistique);Données"
        ),
        "M;Support à l’entreprise;groupe;500;24000;31000;42000;0,100000;;France Travail",
        "K;Services à la personne;groupe;300;21900;23400;26000;0,366667;;France Travail",
    ]
    # 19 offers are too few for quartiles
    assert [line.split(";")[::3][:2] for line in lines("pay_trades")[1:]] == [
        ["M1805", "120"],
        ["K1304", "200"],
    ]
    assert lines("technologies")[1:3] == [
        "python;Python;groupe;200;0,005000;196;0,020408;;1;France Travail",
        "sql;SQL;groupe;160;0,004000;157;0,019108;;1;France Travail",
    ]
    assert lines("employers")[1:3] == [
        "VALTERRE;groupe;80;0,002750;;France Travail",
        "Autres employeurs (dont 1 nom non affiché);autres;9012;0,309776;;France Travail",
    ]


def test_parquet_holds_what_csv_does(files: dict[str, bytes]) -> None:
    tables = [path for path in files if path.endswith(".csv")]
    assert len(tables) == len(SHOWN)
    for path in tables:
        parquet = ParquetFile(io.BytesIO(files[path.replace(".csv", ".parquet")]))
        frame = parquet.to_pandas()
        text = files[path].decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
        numbers = [name for name in frame if str(frame[name].dtype) in ("Int64", "float64")]
        assert set(numbers) == set(frame) - {"code", "label", "kind", "masked", "data"}
        assert parquet.key_value_metadata["period"] == "2026-11-18"
        assert len(rows) == len(frame)
        for row, cells in zip(rows, frame.itertuples(index=False, name=None), strict=True):
            for name, said, cell in zip(frame, row, cells, strict=True):
                if name in numbers:
                    # numbers only in columns of numbers; what is not shown is an empty cell
                    assert (said == "") == pd.isna(cell), (path, name)
                    assert not said or float(said.replace(",", ".")) == pytest.approx(
                        float(cell), abs=1e-6
                    )
                elif name != "masked":
                    assert said == (cell or ""), (path, name)
                else:
                    assert (said == "") == (not cell), (path, name)


def test_generated_offers_are_said_to_be_so_everywhere() -> None:
    made = answers(facts(is_generated=True))
    files = render_report(made, ANALYSES[:4])
    page = Page(files["index.html"])
    assert b"<title>Donn\xc3\xa9es g\xc3\xa9n\xc3\xa9r\xc3\xa9es" in files["index.html"]
    assert "Données générées. Ces offres sont inventées" in page.words
    assert "Données générées : journée certifiée" in page.words
    # nothing is said to come from France Travail, under its licence
    for words in ("API « Offres d’emploi v2 »", "Licence de réutilisation", "diffusées par France"):
        assert words not in page.words
    names = [path for path in files if path != "index.html"]
    assert names
    assert all("_donnees-generees." in path for path in names)
    assert all(
        "_donnees-generees." in link["download"] for link in page.all("a") if "download" in link
    )
    for path in names:
        if path.endswith(".csv"):
            lines = files[path].decode("utf-8-sig").splitlines()
            assert all(line.endswith(";données générées") for line in lines[1:]), path
    real = render_report(answers(), ANALYSES[:1])
    for content in real.values():
        assert "générées".encode() not in content


def test_downloads_hold_the_tables(files: dict[str, bytes], page: Page) -> None:
    links = [link for link in page.all("a") if "download" in link]
    assert [link["download"] for link in links][:2] == [
        "contracts_2026-11-18.csv",
        "contracts_2026-11-18.parquet",
    ]
    assert len(links) == 2 * len(SHOWN)
    for link in links:
        content = base64.b64decode(link["href"].split(",", 1)[1])
        assert content == files[f"tables/{link['download'].replace('_2026-11-18', '')}"]


# the same sections without their figures, for what is not about figures
UNDRAWN = [
    replace(analysis, builder=replace(analysis.builder, drawing=None)) for analysis in ANALYSES
]
HOSTILE = "<script>alert(1)</script>\"'&{{ 7*7 }}"


def test_nothing_from_an_offer_is_run() -> None:
    run = facts(
        drift={HOSTILE: 1}, run_id=HOSTILE, certificate={"certified": False, "doubts": [HOSTILE]}
    )
    hostile = answers(
        run,
        counts={
            "contract_type": {HOSTILE: (50, 0), "CDI": (40, 0)},
            "partner": {HOSTILE: (0, 90)},
        },
        wider_places=[(HOSTILE, 50)],
        employers=[(False, HOSTILE, 50, 9, False), (True, HOSTILE, 50, 9, False)],
    )
    html = render_report(hostile, UNDRAWN)["index.html"]
    page = Page(html)
    assert not page.all("script")
    assert page.text.count(HOSTILE) >= 8
    assert b"alert(1)</script>" not in html.replace(b"&lt;script&gt;alert(1)&lt;/script&gt;", b"")


def test_a_hostile_partner_is_named_in_the_headline_and_not_run() -> None:
    feeds = {"partner": {HOSTILE: (0, 12_000), "JOBATOUT": (0, 18_000)}}
    html = render_report(answers(counts=feeds), [])["index.html"]
    page = Page(html)
    assert not page.all("script")
    assert "Flux nouveau : <script>" in page.words


def test_matplotlib_reads_no_formula_in_a_label() -> None:
    # $…$ would be typeset as mathematics, and a broken one would stop the report
    odd = {"contract_type": {"$\\frac{$": (50, 0), "$x$": (40, 0), "a_b^c$": (30, 0)}}
    assert "figures/contracts.png" in render_report(answers(counts=odd), ANALYSES[:1])


@pytest.mark.parametrize(
    ("changes", "standing", "words"),
    [
        (
            {"is_sample": True, "certificate": {"certified": False}},
            "sample",
            "Ni les volumes ni les parts",
        ),
        (
            {"certificate": {"certified": False, "collected": 39_997, "gap": 3}},
            "with_gap",
            "Il manque 3 offres annoncées",
        ),
        (
            {"certificate": {"certified": False, "doubts": ["No proof."]}},
            "uncertified",
            "La lecture ne prouve pas la journée",
        ),
    ],
)
def test_what_is_not_certified_is_said_loudly(
    changes: dict[str, Any], standing: str, words: str
) -> None:
    page = Page(render_report(answers(facts(**changes)), UNDRAWN)["index.html"])
    (banner,) = [box for box in page.all("div") if "certificate" in box.get("class", "")]
    assert banner["class"] == f"certificate {standing}"
    assert words in page.words
    assert "Journée certifiée" not in page.words


def test_slices_with_a_gap_are_named_the_worst_first() -> None:
    numbers: dict[str, Any] = {
        "announced_first": 9,
        "announced_last": 9,
        "requests": 1,
        "retries": 0,
        "re_reads": 3,
    }
    slices = [
        SliceCertificate(query=f"part={gap}", announced=9, collected=9 - gap, gap=gap, **numbers)
        for gap in (0, 2, 5)
    ]
    proof = {"certified": False, "gap": 7, "slices": slices}
    page = Page(render_report(answers(facts(certificate=proof)), UNDRAWN)["index.html"])
    assert "part=5 9 4 5 part=2 9 7 2" in page.words
    assert "part=0" not in page.words


def test_checks_are_shown_with_their_verdict() -> None:
    results = [
        CheckResult(
            name="rome_share", verdict="passed", sentence="", observed=0.98, fail_below=0.85
        ),
        CheckResult(
            name="day_volume", verdict="warned", sentence="", observed=12, warn_below=20000
        ),
    ]
    page = Page(render_report(answers(facts(checks=results)), UNDRAWN)["index.html"])
    assert "Offres dont le métier (ROME) est connu 98 % au moins 85 % réussi" in page.words
    assert "Offres du jour 12 au moins 20 000 à regarder" in page.words
    assert (
        "2 contrôles, dont 1 à regarder : offres du jour, 12 (attendu : au moins 20 000)."
        in page.words
    )


NOTHING: dict[str, dict[str, tuple[int, int]]] = {name: {} for name in COUNTS}


def test_empty_day_draws_nothing() -> None:
    run = facts(
        offers=0, partner_offers=0, updated_at=None, certificate={"announced": 0, "collected": 0}
    )
    nothing: dict[str, Any] = {stem: [] for stem in FILES}
    nothing["hours"] = [(hour, 0, 0) for hour in range(24)]
    empty = answers(
        run,
        history={},
        counts=NOTHING,
        **nothing,
    )
    files = render_report(empty)
    # the map is hatched all over, and says so
    assert list(files) == ["index.html"]
    page = Page(files["index.html"])
    assert not page.all("img")
    assert "Aucune offre de cette période n’est dans la base." in page.words
    assert "Pas encore d’historique" in page.words


def test_what_the_source_never_says_is_left_out() -> None:
    silent = msgspec.structs.replace(facts(), never_stated=frozenset({"rome_code", "partners"}))
    page = Page(render_report(answers(silent))["index.html"])
    shown = [element["id"] for element in page.all("section") if element.get("id")]
    left_out = {one.key for one in ANALYSES if one.attribute}
    assert left_out == {
        *("hours", "trades", "trades_up", "trades_down"),
        *("pay", "pay_trades", "partners"),
    }
    assert not left_out & {*shown, *(link["href"].lstrip("#") for link in page.all("a"))}
    # how pay was read is a part of what is left out: it stands for itself
    assert {"places", "pay_readings", "technologies"} <= set(shown)
    assert "viennent de sites partenaires" not in page.words


def test_one_day_is_no_history() -> None:
    analyses = [analysis for analysis in ANALYSES if analysis.key in ("days", "wider_places")]
    assert list(render_report(answers(history={}), analyses)) == [
        "index.html",
        "tables/wider_places.csv",
        "tables/wider_places.parquet",
        "tables/source-et-licence.txt",
    ]


def test_no_small_group_leaves_the_report() -> None:
    # 3 of a contract, 2 of a département: neither the page nor a file may say so
    small = answers(
        counts={
            "contract_type": {"CDI": (60, 0), "CDD": (9, 0), "REP": (3, 0)},
            "departement": {"59": (60, 0), "15": (2, 0), "48": (10, 0)},
        },
        usual={"contract_type": {"CDI": (60, 0), "REP": (40, 0)}, "departement": {}},
    )
    files = render_report(small, UNDRAWN)
    contracts = files["tables/contracts.csv"].decode()
    assert "Reprise d’entreprise" not in files["index.html"].decode() + contracts
    assert "CDD" not in contracts
    assert files["tables/top_places.csv"].decode("utf-8-sig").splitlines()[1:] == [
        "59;Nord;groupe;60;0,833333;2,293898;0;;;1;France Travail",
        ";Autres départements;autres;12;0,166667;;0;;;1;France Travail",
    ]
    everywhere = files["tables/places.csv"].decode("utf-8-sig")
    # the 2 of Cantal could be read off the total, so Lozère is masked with it
    assert "15;Cantal;groupe;;;Offres;" in everywhere
    assert "48;Lozère;groupe;;;Offres;" in everywhere
    assert "59;Nord;groupe;60;" in everywhere


EXPERIENCE = AnalysisText(
    title="Expérience",
    measure="Offres par expérience demandée",
    columns={"label": "Expérience", "offers": "Offres", "share": "Part"},
    finding=lambda table: f"{table.labels[0]} d’abord.",
    empty="Rien à montrer.",
    other="Autres",
    missing="Non précisée",
)


def test_an_analysis_is_one_query_and_one_module(postgres_dsn: str, tmp_path: Path) -> None:
    """Nothing else of the report knows what it is about."""
    for of_all in ("run_facts", "days_read", "counts", "partner_reach", "trade_labels", "receipt"):
        (tmp_path / f"{of_all}.sql").write_text(_sql(of_all))
    (tmp_path / "experience.sql").write_text(
        "select experience_code as label, count(*) as offers from core.job_offer "
        "where source = %(source)s and created_on = %(first_day)s group by 1"
    )
    query = SqlFile("experience", columns="label offers", sample=[("D", 8)])
    added = Analysis("experience", section=15, text=EXPERIENCE, builder=RankedTable(query))
    with _warehouse(postgres_dsn) as connection:
        add_offers(connection, 8, "A", experience_code="D")
        add_offers(connection, 6, "B", experience_code="E")
        add_run(connection, 14)
        count_offers(connection)
        asked = query_report(connection, **ASKED, analyses=[added], directory=tmp_path)
    files = render_report(asked, [added])
    assert sorted(files) == [
        "figures/experience.png",
        "index.html",
        "tables/experience.csv",
        "tables/experience.parquet",
        "tables/source-et-licence.txt",
    ]
    assert files["tables/experience.csv"].decode("utf-8-sig") == (
        "Expérience;Type de ligne;Offres;Part;Masqué (secret statistique);Données\r\n"
        "D;groupe;8;0,571429;;France Travail\r\nE;groupe;6;0,428571;;France Travail\r\n"
    )
    assert "D d’abord." in Page(files["index.html"]).words


ASKED: dict[str, Any] = {"source": SOURCE, "period": day_period(DAY), "run_id": RUN}


def test_report_of_a_loaded_day(postgres_dsn: str) -> None:
    """Rows in PostgreSQL to files, with a hostile place on the way."""
    with _warehouse(postgres_dsn) as connection:
        add_offers(connection, 20, "A")
        add_offers(connection, 10, "P", origin_code="2", contract_type_code="MIS")
        nowhere = {"departement_code": None, "place_kind": "unknown", "place_label": HOSTILE}
        add_offers(connection, 6, "H", **nowhere)
        add_run(connection, 36)
        count_offers(connection)
        asked = query_report(connection, **ASKED)
    files = render_report(asked, UNDRAWN)
    page = Page(files["index.html"])
    assert "36 offres publiées" in page.words
    assert "27,8 % viennent de sites partenaires" in page.words
    assert files["tables/top_places.csv"].decode("utf-8-sig").splitlines() == [
        (
            "Code du département;Département;Type de ligne;Offres;Part;Pour 100 000 hab.;"
            "Masqué (secret statistique);Données"
        ),
        "59;Nord;groupe;30;0,833333;1,146949;;France Travail",
        ";Département non identifié;non précisé;6;0,166667;;;France Travail",
    ]
    assert "Pas encore de niveau habituel" in page.words
    assert not page.all("script")
    assert HOSTILE in page.text


def _sql(stem: str) -> str:
    return (Path(__file__).parents[2] / "include" / "sql" / "report" / f"{stem}.sql").read_text()


def _warehouse(dsn: str) -> Connection[Any]:
    connection = psycopg.connect(dsn, autocommit=True)
    apply_ddl(connection, DDL)
    return connection


def _css(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


def _palettes() -> Iterator[tuple[themes.Theme, dict[str, str]]]:
    light, dark = (
        (TEMPLATES / "report.css").read_text().split("@media (prefers-color-scheme: dark)", 1)
    )
    yield themes.LIGHT, _css(light)
    yield themes.DARK, _css(dark.split("* {", 1)[0])


def _contrast(one: str, two: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return sum(
            weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
        )

    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "css"), list(_palettes()), ids=["light", "dark"])
def test_colours_can_be_read(theme: themes.Theme, css: dict[str, str]) -> None:
    assert (theme.paper, theme.ink, theme.soft) == (css["paper"], css["ink"], css["soft"])
    for tint in ("paper", "good-tint", "warn-tint", "bad-tint"):
        for text in ("ink", "soft"):
            assert _contrast(css[text], css[tint]) >= 4.5, (text, tint)
    for text in ("link", "good", "warn", "bad"):
        assert _contrast(css[text], css["paper"]) >= 4.5, text
        assert _contrast(css[text], css[f"{text}-tint"] if text != "link" else css["paper"]) >= 4.5
    for bar in theme.series:
        assert _contrast(bar, theme.paper) >= 3, bar


def test_titles_fit_a_narrow_figure() -> None:
    drawn = [analysis for analysis in ANALYSES if analysis.builder.drawing is not None]
    assert [a.key for a in drawn if len(a.text.measure) > 46 and a.builder.drawing != "map"] == []


def test_nothing_is_said_of_what_moved_when_nothing_is_usual() -> None:
    page = Page(render_report(answers(history={}), UNDRAWN)["index.html"])
    assert "Métiers en hausse" not in page.words
    assert "Les métiers" in page.words


def test_a_change_says_that_it_may_be_coverage() -> None:
    gone = {"all": {"": (10_000, 20_000)}, "partner": {"JOBATOUT": (0, 20_000)}}
    asked = answers(facts(offers=30_000), counts=gone)
    page = Page(render_report(asked, UNDRAWN)["index.html"])
    said = "une évolution de ce tableau peut en venir"
    with_change = sum(
        "change" in analysis.table(asked).series and bool(analysis.table(asked).labels)
        for analysis in UNDRAWN
    )
    assert page.words.count(said) == with_change > 3
    usual = Page(render_report(answers(), UNDRAWN)["index.html"])
    assert said not in usual.words
