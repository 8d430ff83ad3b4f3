"""How French writes numbers, shares, dates and times. Pure; no system locale is read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from jobmarket.foundation.day import PARIS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

THIN = "\u202f"  # narrow no-break space: between thousands, before % and before ; ! ?
NBSP = "\u00a0"

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_SHORT_MONTHS = (
    *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
)


def typeset(text: str) -> str:
    """Make the spaces of French punctuation unbreakable, narrow before ``; ! ? %``."""
    for mark in ";!?%":
        text = text.replace(f" {mark}", f"{THIN}{mark}")
    return text.replace(" :", f"{NBSP}:").replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")


def integer(number: int) -> str:
    """Return 39812 as ``39 812``."""
    return f"{number:,}".replace(",", THIN).replace("-", "−")


def decimal(number: float, digits: int = 1) -> str:
    """Return 1234.5 as ``1 234,5``."""
    return f"{number:,.{digits}f}".replace(",", THIN).replace(".", ",").replace("-", "−")


def percent(share: float, digits: int = 1) -> str:
    """Return 0.5804 as ``58,0 %``.

    A part is never rounded to nothing or to the whole: 0.99996 is ``plus de 99,9 %``.
    """
    least = 10.0 ** -(digits + 2)
    if 0 < share < least / 2:
        return f"moins de {decimal(least * 100, digits)}{THIN}%"
    if 1 - least / 2 <= share < 1:
        return f"plus de {decimal(100 - least * 100, digits)}{THIN}%"
    if share in (0, 1):
        digits = 0
    return f"{decimal(share * 100, digits)}{THIN}%"


def signed(number: int) -> str:
    """Return 812 as ``+812``, -3 as ``−3``; nothing has no sign."""
    return f"+{integer(number)}" if number > 0 else integer(number)


def signed_percent(share: float) -> str:
    """Return 0.042 as ``+4,2 %``; from 100 % on without decimals, from eleven times on as ``× 12``."""
    if share >= 10:
        return f"×{NBSP}{integer(round(share + 1))}"
    digits = 0 if abs(share) >= 0.9995 else 1
    written = decimal(share * 100, digits)
    if not written.strip("−0,"):
        return f"0{THIN}%"
    return f"{'+' if share > 0 else ''}{written}{THIN}%"


def euros(amount: int) -> str:
    """Return 31200 as ``31 200 €``."""
    return f"{integer(amount)}{NBSP}€"


def counted(number: int, one: str, many: str) -> str:
    """Return ``1 offre`` or ``2 offres``; French counts zero as singular."""
    return f"{integer(number)}{NBSP}{one if abs(number) < 2 else many}"


def day_long(day: date) -> str:
    """Return ``mercredi 18 novembre 2026``."""
    return f"{weekday(day)} {day_plain(day)}"


def day_plain(day: date) -> str:
    """Return ``18 novembre 2026``; the first is ``1er``."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{_MONTHS[day.month - 1]} {day.year}"


def day_and_month(day: date) -> str:
    """Return ``18 novembre``; the first is ``1er``."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{_MONTHS[day.month - 1]}"


def day_ranges(days: Sequence[date]) -> str:
    """Return ``10 novembre et du 13 au 15 novembre``, for days in their order."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return and_list([_range(run[0], run[-1]) for run in runs])


def _range(first: date, last: date) -> str:
    if first == last:
        return day_and_month(first)
    same = (first.year, first.month) == (last.year, last.month)
    start = ("1er" if first.day == 1 else str(first.day)) if same else day_and_month(first)
    return f"du {start} au {day_and_month(last)}"


def month_plain(day: date) -> str:
    """Return ``novembre 2026``."""
    return f"{_MONTHS[day.month - 1]}{NBSP}{day.year}"


def of(words: str) -> str:
    """Return ``de novembre``, ``d’avril``."""
    return f"d’{words}" if words[:1].lower() in "aeiouyâéèêàîôùœ" else f"de {words}"


def and_list(words: list[str]) -> str:
    """Return ``a, b et c``."""
    return " et ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def day_short(day: date) -> str:
    """Return ``18 nov.``."""
    return f"{day.day}{NBSP}{_SHORT_MONTHS[day.month - 1]}"


def weekday(day: date) -> str:
    """Return ``mercredi``."""
    return _WEEKDAYS[day.weekday()]


def clock(instant: datetime) -> str:
    """Return an instant's time in Paris, ``5 h 08``."""
    paris = instant.astimezone(PARIS)
    return f"{paris.hour}{NBSP}h{NBSP}{paris.minute:02}"


def moment(instant: datetime) -> str:
    """Return an instant in Paris, ``19 novembre 2026 à 5 h 08``."""
    return f"{day_plain(instant.astimezone(PARIS).date())} à {clock(instant)}"
