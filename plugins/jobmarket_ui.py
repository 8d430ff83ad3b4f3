"""The Airflow plugin: hands the pages of ``jobmarket.airflow.ui`` to Airflow's UI.

Every process of Airflow imports this file, each task included, so nothing heavy is imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin
from jobmarket.airflow.masking import hide_in_records
from jobmarket.airflow.run_name import name_new_runs
from jobmarket.airflow.ui.routes import MOUNT, SCRIPTS, VIEWS
from jobmarket.foundation.known_secrets import hush_clients

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request; only the api-server ever does, so only there the application is imported."""
    from jobmarket.airflow.ui.app import app

    await app(scope, receive, send)


class _Timetables:
    """Our timetables, imported when Airflow asks for them; a task never does."""

    def __get__(self, *_: object) -> list[type]:
        from jobmarket.airflow.timetables import WeekTimetable

        return [WeekTimetable]


class JobMarketUI(AirflowPlugin):
    """Reports in the navigation, on the DAG and on its runs; the day of a run in its name."""

    name = "jobmarket"
    fastapi_apps: list[Any] = [  # noqa: RUF012
        {"app": pages, "url_prefix": f"/{MOUNT}", "name": "Job market reports"}
    ]
    external_views: list[Any] = VIEWS
    react_apps: list[Any] = SCRIPTS
    timetables: Any = _Timetables()

    @classmethod
    def on_load(cls, *_args: Any, **_options: Any) -> None:
        """Let the runs that this process makes carry their day, and keep requests and secrets out of its log.

        Not only tasks have clients of S3: what stands beside a task lands its log there, and what shows it
        reads it.
        """
        name_new_runs()
        hush_clients()
        hide_in_records()
