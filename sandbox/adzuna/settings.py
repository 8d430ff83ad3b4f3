"""What the Adzuna stand-in is told: who may ask, how many ads are live, how it misbehaves.

What lives here: two plain dataclasses and their bounds. What does not: what a fault looks like on the wire
(``desk``), which ads there are (``stock``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

KINDS = ("503", "429", "500", "html-200", "exception-200", "cut", "closed", "slow")
MAX_LIVE = 1_000_000


@dataclass(frozen=True, kw_only=True)
class AdzunaFaults:
    """How the stand-in misbehaves; the default is not at all.

    :param every: each search whose number is a multiple of this misbehaves; 0 is never.
    :param kinds: the cycle of misbehaviours, names of ``KINDS``.
    :param arrive: ads that appear with each search, the newest of all.
    :param vanish: ads that disappear with each search, from anywhere.
    :param drift: by how much of itself ``count`` is off, at most, up or down: 0.01 is one in a hundred.
    :param deepest_page: pages beyond this hold nothing, whatever ``count`` says; 0 is no such page.
    :param unknown_fields: some ads carry fields that no document mentions.
    :param echo: the answer repeats what was asked, the account included.
    :param slow_ms: how long a ``slow`` answer takes.
    """

    every: int = 0
    kinds: tuple[str, ...] = KINDS
    arrive: int = 0
    vanish: int = 0
    drift: float = 0.0
    deepest_page: int = 0
    unknown_fields: bool = False
    echo: bool = False
    slow_ms: int = 2_000

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", tuple(self.kinds))
        unknown = sorted(set(self.kinds) - set(KINDS))
        _require(not unknown, f"kinds are among {', '.join(KINDS)}; met {', '.join(unknown)}")
        _require(bool(self.kinds), "kinds holds at least one kind of fault")
        for name in ("every", "arrive", "vanish", "deepest_page", "slow_ms"):
            value = getattr(self, name)
            _require(0 <= value <= MAX_LIVE, f"{name} is in 0..{MAX_LIVE}; met {value}")
        _require(0 <= self.drift < 1, f"drift is in [0, 1); met {self.drift}")

    def changed(self, changes: dict[str, Any]) -> AdzunaFaults:
        """Return these faults with some fields changed; raise :class:`ValueError` naming what is wrong."""
        known = {field.name for field in fields(self)}
        for name in changes:
            _require(name in known, f"{name} is not a fault setting")
        try:
            return replace(self, **changes)
        except TypeError:
            raise ValueError(f"a fault setting has a value of another type: {changes}") from None


@dataclass(frozen=True, kw_only=True)
class AdzunaSettings:
    """One stand-in.

    :param app_id: the only account that gets answers; eight hexadecimal digits, as the real ones.
    :param app_key: its key.
    :param live: ads that are live at any moment.
    :param most_at_once: requests that are answered side by side; further ones get a 429.
    """

    app_id: str = "5a4db0c5"
    app_key: str = field(default="b3f1c2d4e5a697887766554433221100", repr=False)
    live: int = 40_000
    most_at_once: int = 3
    faults: AdzunaFaults = field(default_factory=AdzunaFaults)

    def __post_init__(self) -> None:
        _require(1 <= self.live <= MAX_LIVE, f"live is in 1..{MAX_LIVE}; met {self.live}")
        _require(self.most_at_once >= 1, f"most_at_once is 1 or more; met {self.most_at_once}")


def _require(condition: bool, rule: str) -> None:
    if not condition:
        raise ValueError(f"{rule}: correct the setting.")
