"""What was read -> the pages, as HTML. Pure: the same input gives the same bytes, and no clock is read.

What does not live here: words (``fr``), questions (``query``), addresses and errors (``app``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobmarket.airflow.ui import fr
from jobmarket.airflow.ui.kinds import PAGE, SOURCE, daily_dag_id
from jobmarket.airflow.ui.query import Around
from jobmarket.airflow.ui.rows import list_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment

    from jobmarket.airflow.ui.kinds import ReportKind
    from jobmarket.airflow.ui.query import Days, PeriodReport, RunReceipt
    from jobmarket.airflow.ui.runs import RunState, Unfinished

    Periods = Sequence[tuple[str, Sequence[PeriodReport]]]

_ALONE = Around()
TEMPLATES = Path(__file__).parent / "templates"


def list_page(
    root: str,
    days: Days,
    periods: Periods = (),
    unfinished: Sequence[Unfinished] = (),
    *,
    is_first: bool,
    source: str = SOURCE,
    lake_error: str = "",
) -> str:
    """Return the list of the days of a source, each with its certificate and the way to its report.

    :param root: path of the web application, without a slash at its end.
    :param periods: reports of weeks and of months, shown above the days.
    :param unfinished: days whose newest run is not done or failed.
    :param is_first: the list begins with the newest day.
    :param lake_error: why the weeks and months could not be read, in English; empty if they could.
    """
    rows = list_rows(days, unfinished)
    return _render(
        "list",
        root,
        days=days,
        rows=rows,
        lede=fr.lede(source),
        empty=fr.empty(daily_dag_id(source)),
        daily_dag=daily_dag_id(source),
        # the list of the first source has the plain address
        query="" if source == SOURCE else f"source={source}",
        others=[
            (fr.days_of(other), "" if other == SOURCE else f"?source={other}")
            for other in days.sources
            if other != source
        ],
        periods=periods,
        is_first=is_first,
        lake_error=lake_error,
    )


def receipts_page(root: str, receipts: Sequence[RunReceipt]) -> str:
    """Return what the newest runs took."""
    return _render("receipts", root, receipts=receipts)


def report_page(
    root: str, kind: ReportKind, value: str, files: Sequence[str], around: Around = _ALONE
) -> str:
    """Return a report under a line that leads back to the list, to its neighbours and to its files.

    :param files: paths below the prefix of the report.
    :param around: its neighbours, and what was loaded since.
    """
    parts = [path for path in files if path != PAGE]
    return _render("report", root, kind=kind, value=value, page=PAGE, files=parts, around=around)


def run_page(root: str, run: RunState) -> str:
    """Return what is known of a run that wrote no report: which task did not succeed, and its last word."""
    return _render("run", root, run=run)


def message_page(root: str, sentence: str, *, detail: str = "") -> str:
    """Return a page of one sentence.

    :param detail: what went wrong, in English, for who runs Airflow.
    """
    return _render("message", root, sentence=sentence, detail=detail)


def zone_script() -> str:
    """Return the script that makes Airflow's UI open in the zone of Paris."""
    return (TEMPLATES / "zone.js").read_text()


def _render(name: str, root: str, **what: Any) -> str:
    template = _environment().get_template(f"{name}.html.jinja")
    return template.render(t=fr, root=root, **what) + "\n"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
