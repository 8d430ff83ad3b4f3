"""The DAGs of a source, wired: a day, the live stock, and the weeks and months of its days.

What lives here: which tasks follow which, and what all DAGs have in common. What does not: what a task does
(``operators``), the DAGs that keep, clean and take back (``upkeep_dags``), what a DAG says of itself (its
file in ``dags``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from airflow.sdk import (
    DAG,
    Asset,
    CronPartitionTimetable,
    CronTriggerTimetable,
    chain,
)

from jobmarket.airflow.forms import FORMS, INVENTORY_FORM
from jobmarket.airflow.inventory_operators import (
    AskAbsencesOperator,
    CheckStockOperator,
    ConcludeAbsencesOperator,
    ExtractStockOperator,
    LoadStockOperator,
)
from jobmarket.airflow.migrate_operator import MigrateWarehouseOperator
from jobmarket.airflow.operators import (
    CheckDayOperator,
    ExtractDayOperator,
    LoadDayOperator,
)
from jobmarket.airflow.period_operators import ReportPeriodOperator, WaitForDaysOperator
from jobmarket.airflow.report_operator import ReportDayOperator
from jobmarket.airflow.retention_operator import EndRetentionOperator
from jobmarket.airflow.task import TASK_DEFAULTS, tell_of_silence
from jobmarket.airflow.timetables import WeekTimetable

ZONE = "Europe/Paris"

DAG_DEFAULTS: dict[str, Any] = {
    "start_date": datetime(2020, 1, 1),  # noqa: DTZ001 - the timetable has the zone
    "catchup": False,
    "max_active_runs": 3,
    "default_args": TASK_DEFAULTS,
    "on_failure_callback": tell_of_silence,
}


def daily_dag(
    source: str,
    *,
    label: str,
    doc_md: str,
    cron: str = "0 0 * * *",
    is_paused: bool | None = None,
    has_budget: bool = False,
) -> DAG:
    """Return the DAG ``<source>_daily``: extract and prepare, load, check, report.

    Its extraction waits for a slot of the pool ``<source>_api``.

    :param label: of the source, for a person.
    :param doc_md: what the UI says of the DAG.
    :param cron: when it starts, in Paris; the day is the one before.
    :param is_paused: of a DAG that Airflow meets first; None: as Airflow is set up.
    :param has_budget: its requests are counted in the warehouse, which must be there before one is made.
    """
    with DAG(
        dag_id=f"{source}_daily",
        description=f"The offers of a day of {label}: landed and certified, loaded, checked, reported.",
        schedule=CronPartitionTimetable(cron, timezone=ZONE, run_offset=-1, key_format="%Y-%m-%d"),
        params=FORMS["day"],
        tags=[source.replace("_", "-"), "offers", "daily"],
        doc_md=doc_md,
        is_paused_upon_creation=is_paused,
        **DAG_DEFAULTS,
    ) as dag:
        extract = ExtractDayOperator(
            task_id="extract",
            source=source,
            doc_md="Reads the offers of the day from the API and lands each answer in S3, then certifies "
            f"what is there and what is missing. Waits for the one slot of the pool `{source}_api`. Returns "
            "the key of the manifest.",
            asset=Asset(f"{source}_raw_offers"),
            pool=f"{source}_api",
            execution_timeout=timedelta(hours=3),
        )
        prepare = MigrateWarehouseOperator(
            task_id="prepare",
            only_if_empty=True,
            doc_md="Makes the schemas of an empty warehouse, on the very first run. Otherwise it does "
            "nothing: after an upgrade run `warehouse_migrate`.",
        )
        load = LoadDayOperator(
            task_id="load",
            source=source,
            asset=Asset("core_job_offer"),
            manifest_key=extract.output,
            doc_md="Loads what has landed into PostgreSQL, in one transaction. Returns how many offers were "
            "inserted, updated, unchanged, rejected.",
        )
        check = CheckDayOperator(
            task_id="check",
            asset=checked_days(source),
            source=source,
            manifest_key=extract.output,
            doc_md="Checks the loaded day against the bounds of `include/sql/check`. If one fails, the day "
            "stays loaded and is not reported.",
        )
        report = ReportDayOperator(
            task_id="report",
            source=source,
            asset=Asset(f"{source}_report"),
            manifest_key=extract.output,
            doc_md="Writes the French report of the day to S3. It opens in the tab **Rapport** of the run.",
        )
        chain([extract, prepare], load, check, report)
        if has_budget:
            chain(prepare, extract)
    return dag


def period_dag(source: str, kind: Literal["week", "month"], *, label: str) -> DAG:
    """Return the DAG ``<source>_weekly`` or ``<source>_monthly``: wait for the days, report.

    :param label: of the source, for a person.
    """
    name = f"{kind}ly"
    dag_id = f"{source}_{name}"
    schedule = (
        WeekTimetable("0 0 * * 1", timezone=ZONE, run_offset=-1)
        if kind == "week"
        else CronPartitionTimetable("0 0 1 * *", timezone=ZONE, run_offset=-1, key_format="%Y-%m")
    )
    with DAG(
        dag_id=dag_id,
        description=f"Reports on the offers of a {kind}, from the days that {source}_daily has loaded.",
        schedule=schedule,
        params=FORMS[kind],
        tags=[source.replace("_", "-"), "offers", name],
        doc_md=_PERIOD_DOC.format(
            source=source, label=label, kind=kind, dag_id=dag_id, **_PERIOD_WORDS[kind]
        ),
        **DAG_DEFAULTS,
    ) as dag:
        wait = WaitForDaysOperator(
            task_id="wait",
            source=source,
            kind=kind,
            poke_interval=timedelta(minutes=10),
            timeout=timedelta(days=1),
            doc_md=f"Waits until each day of the {kind} is certified, at most twelve hours after its end.",
        )
        report = ReportPeriodOperator(
            task_id="report",
            source=source,
            kind=kind,
            asset=Asset(f"{dag_id}_report"),
            doc_md=f"Writes the French report of the {kind} to S3. It opens in the tab **Rapport** of the "
            "run.",
        )
        chain(wait, report)
    return dag


def inventory_dag(source: str, *, label: str, doc_md: str, cron: str = "0 5 * * *") -> DAG:
    """Return the DAG ``<source>_inventory``: sweep the live stock, load, ask for absences, conclude, check.

    Its questions wait for a slot of the pool ``<source>_api``.

    :param label: of the source, for a person.
    :param doc_md: what the UI says of the DAG.
    :param cron: when it starts, in Paris, after the day before was collected.
    """
    with DAG(
        dag_id=f"{source}_inventory",
        description=f"All offers that are live at {label}: landed and certified, loaded, and what has ended.",
        schedule=CronTriggerTimetable(cron, timezone=ZONE),
        params=INVENTORY_FORM,
        tags=[source.replace("_", "-"), "offers", "stock"],
        doc_md=doc_md,
        # an instance that only wants days does not sweep
        is_paused_upon_creation=True,
        **{**DAG_DEFAULTS, "max_active_runs": 1},
    ) as dag:
        extract = ExtractStockOperator(
            task_id="extract",
            source=source,
            doc_md="Reads all offers that are live and lands each answer in S3, then certifies that they are "
            f"all. Waits for the one slot of the pool `{source}_api`. Returns the key of the manifest.",
            asset=Asset(f"{source}_raw_stock"),
            pool=f"{source}_api",
            execution_timeout=timedelta(hours=3),
        )
        prepare = MigrateWarehouseOperator(
            task_id="prepare",
            only_if_empty=True,
            doc_md="Makes the schemas of an empty warehouse. Otherwise it does nothing.",
        )
        load = LoadStockOperator(
            task_id="load",
            manifest_key=extract.output,
            doc_md="Loads the offers that are new or changed, in one transaction, and notes which of the "
            "known ones the sweep misses. Rows that did not change are not touched.",
        )
        ask = AskAbsencesOperator(
            task_id="ask",
            manifest_key=extract.output,
            pool=f"{source}_api",
            execution_timeout=timedelta(hours=3),
            doc_md="Asks for a random 1,000 of the missing offers by their ids, first of those that two "
            "sweeps miss; if one is alive, for all. The answers are kept beside the sweep.",
        )
        conclude = ConcludeAbsencesOperator(
            task_id="conclude",
            manifest_key=extract.output,
            doc_md="Closes what is proved gone and erases what the licence wants erased, 7 days later "
            "(variable `erasure_grace_days`). Returns the receipt.",
        )
        check = CheckStockOperator(
            task_id="check",
            manifest_key=extract.output,
            doc_md="Checks the sweep against the bounds of `include/sql/check_stock`. It fails where so many "
            "offers would close that a person has to allow it.",
        )
        retain = EndRetentionOperator(
            task_id="end_retention",
            source=source,
            execution_timeout=timedelta(hours=3),
            manifest_key=extract.output,
            doc_md="Before answers of the API are too old to be kept as received (variable "
            "`raw_retention_days`, 30), puts replay copies without text and contacts in their place; and "
            "takes the names of employers out of reports a day before `erasure_grace_days` are over.",
        )
        # beside the check: behind it, a check that fails would be hidden by a last task that succeeds
        chain([extract, prepare], load, ask, conclude, check)
        chain(conclude, retain)
    return dag


def checked_days(source: str) -> Asset:
    """Return the asset of which each checked day of a source is a partition."""
    return Asset(f"{source}_checked_day")


_PERIOD_WORDS = {
    "week": {
        "such": "in an ISO week (Monday to Sunday,\nEurope/Paris)",
        "title": "a week",
        "start": "every Monday at midnight in Paris",
        "range": "each week whose first day lies in the range",
        "key": "2026-W47",
    },
    "month": {
        "such": "in a calendar month\n(Europe/Paris)",
        "title": "a month",
        "start": "on the first of every month at midnight in Paris",
        "range": "each month whose first day lies in the range",
        "key": "2026-11",
    },
}
_PERIOD_DOC = """### What the job market did in {title}

Reports on all offers that {label} published {such}, from the days that `{source}_daily` has loaded;
nothing is asked from {label}. The report says which of its days are certified, and which are missing.

| how to start it | the {kind} it is about |
|---|---|
| schedule | {start}, the {kind} that has just ended |
| backfill | {range} |
| trigger with a partition key | that {kind}, `{key}` |
| trigger with the form | `{kind}`; empty is the last whole one |
| `airflow dags test {dag_id} 2026-11-18` | the {kind} that holds that day |

The DAG starts paused: unpause it (the switch beside its name, or `airflow dags unpause {dag_id}`), or nothing
of this happens by itself; a run that was triggered by hand waits, too.

It waits until each of its days is certified, at most twelve hours after the last day has ended; then it is
written with what is there; if none of its days is loaded, a run of the schedule writes nothing and says so.
Any {kind} can be run again: the same warehouse gives the same report.
"""
