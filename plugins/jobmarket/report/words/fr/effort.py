"""The French of what a report took to make: calls, bytes, time, and an estimate of its cost. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.words.fr.publisher import publisher
from jobmarket.report.words.fr.typography import counted, decimal, integer, typeset

if TYPE_CHECKING:
    from jobmarket.report.facts import Effort, PeriodFacts

_CENT = 0.01


def took(facts: PeriodFacts) -> str:
    """Return what it took to read, load and check the offers, one or two sentences; empty if unknown."""
    known = {effort.phase: effort for effort in facts.efforts}
    read = known.get("extract")
    if read is None:
        return ""
    asked = "au bac à sable" if facts.is_generated else f"à {publisher(facts.source).name}"
    calls = counted(read.source_calls, "appel", "appels")
    said = [f"lecture en {duration(read.seconds)} ({calls} {asked}, {size(read.source_bytes)})"]
    if load := known.get("load"):
        said.append(
            f"chargement en {duration(load.seconds)} "
            f"({counted(load.offers, 'offre écrite', 'offres écrites')})"
        )
    if check := known.get("check"):
        said.append(f"contrôles en {duration(check.seconds)}")
    return typeset(f"Ce qu’il a fallu : {' ; '.join(said)}. {_cost(list(known.values()))}")


def size(count: int) -> str:
    """Return a number of bytes, ``19,0 Mo``."""
    if count < 1_000_000:
        return f"{decimal(count / 1_000)} ko"
    return f"{decimal(count / 1_000_000)} Mo"


def duration(seconds: float) -> str:
    """Return a time, ``33 s``, ``5 min 10 s`` or ``2 h 05 min``; under ten seconds with a decimal."""
    if seconds < 10:
        return f"{decimal(seconds)} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{integer(whole // 3_600)} h {whole % 3_600 // 60:02} min"


def dollars(amount: float) -> str:
    """Return an amount in US dollars; what is less than a cent is not told more closely."""
    return "moins de 0,01 $" if amount < _CENT else f"{decimal(amount, 2)} $"


def _cost(efforts: list[Effort]) -> str:
    s3 = sum(effort.s3_cost_usd for effort in efforts)
    rds = sum(effort.rds_cost_usd for effort in efforts)
    return (
        f"Coût estimé aux prix publics d’AWS, un mois de stockage compris : S3 {dollars(s3)}, RDS "
        f"{dollars(rds)}."
    )
