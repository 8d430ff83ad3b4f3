"""How the reports are called in French. Pure.

A second language defines the same names.
"""

from __future__ import annotations

from datetime import date

from jobmarket.report.words.fr.typography import day_long, day_plain, month_plain, typeset


def day_title(day: str) -> str:
    """Return the name of the report of a day, ``YYYY-MM-DD``."""
    return day_long(date.fromisoformat(day)).capitalize()


def sample_title(day: str) -> str:
    """Return the name of the report of a sample of a day, ``YYYY-MM-DD``."""
    return typeset(f"{day_title(day)} : échantillon")


def week_title(week: str) -> str:
    """Return the name of the report of an ISO week, ``2026-W47``."""
    return f"Semaine du {day_plain(date.fromisoformat(f'{week}-1'))}"


def month_title(month: str) -> str:
    """Return the name of the report of a month, ``2026-11``."""
    return month_plain(date.fromisoformat(f"{month}-01")).capitalize()
