"""What the licence of the offers asks of whoever shows or keeps them, clause by clause (docs/licence.md)."""

from __future__ import annotations

import io
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from fastparquet import ParquetFile
from jobmarket.foundation.paths import SQL
from jobmarket.offers.history.erased import ERASED_COLUMNS, ERASED_LIST_COLUMNS
from jobmarket.offers.schema import JobOffer
from jobmarket.report.employer_names import holds_employer_names, without_employer_names
from jobmarket.report.page import render_report
from jobmarket.report.registry import ANALYSES
from jobmarket.report.words.fr.attribution import MODIFICATIONS, attribution
from jobmarket.report.words.fr.page import EMPLOYERS_LEFT
from jobmarket.sources.france_travail.contract.offer import IGNORED

from tests.support.report_facts import answers, facts

REPOSITORY = Path(__file__).parents[2]
GUIDE = (REPOSITORY / "docs" / "licence.md").read_text(encoding="utf-8")
LICENCE_URL = "https://francetravail.io/produits-partages/documentation/conditions-dutilisation-api/licence-offres-emploi"


def test_article_4_all_that_is_asked_is_said() -> None:
    said = attribution(facts())
    assert "France Travail" in said.title
    assert said.licence_url == LICENCE_URL
    assert "dernière mise à jour" in said.update
    assert said.modifications.startswith("Modifications apportées")
    assert all(part in said.text for part in (said.title, said.url, said.update, said.licence_url))


def test_article_4_it_stands_on_the_page_and_with_each_table() -> None:
    said = attribution(facts())
    files = render_report(answers(), [one for one in ANALYSES if one.key == "contracts"])
    page = files["index.html"].decode()
    assert LICENCE_URL in page
    assert said.update in page
    assert files["tables/source-et-licence.txt"].decode() == f"{said.text}\n"
    parquet = ParquetFile(io.BytesIO(files["tables/contracts.parquet"]))
    assert parquet.key_value_metadata["attribution"] == said.text


@pytest.mark.parametrize("said_and_module", MODIFICATIONS, ids=lambda one: one[1])
def test_article_4_each_modification_is_one_that_code_does(
    said_and_module: tuple[str, str],
) -> None:
    said, module = said_and_module
    assert find_spec(f"jobmarket.{module}") is not None
    assert said.split(" (")[0].split("’")[0] in attribution(facts()).modifications


def test_article_5_a_stock_that_was_not_swept_for_long_warns_before_the_day_is_over() -> None:
    check = (SQL / "check" / "france_travail" / "sweep_age_hours.sql").read_text(encoding="utf-8")
    assert re.search(r"\b20 as warn_above", check)


def test_article_7_what_it_names_is_erased() -> None:
    named = {
        "company_name",
        "company_description",
        "company_url",
        "postcode",
        "commune_code",
        "place_label",
        "latitude",
        "longitude",
        "description",
    }
    assert named <= set(ERASED_COLUMNS)
    assert ERASED_LIST_COLUMNS["partner"] == "partner_url"


def named_report() -> dict[str, bytes]:
    return render_report(answers())


def test_article_7_an_old_report_names_no_employer() -> None:
    files = named_report()
    names = ("VALTERRE", "VIVATEMP")
    page = files["index.html"].decode()
    assert all(name in page for name in names)
    left = without_employer_names(files["index.html"])
    assert without_employer_names(left) == left
    text = left.decode()
    assert [name for name in names if name in text] == []
    assert text.count(EMPLOYERS_LEFT) == 1
    # nothing else has changed
    section = re.compile(r'<section id="(\w+)".*?</section>', re.DOTALL)
    before, after = ({one[1]: one[0] for one in section.finditer(each)} for each in (page, text))
    assert [key for key in before if before[key] != after[key]] == ["employers"]
    assert section.sub("", page) == section.sub("", text)
    held = {path for path in files if holds_employer_names(path)}
    packed = {path for path, body in files.items() if path != "index.html" and b"VALTERRE" in body}
    assert packed < held
    assert {path.split("/")[1].split(".")[0].split("_")[0] for path in held} == {
        "employers",
        "agencies",
    }


@pytest.mark.parametrize(
    ("path", "is_held"),
    [
        ("tables/employers.csv", True),
        ("tables/agencies_donnees-generees.parquet", True),
        ("figures/employers.png", True),
        ("tables/partners.csv", False),
        ("index.html", False),
        ("tables/source-et-licence.txt", False),
        ("tables/employersandmore.csv", False),
        ("other/tables/employers.csv", False),
    ],
)
def test_article_7_files_of_employers_are_told_by_their_names(path: str, is_held: bool) -> None:
    assert holds_employer_names(path) is is_held


def test_articles_5_and_9_contacts_links_and_logos_are_never_read() -> None:
    for path in ("contact", "agence", "entreprise.logo", "origineOffre.urlOrigine"):
        assert path in IGNORED
    assert not [name for name in JobOffer.__struct_fields__ if "logo" in name or "contact" in name]


def test_each_clause_names_code_and_tests_that_are_there() -> None:
    paths = set(re.findall(r"`((?:tests|include)/[\w/.]+)`", GUIDE))
    assert len(paths) >= 8
    assert [path for path in sorted(paths) if not (REPOSITORY / path).exists()] == []
    modules = set(re.findall(r"`((?:offers|report|sources)/[\w/]+\.py)`", GUIDE))
    package = REPOSITORY / "plugins" / "jobmarket"
    assert [path for path in sorted(modules) if not (package / path).exists()] == []
    assert "What is second-hand" in GUIDE
