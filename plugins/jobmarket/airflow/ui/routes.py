"""Where the pages are in the Airflow UI, and the link from a task to them. Light: DAG files import it.

Addresses are relative to the root of the UI (its pages have a ``<base>``), so that they also hold where
Airflow is served below a path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from airflow.sdk import BaseOperatorLink

from jobmarket.airflow.ui import fr

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey

MOUNT = "jobmarket"

# What Airflow shows of the pages, as `external_views` of a plugin; it fills in the capitals.
VIEWS = [
    {
        "name": fr.REPORTS,
        "href": f"{MOUNT}/",
        "destination": "nav",
        "url_route": "reports",
        "nav_top_level": True,
    },
    {
        "name": fr.REPORTS,
        "href": f"{MOUNT}/",
        "destination": "dag",
        "url_route": "dag-reports",
    },
    {
        "name": fr.REPORT,
        "href": f"{MOUNT}/run/{{DAG_ID}}/{{RUN_ID}}",
        "destination": "dag_run",
        "url_route": "report",
    },
    {
        "name": fr.REPORT,
        "href": f"{MOUNT}/run/{{DAG_ID}}/{{RUN_ID}}",
        "destination": "task_instance",
        "url_route": "task-report",
    },
]

# What Airflow loads with each of its pages, as `react_apps` of a plugin.
SCRIPTS = [
    {"name": "jobmarket_zone", "bundle_url": f"{MOUNT}/zone.js", "destination": "base"},
]


class ReportLink(BaseOperatorLink):
    """The button on a report task that opens the report which its run wrote."""

    name = fr.REPORT

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """Return the address of the tab of the run."""
        dag_id, run_id = quote(ti_key.dag_id, safe=""), quote(ti_key.run_id, safe="")
        return f"dags/{dag_id}/runs/{run_id}/plugin/report"
