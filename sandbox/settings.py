"""What a sandbox is told: who may ask, how many offers, which day it is, how it misbehaves.

What lives here: two plain dataclasses and their bounds. What does not: command-line parsing
(``__main__``) and what a fault looks like on the wire (``faults``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sandbox.adzuna.settings import AdzunaSettings

if TYPE_CHECKING:
    from pathlib import Path

PARIS = ZoneInfo("Europe/Paris")
FAULT_KINDS = (
    "500",
    "502",
    "503",
    "html-502",
    "html-200",
    "cut",
    "closed",
    "slow",
    "401",
    "429",
)
DETAIL_FAULT_KINDS = (*FAULT_KINDS, "gone", "not-found", "empty", "other-id")
MAX_OFFERS_PER_DAY = 1_000_000
MAX_LIVE = 5_000_000
MAX_MEAN_LIFE_DAYS = 50


@dataclass(frozen=True, kw_only=True)
class Faults:
    """How the server misbehaves; the default is not at all.

    :param replicas: two out-of-step replicas answer in turn; the lagging one misses some offers.
    :param replica_gap: share of the offers that the lagging replica misses at random; it also misses
        the newest 80 of each origin among all that is visible.
    :param every: each search request whose number is a multiple of this misbehaves; 0 is never.
    :param kinds: the cycle of misbehaviours, names of ``FAULT_KINDS``.
    :param detail_every: each question for one offer whose number is a multiple of this misbehaves; 0: none.
    :param detail_kind: how, a name of ``DETAIL_FAULT_KINDS``: ``gone`` is a 204 for whatever offer.
    :param vanish: offers that vanish from each day while it is being paged.
    :param vanish_pace: one offer of a day vanishes after each so many search requests about that day.
    :param filter_shift_s: the date filter compares ``dateCreation`` less this: asked [a, b], it gives
        [a + shift, b + shift]. 3600 or 7200 is a filter compared in UTC.
    :param exclusive_bounds: an offer created exactly at a bound of the date filter is left out.
    :param unknown_fields: some offers carry fields that no document mentions.
    :param slow_ms: how long a ``slow`` answer takes.
    :param hidden_share: share of the offers that have gone that one by one, by their id, are live all the
        same: the search has hidden them.
    """

    replicas: bool = False
    replica_gap: float = 0.005
    every: int = 0
    kinds: tuple[str, ...] = FAULT_KINDS
    detail_every: int = 0
    detail_kind: str = "gone"
    vanish: int = 0
    vanish_pace: int = 3
    filter_shift_s: int = 0
    exclusive_bounds: bool = False
    unknown_fields: bool = False
    slow_ms: int = 5_000
    hidden_share: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", tuple(self.kinds))
        unknown = sorted(set(self.kinds) - set(FAULT_KINDS))
        _require(not unknown, f"kinds are among {', '.join(FAULT_KINDS)}; met {', '.join(unknown)}")
        _require(bool(self.kinds), "kinds holds at least one kind of fault")
        _require(self.every >= 0, f"every is 0 or more; met {self.every}")
        _require(self.detail_every >= 0, f"detail_every is 0 or more; met {self.detail_every}")
        _require(
            self.detail_kind in DETAIL_FAULT_KINDS,
            f"detail_kind is one of {', '.join(DETAIL_FAULT_KINDS)}; met {self.detail_kind}",
        )
        _require(self.vanish >= 0, f"vanish is 0 or more; met {self.vanish}")
        _require(self.vanish_pace >= 1, f"vanish_pace is 1 or more; met {self.vanish_pace}")
        _require(0 <= self.replica_gap < 1, f"replica_gap is in [0, 1); met {self.replica_gap}")
        _require(0 <= self.hidden_share <= 1, f"hidden_share is in [0, 1]; met {self.hidden_share}")
        _require(
            abs(self.filter_shift_s) <= 86_400,
            f"filter_shift_s is at most a day; met {self.filter_shift_s}",
        )
        _require(0 <= self.slow_ms <= 600_000, f"slow_ms is in 0..600000; met {self.slow_ms}")

    def changed(self, changes: dict[str, Any]) -> Faults:
        """Return these faults with some fields changed.

        :param changes: field name -> value, as JSON gives them.

        Raise :class:`ValueError` naming the field that does not exist or the value out of bounds.
        """
        kinds_of_value = {f.name: type(f.default) for f in fields(self) if f.name != "kinds"}
        for name, value in changes.items():
            if name == "kinds":
                _require(isinstance(value, list), f"kinds is a list of names; met {value!r}")
                continue
            _require(name in kinds_of_value, f"{name} is not a fault setting")
            _require(_is_a(value, kinds_of_value[name]), f"{name} cannot be {value!r}")
        return replace(self, **changes)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One sandbox.

    :param host: address to listen on; loopback unless told otherwise.
    :param port: TCP port; 0 lets the system choose.
    :param client_id: the only client that gets a token.
    :param client_secret: its secret.
    :param seed: with the day, all that generated offers depend on.
    :param offers_per_day: offers created on a weekday; 45 % of it on Saturday and Sunday.
    :param is_lively: the days differ: seasons, weeks, holidays, feeds that fail, trades that rise (see
        ``offers.life``); otherwise each has exactly its volume.
    :param live: size of the stock that a query without dates covers; None is the last 3 whole days.
    :param mean_life_days: offers close, after so many days on average (see ``offers.lifetime``), and a query
        gives only those that are live, with dates or without; None: nothing closes.
    :param return_share: share of the offers that are gone for some days in between.
    :param change_share: share of the offers that are changed once.
    :param now: Paris wall clock of the server, naive; None reads the clock.
    :param offers_file: serve the offers of this JSON-lines file (gzip or not) and generate none.
    :param redate: put all offers of the file on this day, time of day kept.
    :param latency_ms: added to each answer of the API.
    :param rate: requests a second allowed to one client (token bucket, same burst).
    :param token_life_s: life of a token in seconds.
    :param bursts: extra offers of partners created in one second: (second of the day, offers). They
        are part of the day's total, which is enlarged if it is too small to hold them.
    :param adzuna: the stand-in of Adzuna beside this one: same seed, clock and latency.
    """

    host: str = "127.0.0.1"
    port: int = 0
    client_id: str = "sandbox"
    client_secret: str = field(default="sandbox", repr=False)
    seed: int = 1
    offers_per_day: int = 40_000
    is_lively: bool = False
    live: int | None = None
    mean_life_days: float | None = None
    return_share: float = 0.02
    change_share: float = 0.3
    now: datetime | None = None
    offers_file: Path | None = None
    redate: date | None = None
    latency_ms: int = 0
    rate: int = 10
    token_life_s: float = 1_499
    bursts: tuple[tuple[int, int], ...] = ()
    faults: Faults = field(default_factory=Faults)
    adzuna: AdzunaSettings = field(default_factory=AdzunaSettings)

    def __post_init__(self) -> None:
        _require(
            0 <= self.offers_per_day <= MAX_OFFERS_PER_DAY,
            f"offers_per_day is in 0..{MAX_OFFERS_PER_DAY}; met {self.offers_per_day}",
        )
        _require(
            self.live is None or 0 <= self.live <= MAX_LIVE,
            f"live is in 0..{MAX_LIVE}; met {self.live}",
        )
        _require(
            self.mean_life_days is None or 0 < self.mean_life_days <= MAX_MEAN_LIFE_DAYS,
            f"mean_life_days is above 0, at most {MAX_MEAN_LIFE_DAYS}; met {self.mean_life_days}",
        )
        _require(
            self.mean_life_days is None or self.live is None,
            "mean_life_days says itself how large the stock is: it cannot go with live",
        )
        for name in ("return_share", "change_share"):
            _require(
                0 <= getattr(self, name) <= 1, f"{name} is in [0, 1]; met {getattr(self, name)}"
            )
        _require(self.rate >= 1, f"rate is 1 or more a second; met {self.rate}")
        _require(self.token_life_s > 0, f"token_life_s is above 0; met {self.token_life_s}")
        _require(
            0 <= self.latency_ms <= 600_000, f"latency_ms is in 0..600000; met {self.latency_ms}"
        )
        _require(
            self.redate is None or self.offers_file is not None,
            "redate needs offers_file: generated offers have their own day",
        )
        for second, count in self.bursts:
            _require(
                0 <= second < 86_400 and 0 < count <= MAX_OFFERS_PER_DAY,
                f"a burst is HH:MM:SS=COUNT; met second {second}, count {count}",
            )

    def paris_now(self) -> datetime:
        """Return the naive Paris wall clock of this sandbox, set or read."""
        return self.now or datetime.now(PARIS).replace(tzinfo=None)


def parse_burst(text: str) -> tuple[int, int]:
    """Read ``HH:MM:SS=COUNT`` as (second of the day, offers); raise :class:`ValueError`."""
    clock, sep, count = text.partition("=")
    if not sep:
        raise ValueError(f"a burst is HH:MM:SS=COUNT, such as 02:31:25=4000; met {text!r}")
    at = time.fromisoformat(clock)
    return at.hour * 3600 + at.minute * 60 + at.second, int(count)


def _is_a(value: object, kind: type) -> bool:
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    return isinstance(value, (int, float) if kind is float else kind)


def _require(condition: bool, rule: str) -> None:
    if not condition:
        raise ValueError(f"{rule}: correct the setting.")
