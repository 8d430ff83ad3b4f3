"""In which ways the runs of a stack fail: which server misbehaves, how, when, and which task meets it.

What does not live here: how a server misbehaves (``planted_servers``), how a run is started
(``planted_stack``).
"""

from __future__ import annotations

from typing import NamedTuple

DAILY = "france_travail_daily"
WITHOUT_A_DAY = ("jobmarket_doctor", "warehouse_migrate")
DAGS = (DAILY, "adzuna_daily", "france_travail_history", *WITHOUT_A_DAY)


class Turn(NamedTuple):
    """A run, and how one of its servers misbehaves.

    :param server: ``api``, ``s3`` or ``pg``.
    :param mode: how; ``pass`` is not at all, but for what the headers repeat.
    :param after: so many requests or connections are let through before.
    :param about: method and part of an address: others are let through; empty: none is.
    :param fails: the tasks of which one fails; none: the run succeeds.
    :param asks: whether the run asks the API for a day of its own; else it has one that is collected.
    """

    server: str
    mode: str
    after: int = 0
    about: str = ""
    fails: tuple[str, ...] = ()
    asks: bool = False
    dag: str = DAILY

    @property
    def name(self) -> str:
        """Return what it is called in a message."""
        return f"{self.dag}:{self.server}:{self.mode}:{self.after}:{self.about}"


SEARCHES = (
    *("search-echo", "search-200", "search-302"),
    *(f"search-{status}" for status in (400, 401, 403, 404, 429, 500)),
)
REFUSED = dict.fromkeys(("s3-400", "s3-403", "s3-500"), range(4))
LATE = 25  # requests: the smallest day has some forty
# a receipt is a connection, too: which task a turn meets hangs on who is first
OF_WAREHOUSE = ("prepare", "load", "check", "report")
LOOKS_AT_MANIFEST = ("extract", "load", "check", "report")  # one that is none may be looked over
TURNS = [
    Turn("api", "pass", asks=True),
    *(
        Turn("api", mode, fails=("extract",), asks=True)
        for mode in ("token-400", "token-html", "token-crlf", *SEARCHES, "cut")
    ),
    *(
        Turn("api", mode, LATE, fails=("extract",), asks=True)
        for mode in ("search-echo", "search-302", "search-401", "search-429", "search-500", "cut")
    ),
    *(
        Turn("s3", mode, after, "GET /manifest.json", LOOKS_AT_MANIFEST[min(after, 2) :])
        for mode, looks in {**REFUSED, "s3-html": (0, 3), "cut": (0, 3)}.items()
        for after in looks
    ),
    *(
        Turn("s3", mode, after, "PUT /page-", ("extract",), asks=True)
        for mode in ("s3-403", "s3-500")
        for after in (0, 20)
    ),
    *(Turn("s3", mode, 0, "PUT /reports/", ("report",)) for mode in ("s3-403", "s3-500")),
    *(Turn("s3", mode, 0, "PUT /logs-of-tasks/") for mode in ("s3-403", "s3-500")),
    *(
        Turn("pg", mode, after, fails=OF_WAREHOUSE)
        for mode, opened in {
            "echo": range(6),
            "echo-late": (0, 1, 3, 5),
            "cut": (0, 1, 3, 5),
        }.items()
        for after in opened
    ),
    *(
        Turn("adzuna", mode, fails=("extract",), asks=True, dag="adzuna_daily")
        for mode in ("search-200", "search-302", "search-400", "search-401", "search-404")
    ),
    *(
        Turn(server, mode, fails=("examine",), dag="jobmarket_doctor")
        for server, mode in (("api", "token-400"), ("s3", "s3-403"), ("pg", "echo"), ("pg", "cut"))
    ),
    *(
        Turn("pg", mode, fails=("migrate",), dag="warehouse_migrate")
        for mode in ("echo", "echo-late")
    ),
    Turn("pg", "echo", fails=("keep",), dag="france_travail_history"),
]
