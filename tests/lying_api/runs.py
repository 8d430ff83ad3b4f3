"""A day extracted against a lie, as an operator does it, and how it ended."""

from __future__ import annotations

import json
import logging
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unittest.mock import patch

from jobmarket.errors import JobMarketError
from jobmarket.france_travail import hook as hook_module
from jobmarket.france_travail import pace as pace_module
from jobmarket.france_travail.extraction import extract_day
from jobmarket.france_travail.hook import FranceTravailHook
from jobmarket.france_travail.records import cut_records, sighting
from jobmarket.lake import Lake

from lying_api.api import RUNAWAY, Api, Killed, Lie
from lying_api.store import MemoryS3
from lying_api.world import DAY, make_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.manifest import Manifest

WHOLE = "whole"
DOUBT = "doubt"
REFUSED = "refused"  # an error of ours, in one sentence
FALSE = "FALSE"  # certified, and offers are missing
CRASH = "CRASH"  # any other exception
RUNS_AWAY = "RUNS AWAY"
UNHEALED = "UNHEALED"  # the next plain run does not certify though the API is honest again
GOOD = frozenset({WHOLE, DOUBT, REFUSED})

CONNECTION = json.dumps(
    {
        "conn_type": "http",
        "host": "http://127.0.0.1:9",  # nothing listens there
        "login": "lies",
        "password": "lies",
        "extra": {"requests_per_second": 1000},
    }
)


@dataclass
class Outcome:
    """How a lie ended.

    :param missing: offers of the day visible throughout that the certified pages do not hold.
    :param requests: searches of all attempts.
    """

    lie: str
    size: int
    seed: int
    verdict: str
    missing: int = 0
    requests: int = 0
    tokens: int = 0
    seconds: float = 0.0
    said: list[str] = field(default_factory=list)


def tell(lie_class: type[Lie], size: int, seed: int, *, is_passing: bool = False) -> Outcome:
    """Extract a day against a lie.

    :param is_passing: the lie is told to the first run only; the outcome is that of the next plain run, the
        first one's if that certified the day whole.
    """
    begun = time.monotonic()
    world = make_world(size, seed, burst=lie_class.burst)
    lie = lie_class(world)
    lie.prepare()
    api = Api(lie)
    lake = Lake(MemoryS3(), "lake")  # type: ignore[arg-type]
    outcome = Outcome(lie.name, size, seed, CRASH)
    with wired(api):
        _extract(api, lake, outcome, threads=1 if seed % 2 else 8)
        if is_passing and outcome.verdict in GOOD - {WHOLE}:
            api.lie = Lie(world)
            _extract(api, lake, outcome, threads=8)
            if outcome.verdict in (DOUBT, REFUSED):
                outcome.verdict = UNHEALED
    outcome.requests, outcome.tokens = api.served, api.tokens
    outcome.seconds = time.monotonic() - begun
    return outcome


@contextmanager
def wired(api: Api) -> Iterator[None]:
    """Connect the real client to an API in this process; nothing waits."""
    logging.disable(logging.CRITICAL)
    try:
        with (
            patch.dict(os.environ, AIRFLOW_CONN_FRANCE_TRAVAIL=CONNECTION),
            patch.object(hook_module, "Transport", api.connect),
            patch.object(hook_module, "BACKOFF_S", 0.0),
            patch.object(pace_module, "CREDIT", 10**9),  # what the pace does is tested elsewhere
        ):
            yield
    finally:
        logging.disable(logging.NOTSET)


def _extract(api: Api, lake: Lake, outcome: Outcome, threads: int) -> None:
    """Run the day until a run is not killed; write the verdict."""
    manifest: Manifest | None = None
    number = 0
    while manifest is None:
        number += 1
        run_id = lake.open_run(str(DAY)) or f"r{api.served:06d}-{number}"
        begun_at = api.served + 1
        try:
            manifest = extract_day(FranceTravailHook(threads=threads), lake, DAY, run_id)
        except Killed:
            if api.served > RUNAWAY:
                outcome.verdict = RUNS_AWAY
                return
        except JobMarketError as exc:
            outcome.verdict, outcome.said = REFUSED, [f"{type(exc).__name__}: {exc}"]
            return
        except Exception as exc:  # whatever it is, it is the finding
            outcome.verdict, outcome.said = CRASH, [f"{type(exc).__name__}: {exc}"]
            return
    outcome.said = manifest.certificate.doubts
    if not manifest.certificate.certified:
        outcome.verdict = DOUBT if manifest.certificate.doubts else CRASH
        return
    due = api.world.throughout(max(begun_at, api.lie.seen_by), api.served) - api.lie.excused
    missing = due - landed(lake, manifest)
    outcome.missing = len(missing)
    outcome.verdict = FALSE if missing else WHOLE


def landed(lake: Lake, manifest: Manifest) -> set[str]:
    """Return the ids in the landed bytes of a run, whatever their dates."""
    return {
        sighting(bytes(record))[0]
        for _, body in lake.iter_pages(manifest)
        for record in cut_records(body).records
    }
