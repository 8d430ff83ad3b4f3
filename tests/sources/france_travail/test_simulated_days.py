"""No day is certified that lacks an offer which was to be seen throughout, whatever the source does."""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from jobmarket.sources.france_travail.client.answer import day_start

from tests.support.search_model import ROME, Fact
from tests.support.simulated_source import ALWAYS, DAY, Life, LivingSource, attempt

if TYPE_CHECKING:
    from jobmarket.sources.france_travail.client.answer import Answer

DAYS = int(os.environ.get("SIMULATED_DAYS", "600"))
CHUNKS = 8


@dataclass
class Outcome:
    """What one simulated day came to."""

    kind: str
    certified: bool
    lost: set[str]
    asked: int
    attempts: int


def living_day(seed: int) -> tuple[LivingSource, random.Random, str]:
    """Make up a day: how many offers, when, what becomes of them, who shows them."""
    chance = random.Random(seed)
    offers = chance.choice([0, 1, 4, 5, 6, 20, 24, 25, 26, 27, 60, 120, 200])
    spread = chance.choice([86_400, 86_400, 7_200, 300, 20])
    start = chance.randrange(86_400 - spread + 1)
    kind = chance.choice(["calm", "busy", "swaps", "edits", "replicas", "lag", "balanced", "all"])
    busy = {"calm": 0.0, "edits": 0.0, "replicas": 0.0}.get(kind, chance.choice([0.02, 0.1, 0.3]))
    lives = []
    for number in range(offers + 6):
        second = (
            start + chance.randrange(spread)
            if number < offers
            else chance.choice([-86_400, -3_000, 87_000, 180_000])
        )
        fact = Fact(
            offer_id=f"o{number:04d}",
            at_ms=1000 * (day_start(DAY) + second) + chance.randrange(1000),
            origin=chance.choice("1222"),
            rome=chance.choice(ROME),
            contract=chance.choice(["CDI", "CDI", "CDI", "CDD", "MIS"]),
            experience=chance.choice("01234"),
            department=chance.choice(["01", "59", "75", None]),
        )
        life = Life(fact)
        if chance.random() < busy:
            moment = chance.randrange(200)
            came, went = Life(fact, born=moment), Life(fact, gone=moment)
            life = chance.choice([came, went])
        if kind in ("edits", "all") and chance.random() < 0.1:
            life = Life(fact, edited=chance.randrange(150))
        lives.append(life)
    if kind == "swaps":  # one comes in the very moment in which another goes
        for at in range(0, len(lives) - 1, 7):
            moment = chance.randrange(1, 120)
            lives[at] = Life(lives[at].fact, gone=moment)
            lives[at + 1] = Life(lives[at + 1].fact, born=moment)
    lags: tuple[int, ...] = (0,)
    hidden: tuple[frozenset[str], ...] = (frozenset(),)
    ids = [life.fact.offer_id for life in lives[:offers]]
    if kind in ("lag", "all"):
        lags, hidden = (0, chance.choice([3, 15, 60])), (frozenset(), frozenset())
    if kind == "replicas":
        lags = (0, 0)
        hidden = (frozenset(), frozenset(chance.sample(ids, len(ids) // 10)))
    if kind == "balanced":  # as many are hidden by the one as by the other
        some = chance.sample(ids, 2 * (len(ids) // 12))
        half = len(some) // 2
        lags, hidden = (0, 0), (frozenset(some[:half]), frozenset(some[half:]))
    source = LivingSource(lives, chance, lags, hidden, has_facets=chance.random() < 0.8)
    return source, chance, kind


def run_day(seed: int) -> Outcome:
    """Read a day until it is certified, killed some times on the way; three attempts that end."""
    source, chance, kind = living_day(seed)
    landed: dict[str, list[Answer]] = {}
    asked = attempts = 0
    kills = [chance.randrange(1, 80) for _ in range(chance.choice([0, 0, 0, 1, 1, 2]))]
    for kill_after in [*kills, None, None, None]:
        attempts += 1
        done = attempt(source, chance, landed, kill_after)
        asked += done.asked
        if done.was_killed:
            source.now += chance.choice([0, 5, 100])  # the world goes on meanwhile
            continue
        if not done.plan.doubts():
            lost = source.always_seen(source.now) - set(done.plan.offers())
            return Outcome(kind, certified=True, lost=lost, asked=asked, attempts=attempts)
    return Outcome(kind, certified=False, lost=set(), asked=asked, attempts=attempts)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_simulated_day_is_certified_without_what_was_always_there(chunk: int) -> None:
    outcomes = {seed: run_day(seed) for seed in range(chunk, DAYS, CHUNKS)}
    lost = {seed: outcome for seed, outcome in outcomes.items() if outcome.lost}
    assert not lost
    certified = Counter(outcome.certified for outcome in outcomes.values())
    assert certified[True] > 0.8 * len(outcomes)


def test_a_calm_day_is_always_certified_at_once() -> None:
    calm = [run_day(seed) for seed in range(400) if living_day(seed)[2] in ("calm", "edits")]
    assert all(outcome.certified for outcome in calm)


def test_what_is_always_seen_is_what_no_replica_hides() -> None:
    fact = Fact("a", 1000 * day_start(DAY))
    hidden = (frozenset[str](), frozenset({"a"}))
    seen = LivingSource([Life(fact)], random.Random(1))
    assert seen.always_seen(10) == {"a"}
    assert LivingSource([Life(fact, gone=5)], random.Random(1)).always_seen(10) == set()
    assert LivingSource([Life(fact, born=2)], random.Random(1)).always_seen(10) == set()
    assert LivingSource([Life(fact)], random.Random(1), (0, 0), hidden).always_seen(ALWAYS) == set()
