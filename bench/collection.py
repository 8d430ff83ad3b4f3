"""Offers collected from a sandbox and measured: what the collection of a day and that of the stock share.

A sandbox in a process of its own, with the latency and the rate that are asked for; pages land in a SeaweedFS
of their own. The ids landed are compared with those that the sandbox holds. What does not live here: what is
collected, and what it may cost (``extraction``, ``inventory``).
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import requests

os.environ.setdefault(
    "AIRFLOW__LOGGING__LOGGING_LEVEL", "WARNING"
)  # standard output is for the figures

from jobmarket.airflow.source_hook import SourceHook

from bench.figures import Timed, peak_mb, timed
from bench.servers import lake_of, object_store, sandbox, scratch

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.foundation.lake.manifest import Manifest
    from jobmarket.foundation.lake.store import Lake

    Extract = Callable[[Any, Lake], Manifest]
    """With a client of the source and a lake."""

TRUTH_TIMEOUT_S = 3_600
"""The first touch of a day or of the stock makes the sandbox generate it."""


@dataclass(frozen=True)
class Collected:
    """What was collected, and what it took.

    :param run: the manifest, and seconds.
    :param is_equal: the ids landed are those that the sandbox holds.
    :param mb_before: most memory of the process before.
    :param stats: what the sandbox counted.
    """

    run: Timed[Manifest]
    is_equal: bool
    mb_before: float
    peak_mb: float
    stats: dict[str, Any]

    def figures(self, **own: object) -> dict[str, Any]:
        """Return the figures of any collection, with its own among them."""
        certificate = self.run.result.certificate
        return {
            "certified": certificate.certified,
            "doubts": certificate.doubts,
            "ids_equal": self.is_equal,
            "collected": certificate.collected,
            "requests": certificate.requests,
            "wall_s": round(self.run.wall_s, 1),
            "cpu_s": round(self.run.cpu_s, 1),
            "mb_before": round(self.mb_before),
            "peak_mb": round(self.peak_mb),
            **own,
            "slices": len(certificate.slices),
            "re_reads": certificate.re_reads,
            "statuses": certificate.statuses,
        }


def parser_of(description: str | None, offers: int, meaning: str) -> argparse.ArgumentParser:
    """Return the options that each collection has.

    :param offers: how many, by default.
    :param meaning: what this number is of.
    """
    parser = argparse.ArgumentParser(description=(description or "").splitlines()[0])
    parser.add_argument("--offers", type=int, default=offers, help=meaning)
    parser.add_argument("--latency-ms", type=int, default=300)
    parser.add_argument("--rate", type=int, default=10, help="requests a second")
    return parser


def collect(
    given: argparse.Namespace, options: list[str], extract: Extract, *, truth: str, day: str = ""
) -> Collected:
    """Collect once.

    :param given: the options of :func:`parser_of`.
    :param options: of the sandbox, beside its latency and its rate.
    :param truth: path of the sandbox that tells the ids that it holds.
    :param day: of creation, of the ids to compare; all if it is empty.
    """
    options = [*options, "--latency-ms", str(given.latency_ms), "--rate", str(given.rate)]
    with (
        scratch() as directory,
        object_store(directory) as store,
        sandbox(options) as url,
    ):
        lake = lake_of(store)
        connect(url, given.rate)
        truth_url = f"{url}/_sandbox/{truth}"
        requests.get(truth_url, timeout=TRUTH_TIMEOUT_S)  # generated now: not what is measured
        mb_before = peak_mb()
        run = timed(lambda: extract(SourceHook("france_travail").get_conn(), lake))
        peak = peak_mb()
        held = set(requests.get(truth_url, timeout=TRUTH_TIMEOUT_S).json())
        stats = requests.get(f"{url}/_sandbox/stats", timeout=10).json()
        return Collected(run, ids_landed(lake, run.result, day) == held, mb_before, peak, stats)


def connect(url: str, rate: int) -> None:
    """Let the connection of the source lead to a sandbox.

    :param rate: requests a second.
    """
    os.environ["AIRFLOW_CONN_FRANCE_TRAVAIL"] = json.dumps(
        {
            "conn_type": "http",
            "host": url,
            "login": "sandbox",
            "password": "sandbox",
            "extra": {"requests_per_second": rate},
        }
    )


def ids_landed(lake: Lake, manifest: Manifest, day: str = "") -> set[str]:
    """Return the ids in the landed bytes, of offers created on a day or of all."""
    return {
        offer["id"]
        for page, body in lake.iter_pages(manifest)
        if page.offers
        for offer in msgspec.json.decode(body)["resultats"]
        if offer["dateCreation"].startswith(day)
    }
