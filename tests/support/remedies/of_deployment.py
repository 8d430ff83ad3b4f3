"""Sentences about what is deployed: schema, reference files, checks, templates, and their order."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader, Environment
from jobmarket.enrich.technology.dictionary import read_dictionary
from jobmarket.foundation.checks import run_checks, store_results
from jobmarket.foundation.period import day_period
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers.reference import apply_reference
from jobmarket.report.query import query_report
from jobmarket.report.self_contained import require_self_contained

from tests.support.loaded_day import DAY, DDL, SOURCE, THIS_RUN, add_offers, add_run, count_offers
from tests.support.remedies.parts import (
    CASES,
    INCLUDE,
    Parts,
    bring_up_to_date,
    in_warehouse,
    obeys,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg


@obeys("holds no .sql file: deploy include/ beside plugins/")
def no_schema(parts: Parts) -> Any:
    directory = parts.tmp_path / "ddl"
    directory.mkdir()
    yield lambda: in_warehouse(apply_ddl, directory)
    shutil.copytree(DDL, directory, dirs_exist_ok=True)


def copied(parts: Parts, *path: str) -> Path:
    source = INCLUDE.joinpath(*path)
    return Path(shutil.copytree(source, parts.tmp_path / source.name, dirs_exist_ok=True))


@obeys("must be called like 005_what_it_adds.sql: rename it")
def a_file_with_another_name(parts: Parts) -> Any:
    directory = copied(parts, "sql", "ddl")
    (directory / "more.sql").write_text("create table mart.more ();")
    yield lambda: in_warehouse(apply_ddl, directory)
    (directory / "more.sql").rename(directory / "999_more.sql")


@obeys("put the applied text back")
def an_applied_file_that_changed(parts: Parts) -> Any:
    bring_up_to_date()
    directory = copied(parts, "sql", "ddl")
    file = directory / "004_mart.sql"
    applied = file.read_text()
    file.write_text(f"{applied}create table mart.more ();")
    yield lambda: in_warehouse(apply_ddl, directory)
    file.write_text(applied)
    (directory / "999_more.sql").write_text("create table mart.more ();")


@obeys("give it the next free number")
def a_file_in_between(parts: Parts) -> Any:
    bring_up_to_date()
    directory = copied(parts, "sql", "ddl")
    (directory / "003_more.sql").write_text("create table mart.more ();")
    yield lambda: in_warehouse(apply_ddl, directory)
    (directory / "003_more.sql").rename(directory / "999_more.sql")


def reference_case(name: str, change: Callable[[Path], object]) -> Callable[[Parts], Any]:
    """Return a case in which a file of ``include/reference`` is spoilt, and put back."""

    def case(parts: Parts) -> Any:
        bring_up_to_date()
        directory = copied(parts, "reference")
        change(directory / name)
        yield lambda: in_warehouse(apply_reference, directory)
        shutil.copy(INCLUDE / "reference" / name, directory / name)

    return case


CASES |= {
    "Expected the reference file {}, but there is none: deploy include/": reference_case(
        "region.csv", Path.unlink
    ),
    "it holds none: put them back": reference_case(
        "region.csv", lambda file: file.write_text(file.read_text().splitlines()[0] + "\n")
    ),
    "times: leave one of them": reference_case(
        "region.csv", lambda file: file.write_text(file.read_text() + "11,Deux fois,1\n")
    ),
    "expected the columns {}, but {} is missing": reference_case(
        "region.csv", lambda file: file.write_text("code,label\n11,Île-de-France\n")
    ),
    "{}: {} Correct the reference file.": reference_case(
        "technology.toml", lambda file: file.write_text("[categories")
    ),
}  # fmt: skip


def dictionary_case(spoil: Callable[[Path], object]) -> Callable[[Parts], Any]:
    """Return a case in which the dictionary of technologies is spoilt, and put back."""

    def case(parts: Parts) -> Any:
        file = copied(parts, "reference") / "technology.toml"
        spoil(file)
        yield lambda: read_dictionary(file)
        shutil.copy(INCLUDE / "reference" / "technology.toml", file)

    return case


CASES |= {
    "but there is no such file: deploy include/": dictionary_case(Path.unlink),
    "not a dictionary of technologies": dictionary_case(
        lambda file: file.write_text("[categories")
    ),
    "{}: {} Correct the file.": dictionary_case(
        lambda file: file.write_text(file.read_text().replace('label = "Python"', 'label = ""'))
    ),
}


@obeys("found no .sql file there: deploy include/ beside plugins/")
def no_checks(parts: Parts) -> Any:
    bring_up_to_date()
    directory = parts.tmp_path / "check"
    directory.mkdir()
    in_warehouse(add_day)
    yield lambda: in_warehouse(run_checks, **THIS_RUN, directory=directory)
    shutil.copytree(INCLUDE / "sql" / "check", directory, dirs_exist_ok=True)


def add_day(connection: psycopg.Connection[Any]) -> None:
    add_offers(connection, 12)
    add_run(connection, 12)
    count_offers(connection)


@obeys("but met {} of {}: correct the check")
def a_check_of_two_rows(parts: Parts) -> Any:
    bring_up_to_date()
    in_warehouse(add_day)
    directory = copied(parts, "sql", "check")
    file = directory / "certificate_gap.sql"
    right = file.read_text()
    file.write_text("select 1 as observed union all select 2")
    yield lambda: in_warehouse(run_checks, **THIS_RUN, directory=directory)
    file.write_text(right)


@obeys("load the day before it is checked")
def a_check_before_the_load(parts: Parts) -> Any:
    bring_up_to_date()
    yield lambda: in_warehouse(store_results, [], **THIS_RUN)
    in_warehouse(add_day)


@obeys("before a report is made")
def a_report_before_the_load(parts: Parts) -> Any:
    bring_up_to_date()
    yield lambda: in_warehouse(query_report, source=SOURCE, period=day_period(DAY))
    in_warehouse(add_day)


@obeys("a text was not escaped; correct the template")
def a_template_that_does_not_escape(parts: Parts) -> Any:
    templates = {"page": "<p>{{ title | safe }}</p>"}

    def write() -> None:
        environment = Environment(loader=DictLoader(templates), autoescape=True)
        require_self_contained(
            environment.get_template("page").render(title="<script src=//x></script>")
        )

    yield write
    templates["page"] = "<p>{{ title }}</p>"
