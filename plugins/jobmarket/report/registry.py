"""The analyses of the report, in the order in which they are read: found in ``analyses``, listed nowhere."""

from __future__ import annotations

import pkgutil
from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING

from jobmarket.report import analyses
from jobmarket.report.analysis import Analysis

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType


def in_order(found: Iterable[Analysis]) -> tuple[Analysis, ...]:
    """Return analyses in the order of the page, each once however many modules name it.

    Raise :class:`ValueError` if two have one key or one place, or a part has no section.
    """
    each = {id(one): one for one in found}.values()
    taken = Counter(name for one in each for name in (one.key, (one.section, one.part)))
    sections = {one.section for one in each if not one.is_part}
    for one in each:
        if taken[one.key] > 1 or taken[one.section, one.part] > 1:
            raise ValueError(
                f"The analysis {one.key} has its key or its place on the page, section {one.section}, "
                f"part {one.part}, in common with another one: give it others."
            )
        if one.section not in sections:
            raise ValueError(
                f"The analysis {one.key} is a part of section {one.section}, which there is not: "
                f"there are {', '.join(map(str, sorted(sections)))}."
            )
    return tuple(sorted(each, key=lambda one: (one.section, one.part)))


def made_in(package: ModuleType) -> Iterator[Analysis]:
    """Yield the analyses that the modules of a package name, whoever of them has made them."""
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        values = vars(import_module(module.name)).values()
        yield from (one for one in values if isinstance(one, Analysis))


ANALYSES = in_order(made_in(analyses))
