"""The trigger form of the DAGs: what a person may set for one run, in words for that person.

What lives here: names, types, defaults and texts of the parameters. What does not: what they do
(``operators``).
"""

from __future__ import annotations

from airflow.sdk import Param

DAILY_FORM = {
    "day": Param(
        None,
        type=["null", "string"],
        format="date",
        title="Day",
        description="Offers created on this day (Europe/Paris). Empty: yesterday.",
    ),
    "source": Param(
        "api",
        enum=["api", "raw"],
        title="Source",
        description="api: ask France Travail. raw: rebuild from what has landed, without the API.",
    ),
    "force": Param(
        False, type="boolean", title="Force", description="Ask again for a collected day."
    ),
    "allow_gap": Param(
        False,
        type="boolean",
        title="Allow a gap",
        description="Publish the day even if its certificate has a gap; the report says so.",
    ),
    "max_pages": Param(
        None,
        type=["null", "integer"],
        minimum=1,
        title="Sample: pages",
        description="Stop after this many pages of 150 offers. A sample proves nothing.",
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
