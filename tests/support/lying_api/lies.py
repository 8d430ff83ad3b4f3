"""All lies, in the order of the table."""

from __future__ import annotations

from tests.support.lying_api import (
    lies_bodies,
    lies_clock,
    lies_counts,
    lies_pages,
    lies_partition,
    lies_sets,
)
from tests.support.lying_api.api import Lie

LIES: list[type[Lie]] = [
    value
    for module in (lies_sets, lies_partition, lies_counts, lies_clock, lies_pages, lies_bodies)
    for name, value in vars(module).items()
    if isinstance(value, type)
    and issubclass(value, Lie)
    and value.__module__ == module.__name__
    and not name.startswith("_")
]
NO_CLIENT_CAN_TELL = {lie.__name__: lie.why for lie in LIES if lie.why}
