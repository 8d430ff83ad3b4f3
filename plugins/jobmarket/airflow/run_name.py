"""What a new run is called: its day, week or month stands in its id and is its partition key.

What lives here: the one place through which every run of our DAGs is made, however it was started (schedule,
backfill, form, REST, command line, ``airflow dags test``). What does not: the rule that says which day a run
is about (``day``, ``period``), the form (``form``).

Airflow gives a run the day as its key only where it knows it: from the schedule, from a backfill, from a key
that was typed. The grid of its UI shows nothing of a run but its id.
"""

from __future__ import annotations

import logging
import re
import sys
from datetime import UTC, datetime, time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from jobmarket.airflow.forms import FORGET_FORM, FORMS, require_known_names, require_sensible
from jobmarket.foundation.day import PARIS, require_over
from jobmarket.foundation.errors import PermanentError
from jobmarket.foundation.period import asked_period
from jobmarket.sources.registry import source_names

if TYPE_CHECKING:
    from jobmarket.foundation.period import Kind

_KINDS: dict[str, Kind] = {"daily": "day", "weekly": "week", "monthly": "month", "forget": "day"}
KIND_OF_DAG = {
    f"{source}_{ending}": kind for source in source_names() for ending, kind in _KINDS.items()
}
# A DAG that deletes a day has a form of its own, and no partitions: it makes nothing.
_FORGET = "_forget"
# An id that Airflow made for a run started by hand: an instant, and mostly eight characters by chance.
_AUTOMATIC = re.compile(r"(manual__\d{4}-\d\d-\d\dT[\d:.]+[+-][\d:]+)(?:_{1,2}(\w{8}))?")
# Who is there to read a refusal when the run is asked for.
_BY_HAND = {"ui", "rest_api", "cli"}
_TEST = "test"

log = logging.getLogger(__name__)


class RunRefused(ValueError):
    """A run that could only fail; its one sentence is what the form and the REST API answer."""


def name_new_runs() -> None:
    """Make every run of this process that is made from now on pass :func:`name_run`.

    A process that makes no runs, such as a task, does not import Airflow's model of a run for it.
    """
    from sqlalchemy import event
    from sqlalchemy.orm import Mapper

    def listen(dag_run: type) -> None:
        if not event.contains(dag_run, "init", _on_init):
            event.listen(dag_run, "init", _on_init)

    def on_mapped(_mapper: object, mapped: type) -> None:
        if mapped.__module__ == "airflow.models.dagrun" and mapped.__name__ == "DagRun":
            listen(mapped)

    if models := sys.modules.get("airflow.models.dagrun"):
        listen(models.DagRun)
    else:
        event.listen(Mapper, "instrument_class", on_mapped)


def _on_init(_run: object, _args: object, fields: dict[str, Any]) -> None:
    try:
        name_run(fields)
    except RunRefused:
        raise
    except Exception:
        # the name of a run is worth much, but not the run: the scheduler makes its runs here, too
        log.exception("The run %s is not named after its day", fields.get("run_id"))


def name_run(fields: dict[str, Any]) -> None:
    """Put the day, week or month that a new run is about into its id and its partition key.

    An id that somebody chose stays as it is, and a note says the day. A sample has no key: it is not the day.

    :param fields: what ``DagRun`` is made with; changed in place.

    Raise :class:`RunRefused` if a person asked for a run that could only fail.
    """
    kind = KIND_OF_DAG.get(fields.get("dag_id") or "")
    if kind is None:
        return
    is_forget = fields["dag_id"].endswith(_FORGET)
    conf, by = fields.get("conf") or {}, fields.get("triggered_by")
    starter = str(getattr(by, "value", by))
    run = SimpleNamespace(
        partition_key=fields.get("partition_key"),
        logical_date=fields.get("logical_date"),
        run_after=fields["run_after"],
    )
    try:
        require_known_names(conf, FORGET_FORM if is_forget else FORMS[kind])
        require_sensible(conf)
        period = asked_period(kind, run, conf)
        if starter in _BY_HAND and not conf.get("max_pages"):
            require_over(period.end, fields["run_after"])
    except PermanentError as error:
        if starter in {*_BY_HAND, _TEST}:
            raise RunRefused(str(error)) from None
        return  # its first task says so
    fields["run_id"] = _named(fields["run_id"], period.key, is_test=starter == _TEST)
    if period.key not in fields["run_id"] and not fields.get("note"):
        fields["note"] = f"{kind} {period.key}".capitalize()
    if not (conf.get("max_pages") or is_forget):
        midnight = datetime.combine(period.start, time(), PARIS)
        fields["partition_key"] = period.key
        fields["partition_date"] = fields.get("partition_date") or midnight.astimezone(UTC)
    if starter == _TEST:
        # Airflow lets it start at its logical date, so that it would seem to last for days
        fields["start_date"] = datetime.now(UTC)


def _named(run_id: str, key: str, *, is_test: bool) -> str:
    """Return the id with the key in it, as Airflow writes it for its schedule, if Airflow made the id."""
    found = _AUTOMATIC.fullmatch(run_id)
    if found is None or not (found[2] or is_test):
        return run_id
    return "__".join(part for part in (found[1], key, found[2]) if part)
