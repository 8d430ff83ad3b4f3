"""The kinds of report that the pages show: one line of :data:`KINDS` each. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from jobmarket.airflow.ui import fr_titles as fr
from jobmarket.foundation.day import parse_day
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.lake.layout import period_report_prefix, report_prefix
from jobmarket.foundation.period import parse_period
from jobmarket.sources.registry import source_names

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = "france_travail"
"""Whose days the list shows first; those of another have an address of their own."""

PAGE = "index.html"

# What may be read of a report; anything else under its prefix does not exist for the pages.
_FILE = re.compile(
    r"index\.html|figures/[\w-]{1,80}\.(?:png|svg)|tables/[\w-]{1,80}\.(?:csv|parquet|txt)",
    re.ASCII,
)


class ReportKind(NamedTuple):
    """One kind of report.

    :param name: its part of the address.
    :param source: whose offers it is about.
    :param grain: ``day``, ``sample``, ``week`` or ``month``.
    :param dag_id: the DAG that writes it: who may read the DAG may read the report.
    :param parse: checks what follows the name in the address, ``2026-11-18``, and returns it; raises
        :class:`ConfigurationError` if it is not such a thing.
    :param prefix: what :func:`parse` returned -> S3 prefix of the report.
    :param title: what :func:`parse` returned -> French name of the report.
    :param is_found_in_lake: the list shows its reports as the lake has them; the list itself is of days.
    """

    name: str
    source: str
    grain: Literal["day", "sample", "week", "month"]
    dag_id: str
    parse: Callable[[str], str]
    prefix: Callable[[str], str]
    title: Callable[[str], str]
    is_found_in_lake: bool = False


def _day(text: str) -> str:
    return parse_day(text).isoformat()


def _of_day(source: str, title: Callable[[str], str], *, is_sample: bool) -> ReportKind:
    def prefix(day: str) -> str:
        return report_prefix(source, day, is_sample=is_sample)

    grain: Literal["day", "sample"] = "sample" if is_sample else "day"
    return ReportKind(
        kind_name(source, grain), source, grain, daily_dag_id(source), _day, prefix, title
    )


def _of_period(
    source: str, name: Literal["week", "month"], dag_id: str, title: Callable[[str], str]
) -> ReportKind:
    def parse(text: str) -> str:
        return parse_period(name, text, name).key

    def prefix(key: str) -> str:
        return period_report_prefix(source, parse_period(name, key, name))

    return ReportKind(
        kind_name(source, name), source, name, dag_id, parse, prefix, title, is_found_in_lake=True
    )


def daily_dag_id(source: str) -> str:
    """Return the DAG that collects the days of a source: who may read it may read the list of its days."""
    return f"{source}_daily"


def kind_name(source: str, grain: str) -> str:
    """Return the part of the address of a source's reports of a day, a sample, a week or a month."""
    return grain if source == SOURCE else f"{source}-{grain}"


KINDS = {
    kind.name: kind
    for source in source_names()
    for kind in (
        _of_day(source, fr.day_title, is_sample=False),
        _of_day(source, fr.sample_title, is_sample=True),
        _of_period(source, "week", f"{source}_weekly", fr.week_title),
        _of_period(source, "month", f"{source}_monthly", fr.month_title),
    )
}


def find_by_dag(dag_id: str, key: str) -> tuple[ReportKind, str] | None:
    """Return the kind of report that a DAG writes and which one; ``None`` if it writes none of that key."""
    for name, kind in KINDS.items():
        if kind.dag_id == dag_id and kind.grain != "sample":
            return find(name, key)
    return None


def find(name: str, text: str) -> tuple[ReportKind, str] | None:
    """Return the kind of report and which one an address means; ``None`` if there is no such report."""
    kind = KINDS.get(name)
    try:
        return (kind, text) if kind and kind.parse(text) == text else None
    except ConfigurationError:
        return None


def find_by_key(key: object) -> tuple[ReportKind, str] | None:
    """Return the kind of report and which one, from the S3 key of its page; ``None`` if it is no such key."""
    if not isinstance(key, str):
        return None
    text = key.removesuffix(f"/{PAGE}").rpartition("=")[2]
    for name in KINDS:
        found = find(name, text)
        if found and f"{found[0].prefix(text)}{PAGE}" == key:
            return found
    return None


def is_report_file(path: str) -> bool:
    """Tell whether a path below the prefix of a report may be read."""
    return _FILE.fullmatch(path) is not None
