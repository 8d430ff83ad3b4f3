"""A month of a small job market with its own log, and what it says must stand in the warehouse.

What lives here: offers that open, change, close, come back and are posted anew; the runs that see them; and
the versions and absences that follow from the log alone, computed offer by offer and the slow way. What does
not: the load, SQL.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tests.support.stock import offer

PARIS = ZoneInfo("Europe/Paris")
FIRST = datetime(2026, 11, 1, tzinfo=UTC)
DAYS = 30


class State(NamedTuple):
    """What an offer says from an instant on; two with the same title mean the same."""

    updated_at: datetime
    title: str
    label: str


class Life(NamedTuple):
    """One offer in the log.

    :param stays: when it was open: from, to.
    """

    offer_id: str
    created_at: datetime
    employer: str
    states: list[State]
    stays: list[tuple[datetime, datetime]]

    def is_open(self, at: datetime) -> bool:
        """Tell whether the source gives it."""
        return any(since <= at < until for since, until in self.stays)

    def state_at(self, at: datetime, behind: int = 0) -> int:
        """Return the number of its state at an instant, or of one before that (a replica that lags)."""
        known = [n for n, state in enumerate(self.states) if state.updated_at <= at]
        return known[max(0, len(known) - 1 - behind)]


class Run(NamedTuple):
    """A run as landed: of a day, or a sweep.

    :param seen: offer and number of its state.
    """

    kind: str
    run_id: str
    day: date
    started_at: datetime
    is_certified: bool
    seen: list[tuple[Life, int]]


class Market(NamedTuple):
    """The log of a month, and all runs that were landed."""

    lives: list[Life]
    runs: list[Run]


def simulate(seed: int, offers: int = 60) -> Market:
    """Return a month: a run and a sweep of each day; one sweep failed and one is not certified."""
    lot = Random(seed)
    lives = [_life(lot, number) for number in range(offers)]
    for number in range(0, offers, 9):  # the same post under a new id
        old = lives[number]
        lives.append(_life(lot, offers + number, employer=old.employer, after=old.stays[-1][1]))
    failed, uncertified = lot.sample(range(3, DAYS), 2)
    runs = []
    for day in range(DAYS):
        midnight = FIRST + timedelta(days=day)
        if day:
            at = midnight - timedelta(minutes=lot.randint(5, 20))  # past midnight in Paris
            of_day = midnight.date() - timedelta(days=1)
            runs.append(_run(lot, "day", lives, at, of_day))
        if day != failed:
            at = midnight + timedelta(hours=5)
            runs.append(
                _run(lot, "sweep", lives, at, midnight.date(), is_certified=day != uncertified)
            )
    return Market(lives, runs)


def record(life: Life, number: int) -> dict[str, Any]:
    """Return an offer as the API gives it in one of its states."""
    state = life.states[number]
    return offer(
        life.offer_id,
        intitule=state.title,
        romeLibelle=state.label,
        dateCreation=_wall(life.created_at),
        dateActualisation=_wall(state.updated_at),
        entreprise={"nom": life.employer},
    )


def expected_versions(market: Market) -> tuple[list[Any], list[Any]]:
    """Return versions (id, title, from, to) and restatements (id, kind, ended at) that the log asks for."""
    versions, restatements = [], []
    for life in market.lives:
        first_seen: dict[int, datetime] = {}
        for run in market.runs:
            for other, number in run.seen:
                if other is life:
                    first_seen[number] = min(run.started_at, first_seen.get(number, run.started_at))
        chain: list[int] = []
        for number, _ in sorted(first_seen.items(), key=lambda one: one[1]):
            if not chain or number > chain[-1]:
                chain.append(number)
        since = life.created_at
        for number, following in pairwise(chain):
            before, after = life.states[number], life.states[following]
            if before.title != after.title:
                versions.append((life.offer_id, before.title, since, after.updated_at))
                since = after.updated_at
            else:
                kind = "refreshed" if before.label == after.label else "relabelled"
                restatements.append((life.offer_id, kind, after.updated_at))
    return sorted(versions), sorted(restatements)


def expected_absences(market: Market) -> list[tuple[Any, ...]]:
    """Return absences (id, first missing, last seen, second, again, closed, end) that the log asks for."""
    sweeps = [run for run in market.runs if run.kind == "sweep" and run.is_certified]
    absences = []
    for life in market.lives:
        seen = [run.started_at for run in market.runs if any(one is life for one, _ in run.seen)]
        if not seen:
            continue
        known_at = min(seen)
        last_seen = known_at.astimezone(PARIS).date()
        stretch: list[date] = []
        for sweep in [one for one in sweeps if one.started_at > known_at] + [None]:
            is_seen = sweep is not None and any(one is life for one, _ in sweep.seen)
            if sweep and not is_seen:
                stretch.append(sweep.day)
                continue
            if stretch:
                again = sweep.day if sweep else None
                second = stretch[1] if len(stretch) > 1 else None
                is_end = bool(second) and (again is None or (again - last_seen).days > 7)
                row = (life.offer_id, stretch[0], last_seen, second, again, bool(second), is_end)
                absences.append(row)
                stretch = []
            if sweep:
                last_seen = sweep.day
    return sorted(absences, key=lambda row: row[:2])


def _life(lot: Random, number: int, employer: str = "", after: datetime | None = None) -> Life:
    earliest = after or FIRST - timedelta(days=5)
    created_at = earliest + timedelta(minutes=lot.randint(0, 60 * 24 * 25))
    states = [State(created_at, "v0", "l0")]
    at = created_at
    for step in range(1, lot.randint(1, 6)):
        at += timedelta(minutes=lot.randint(30, 60 * 24 * 6))
        before = states[-1]
        kind = lot.choice(["change", "change", "refresh", "relabel", "both"])
        title = f"v{step}" if kind in ("change", "both") else before.title
        label = f"l{step}" if kind in ("relabel", "both") else before.label
        states.append(State(at, title, label))
    stays, since = [], created_at
    for _ in range(lot.choice([1, 1, 1, 2, 2, 3])):
        until = since + timedelta(minutes=lot.randint(600, 60 * 24 * 15))
        stays.append((since, until))
        since = until + timedelta(minutes=lot.randint(600, 60 * 24 * 12))
    return Life(f"{number:07d}", created_at, employer or f"Employeur {number}", states, stays)


def _run(
    lot: Random, kind: str, lives: list[Life], at: datetime, day: date, *, is_certified: bool = True
) -> Run:
    seen = [
        (life, life.state_at(at, behind=lot.random() < 0.05))
        for life in lives
        if life.is_open(at) and (kind == "sweep" or life.created_at.astimezone(PARIS).date() == day)
    ]
    if not is_certified:
        seen = seen[: len(seen) // 2]
    return Run(kind, f"{kind}-{day}", day, at, is_certified, seen)


def _wall(at: datetime) -> str:
    return f"{at.astimezone(PARIS):%Y-%m-%dT%H:%M:%S}.000Z"
