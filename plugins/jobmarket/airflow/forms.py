"""The trigger form of the DAGs: what a person may set for one run, in words for that person.

What lives here: names, types, defaults and texts of the parameters, and which names there are. What does
not: what they do (``operators``), which day a run is about (``day``, ``period``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import Param

from jobmarket.foundation.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobmarket.foundation.period import Kind


def _day(description: str) -> Param:
    return Param(None, type=["null", "string"], format="date", title="Day", description=description)


def _switch(title: str, description: str) -> Param:
    return Param(False, type="boolean", title=title, description=description)


DAILY_FORM = {
    "day": _day("Offers created on this day (Europe/Paris). Empty: yesterday."),
    "source": Param(
        "api",
        enum=["api", "raw"],
        title="Source",
        description="api: ask the source. raw: rebuild from what has landed, without its API.",
    ),
    "force": _switch("Force", "Ask again for a collected day."),
    "allow_gap": _switch(
        "Allow a gap", "Publish the day even if its certificate has a gap; the report says so."
    ),
    "ask": _switch(
        "Ask a person",
        "If the day ends with a gap, wait 12 hours for a decision in Required Actions. Runs of "
        "the schedule always do.",
    ),
    "max_pages": Param(
        None,
        type=["null", "integer"],
        # with `minimum` the form would make 1 of a 0 that was typed
        exclusiveMinimum=0,
        title="Sample: pages",
        description="Stop after this many pages. A sample proves nothing.",
    ),
    "report": Param(
        True,
        type="boolean",
        title="Report",
        description="Write the report of the day. Off, for a backfill of many days: one that is there stays.",
    ),
}

WEEKLY_FORM = {
    "week": Param(
        None,
        type=["null", "string"],
        pattern=r"^\d{4}-W\d{2}$",
        title="Week",
        description="ISO week, Monday to Sunday, such as 2026-W47. Empty: the last whole week.",
    ),
}

MONTHLY_FORM = {
    "month": Param(
        None,
        type=["null", "string"],
        pattern=r"^\d{4}-\d{2}$",
        title="Month",
        description="Such as 2026-11. Empty: the last whole month.",
    ),
}

FORGET_FORM = {
    "day": _day("The day to take back (Europe/Paris)."),
    "delete": _switch("Delete", "Delete it. Without this the run only counts what there is."),
}

INVENTORY_FORM = {
    "day": _day("Load the sweep of this day again, from what has landed. Empty: sweep today."),
    "force": _switch("Force", "Sweep again, though today is collected."),
    "allow_gap": _switch(
        "Allow a gap", "Load the sweep even if its certificate has a gap. It then closes no offer."
    ),
    "allow_wave": _switch("Allow a wave", "Close however many offers the sweep proves gone."),
    "max_pages": DAILY_FORM["max_pages"],
}

HISTORY_FORM = {
    "day": _day("The day to write to the history. Empty: every certified day that it lacks."),
}

FORMS: dict[Kind, dict[str, Param]] = {
    "day": DAILY_FORM,
    "week": WEEKLY_FORM,
    "month": MONTHLY_FORM,
}


def require_sensible(params: Mapping[str, Any]) -> None:
    """Raise :class:`ConfigurationError` if what the form of a day says contradicts itself."""
    if params.get("source") == "raw" and (params.get("force") or params.get("max_pages")):
        told = (
            "force asks"
            if params.get("force")
            else "max_pages takes a sample of what it gives, which asks"
        )
        raise ConfigurationError(
            f"source = raw asks France Travail for nothing, and {told} it again: start the run again with "
            f"source = api, or without {'force' if params.get('force') else 'max_pages'}."
        )


def require_known_names(names: Iterable[str], form: Mapping[str, Param]) -> None:
    """Raise :class:`ConfigurationError` if a run is told something that its form does not have.

    Airflow takes any name: a ``dya`` that was meant to be ``day`` would collect yesterday.

    :param names: of the run's parameters or of its configuration; those that begin with ``airflow/`` are
        Airflow's own.
    """
    unknown = [repr(name) for name in names if name not in form and not name.startswith("airflow/")]
    if unknown:
        raise ConfigurationError(
            f"The run's configuration holds {', '.join(sorted(unknown))}, which this DAG does not know; it "
            f"knows {', '.join(form) or 'no name, as it asks nothing'}: correct the name and start the run "
            "again."
        )
