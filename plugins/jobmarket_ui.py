"""The Airflow plugin: hands the pages of ``jobmarket.ui`` to Airflow's UI.

Every process of Airflow imports this file, each task included, so nothing heavy is imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin
from jobmarket.ui.routes import MOUNT, VIEWS

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request; only the api-server ever does, so only there the application is imported."""
    from jobmarket.ui.app import app

    await app(scope, receive, send)


class JobMarketUI(AirflowPlugin):
    """Reports in the navigation, on the DAG and on its runs."""

    name = "jobmarket"
    fastapi_apps: list[Any] = [  # noqa: RUF012
        {"app": pages, "url_prefix": f"/{MOUNT}", "name": "Job market reports"}
    ]
    external_views: list[Any] = VIEWS
