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

from jobmarket.airflow.source_hook import SourceHook
from jobmarket.foundation.errors import JobMarketError
from jobmarket.foundation.lake.layout import Scope
from jobmarket.foundation.lake.store import Lake
from jobmarket.sources.france_travail.client import client as client_module
from jobmarket.sources.france_travail.client import pace as pace_module
from jobmarket.sources.france_travail.contract.records import cut_records, sighting
from jobmarket.sources.france_travail.plan.extraction import extract_day

from tests.support.lying_api.api import RUNAWAY, Api, Killed, Lie
from tests.support.lying_api.store import MemoryS3
from tests.support.lying_api.world import DAY, make_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.foundation.lake.manifest import Manifest

WHOLE = "whole"
DOUBT = "doubt"
REFUSED = "refused"  # an error of ours, in one sentence
FALSE = "FALSE"  # certified, and offers are missing
CRASH = "CRASH"  # any other exception
RUNS_AWAY = "RUNS AWAY"

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

    :param verdict: of the run that was lied to.
    :param then: verdict of the next plain run, the API being honest again; empty if there was none, since the
        first run certified the day.
    :param missing: offers of the day visible throughout that the certified pages do not hold.
    :param requests: searches of the run that was lied to, all attempts.
    :param said: doubts or error, the next run's behind them.
    """

    lie: str
    size: int
    seed: int
    verdict: str
    then: str = ""
    missing: int = 0
    requests: int = 0
    tokens: int = 0
    seconds: float = 0.0
    said: list[str] = field(default_factory=list)


def tell(lie_class: type[Lie], size: int, seed: int) -> Outcome:
    """Extract a day against a lie, and once more when it is over, if the day was not certified."""
    begun = time.process_time()
    world = make_world(size, seed, burst=lie_class.burst)
    lie = lie_class(world)
    lie.prepare()
    api = Api(lie)
    store = MemoryS3()
    for key in lie.clutter:
        store.put_object(Key=key, Body=b"")
    lake = Lake(store, "lake")  # type: ignore[arg-type]
    with wired(api):
        verdict, missing, said = _extract(api, lake, lie.threads or (1 if seed % 2 else 8))
        outcome = Outcome(lie.name, size, seed, verdict, "", missing, api.served, api.tokens)
        outcome.said = said
        if verdict not in (WHOLE, FALSE, RUNS_AWAY):
            api.lie = Lie(world)
            outcome.then, missing, said = _extract(api, lake, threads=8)
            outcome.missing = max(missing, outcome.missing)
            outcome.said += said
    outcome.seconds = time.process_time() - begun
    return outcome


@contextmanager
def wired(api: Api) -> Iterator[None]:
    """Connect the real client to an API in this process; nothing waits."""
    logging.disable(logging.CRITICAL)
    try:
        with (
            patch.dict(os.environ, AIRFLOW_CONN_FRANCE_TRAVAIL=CONNECTION),
            patch.object(client_module, "Transport", api.connect),
            patch.object(client_module, "BACKOFF_S", 0.0),
            # what the pace does is tested elsewhere
            patch.object(pace_module, "CREDIT", 10**9),
            patch.object(pace_module.Pace, "pause", lambda *_: None),
        ):
            yield
    finally:
        logging.disable(logging.NOTSET)


def _extract(api: Api, lake: Lake, threads: int) -> tuple[str, int, list[str]]:
    """Run the day until a run is not killed; return the verdict, how many are missing, and what was said."""
    while True:
        run_id = lake.open_run(Scope("france_travail", str(DAY))) or f"r{api.served:06d}"
        begun_at = api.served + 1
        try:
            manifest = extract_day(
                SourceHook("france_travail").get_conn(threads=threads), lake, DAY, run_id
            )
        except Killed:
            if api.served > RUNAWAY:
                return RUNS_AWAY, 0, []
        except JobMarketError as exc:
            return REFUSED, 0, [f"{type(exc).__name__}: {exc}"]
        except Exception as exc:  # whatever it is, it is the finding
            return CRASH, 0, [f"{type(exc).__name__}: {exc}"]
        else:
            break
    doubts = manifest.certificate.doubts
    if not manifest.certificate.certified:
        return DOUBT if doubts else CRASH, 0, doubts
    due = api.world.throughout(max(begun_at, api.lie.seen_by), api.served) - api.lie.excused
    missing = due - landed(lake, manifest)
    return FALSE if missing else WHOLE, len(missing), doubts


def landed(lake: Lake, manifest: Manifest) -> set[str]:
    """Return the ids in the landed bytes of a run, whatever their dates."""
    return {
        sighting(bytes(record))[0]
        for _, body in lake.iter_pages(manifest)
        for record in cut_records(body).records
    }
