r"""Looks whether days arrive. From inside Airflow, and from outside, where a dead Airflow is seen.

::

    JOBMARKET_WAREHOUSE=postgresql://analyst:…@host/warehouse \
        python -m jobmarket.offers.watch --link https://airflow.example --slack https://hooks.slack.com/…

prints one message for each trouble and ends with 1 if there is any, with 2 if the warehouse cannot be
asked: for cron, whose mail it then is, for a CloudWatch alarm on the exit of a scheduled ECS task, or for a
webhook of Slack's form. It reads ``mart.day`` only, which every analyst may.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg.rows import class_row

from jobmarket.foundation.alarm import Alarm
from jobmarket.foundation.day import PARIS, ends_at
from jobmarket.foundation.paths import SQL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psycopg import Connection

LATE_AFTER = timedelta(hours=20)
"""After the end of a day it ought to be certified."""
STALE_DAYS = 2
"""Days in a row that were read and hold no offer: even a Sunday has some."""
EXPECTED = ("france_travail",)
"""Sources whose days are missed even if there is none."""
_TIMEOUT_S = 10


class SourceState(NamedTuple):
    """How far the days of a source came; each is a day in Europe/Paris, ``None`` if there is none.

    :param certified_on: the newest certified day.
    :param read_on: the newest day of which anything was read.
    :param offered_on: the newest day that holds an offer.
    """

    source: str
    certified_on: date | None = None
    read_on: date | None = None
    offered_on: date | None = None

    @property
    def good_on(self) -> date | None:
        """Return the newest day that is as good as its source gives: certified, if it ever had such a day."""
        return self.certified_on or (None if self.source in EXPECTED else self.read_on)


def source_states(connection: Connection[Any]) -> list[SourceState]:
    """Return how far each source came, the expected ones even if they have no day."""
    statement = (SQL / "watch" / "sources.sql").read_bytes()
    with connection.cursor(row_factory=class_row(SourceState)) as cursor:
        found = {state.source: state for state in cursor.execute(statement)}
    missing = {source: SourceState(source) for source in EXPECTED}
    return list((missing | found).values())


def troubles(states: Iterable[SourceState], now: datetime, *, link: str) -> list[Alarm]:
    """Return an alarm for each source that is late or stale. Pure.

    :param now: an instant with its time zone.
    :param link: where a person is to look.
    """
    return [
        alarm
        for state in states
        for alarm in (_late(state, now, link), _stale(state, link))
        if alarm
    ]


def _late(state: SourceState, now: datetime, link: str) -> Alarm | None:
    good = state.good_on
    if good is not None:
        due = ends_at(good + timedelta(days=1)) + LATE_AFTER
        if now < due:
            return None
        hours = int((now - ends_at(good)).total_seconds() // 3600)
        since = f"the newest is {good}, which ended {hours} hours ago"
    else:
        since = "there is none at all"
    return Alarm(
        "late",
        state.source,
        "",
        "is late: no certified day",
        f"A certified day of {state.source} was expected within {LATE_AFTER // timedelta(hours=1)} hours of "
        f"each midnight in Paris, but {since}.",
        "Offers that are withdrawn meanwhile can never be read again, and reports stop at that day.",
        f"Look whether Airflow's scheduler runs and {state.source}_daily is not paused, read the last line "
        f"of its failed task, then run the missing days again.",
        link,
    )


def _stale(state: SourceState, link: str) -> Alarm | None:
    if state.read_on is None:
        return None
    empty = (state.read_on - state.offered_on).days if state.offered_on else STALE_DAYS
    if empty < STALE_DAYS:
        return None
    last = (
        f"the last offer is of {state.offered_on}"
        if state.offered_on
        else "there is no offer at all"
    )
    return Alarm(
        "stale",
        state.source,
        "",
        "is stale: it answers, and nothing is new",
        f"Days of {state.source} were read until {state.read_on}, but {last}.",
        "The source may serve an old copy: what it publishes now is not seen and may be withdrawn unread.",
        f"Compare with what the source's own site shows of {state.read_on}; if it has offers, tell the "
        f"source, and run the days again with force once it is mended.",
        link,
    )


def main(arguments: Sequence[str] | None = None, *, now: datetime | None = None) -> int:
    """Look once; print each trouble and post it, if told where to. Return the exit code."""
    import psycopg

    parser = argparse.ArgumentParser(
        prog="python -m jobmarket.offers.watch", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--link", default="the Airflow of jobmarket", help="where a person is to look"
    )
    parser.add_argument("--slack", default="", help="address of a webhook of Slack's form")
    options = parser.parse_args(arguments)
    now = now or datetime.now(PARIS)
    try:
        address = os.environ.get("JOBMARKET_WAREHOUSE", "")
        with psycopg.connect(
            address, connect_timeout=_TIMEOUT_S, options=f"-c statement_timeout={_TIMEOUT_S}s"
        ) as connection:
            found = troubles(source_states(connection), now, link=options.link)
    except psycopg.Error as error:
        told = " ".join(str(error).split()[:40])
        sys.stderr.write(
            f"The warehouse cannot be asked ({type(error).__name__}: {told}): whether days arrive is not "
            f"known. Start it, open the way to it, or correct JOBMARKET_WAREHOUSE.\n"
        )
        return 2
    for alarm in found:
        sys.stdout.write(f"{alarm.subject}\n{alarm.text}\n")
    undelivered = [alarm for alarm in found if options.slack and not _posted(options.slack, alarm)]
    return 2 if undelivered else 1 if found else 0


def _posted(address: str, alarm: Alarm) -> bool:
    import requests

    try:
        answer = requests.post(address, json={"text": alarm.as_slack}, timeout=_TIMEOUT_S)
        answer.raise_for_status()
    except requests.RequestException as error:
        # the address of a webhook is its password
        sys.stderr.write(f"The webhook did not take the message ({type(error).__name__}).\n")
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
