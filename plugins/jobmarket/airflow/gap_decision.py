"""A day that ends with a gap, and a person who decides in Airflow's UI whether it is published so.

What lives here: when a person is asked, what they read, what follows from their answer. What does not:
what may be published without asking (``foundation.run``), what is then done (``operators``).

The wait is Airflow's own state ``awaiting_input``: it takes no worker, no slot and no triggerer. Its bound
is ``response_timeout``; ``execution_timeout`` is that of the work before and after it.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import HITLOperator
from msgspec import structs

from jobmarket.airflow.alarms import link_to_ui, raise_alarm
from jobmarket.foundation.alarm import Alarm
from jobmarket.foundation.errors import IncompleteDay
from jobmarket.foundation.run import require_publishable
from jobmarket.sources.registry import source

if TYPE_CHECKING:
    from airflow.sdk import Context

    from jobmarket.foundation.lake.manifest import Manifest

PUBLISH, REFUSE = "Publish it with its gap", "Do not publish it"
PATIENCE = timedelta(hours=12)
"""A night and a morning; then the day is refused, as it is without anybody to ask."""

_HOURS = PATIENCE // timedelta(hours=1)

log = logging.getLogger(__name__)


def is_asked(context: Context) -> bool:
    """Tell whether a gap of the run is put to a person: each of the schedule is, others if the form says so.

    A backfill would put each of its days to them, and ``airflow dags test`` would wait for nobody.
    """
    params, run_type = context["params"], getattr(context["dag_run"], "run_type", None)
    if params["source"] == "raw" or params["allow_gap"]:
        return False
    is_scheduled = str(getattr(run_type, "value", run_type)) == "scheduled"
    return is_scheduled or bool(params["ask"])


def require_decided(manifest: Manifest) -> None:
    """Raise :class:`IncompleteDay` if a day may be published only by a decision."""
    # what the run was allowed so that it could be put to somebody is no decision
    undecided = structs.replace(manifest, gap_allowed=False)
    require_publishable(undecided, source(manifest.source).label)


class AsksAboutGap(HITLOperator):
    """A task that publishes a day, and asks a person first if the day has a gap."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            subject="A day is not certified",
            options=[PUBLISH, REFUSE],
            defaults=REFUSE,
            response_timeout=PATIENCE,
            **kwargs,
        )

    def ask_about_gap(self, manifest: Manifest, context: Context) -> None:
        """Return if the day needs no decision; else leave the task until a person has answered."""
        if not is_asked(context):
            return
        try:
            require_decided(manifest)
        except IncompleteDay as gap:
            # not rendered any more: what servers said stands in it
            self.subject = f"{manifest.source}: {manifest.day} is not certified. Publish it?"
            self.body = f"{gap} Without an answer within {_HOURS} hours it is refused."
            self._tell(manifest, str(gap), context)
            HITLOperator.execute(self, context)

    def is_published(self, manifest: Manifest, event: dict[str, Any], context: Context) -> bool:
        """Tell whether the person decided to publish the day."""
        answer = HITLOperator.execute_complete(self, context, event)
        if answer["chosen_options"] != [PUBLISH]:
            return False
        who = (answer["responded_by_user"] or {}).get("name", "nobody")
        log.warning("Day %s is published with its gap, as %s decided", manifest.day, who)
        return True

    def _link(self, context: Context) -> str:
        try:
            return self.generate_link_to_ui_from_context(context=context)
        except ValueError:  # nobody has set Airflow's base_url
            return link_to_ui()

    def _tell(self, manifest: Manifest, gap: str, context: Context) -> None:
        raise_alarm(
            Alarm(
                "uncertified",
                manifest.source,
                f"{manifest.day} {manifest.run_id}",
                f"{manifest.day} is not certified: decide",
                gap,
                f"The day waits for a decision at most {_HOURS} hours; then it is refused.",
                f"Choose « {PUBLISH} » or « {REFUSE} » at Required Actions of the run.",
                self._link(context),
            ),
            is_once=True,
            context=context,
        )
