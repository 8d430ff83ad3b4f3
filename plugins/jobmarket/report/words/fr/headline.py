"""The French of the first screen: how many offers, against what, and why. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.baseline import is_day_off, is_public_holiday
from jobmarket.report.tables import SMALL_GROUP
from jobmarket.report.words.fr.publisher import publisher
from jobmarket.report.words.fr.typography import (
    NBSP,
    and_list,
    counted,
    day_and_month,
    day_ranges,
    integer,
    month_plain,
    of,
    percent,
    signed,
    signed_percent,
    typeset,
    weekday,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from jobmarket.foundation.period import Period
    from jobmarket.report.coverage import Difference
    from jobmarket.report.facts import PeriodFacts
    from jobmarket.report.headline import Comparison, Headline

PARTS = "Marché ou couverture ?"
PARTS_NAMES = {
    "own": "Offres déposées à France Travail",
    "partners": "Sites partenaires présents les deux fois",
    "absent": "Flux partenaires absents",
    "new": "Flux partenaires nouveaux",
    "late": "Flux partenaires en rattrapage",
    "unread": "Offres annoncées et non lues",
    "total": "Écart total",
}
PARTS_CAPTION = "Écart en offres, par cause"
PARTS_NOTE = typeset(
    "Les offres déposées et les sites présents les deux fois sont le marché ; les flux absents, nouveaux "
    "ou en rattrapage et les offres non lues sont la couverture, c’est-à-dire ce qui a été livré et lu."
)
PARTS_HEAD = "Ce qui l’explique"

_DIAGNOSES = {
    "unchanged": "Stable : l’écart ne dépasse pas les variations ordinaires.",
    "market": "Le marché a bougé ; la couverture est la même.",
    "coverage": "La couverture a changé, pas le marché.",
    "both": "Le marché et la couverture ont bougé.",
    "unknown": "Indécidable : une des deux lectures n’est pas certifiée.",
}
_WHICH = {
    "certified": "Toutes les offres créées",
    "sample": "Un échantillon des offres créées",
    "with_gap": "Les offres qui ont pu être lues, parmi celles créées",
    "uncertified": "Les offres lues, parmi celles créées",
}
_WHEN = {"day": "ce jour-là", "week": "cette semaine-là", "month": "ce mois-là"}


def total(facts: PeriodFacts) -> tuple[str, str]:
    """Return the number of offers, and what they are."""
    what = "générée" if facts.is_generated else "publiée"
    return integer(facts.offers), f"offre {what}" if facts.offers < 2 else f"offres {what}s"


def lede(facts: PeriodFacts) -> str:
    """Return what the page is about, in a sentence."""
    if not facts.offers:
        return "Aucune offre de cette période n’est dans la base."
    parts = (facts.partner_offers, facts.offers - facts.partner_offers)
    # of so few, the number could be read off the share
    is_shown = "partners" not in facts.never_stated
    is_shown = is_shown and not any(0 < part < SMALL_GROUP for part in parts)
    share = percent(facts.partner_offers / facts.offers)
    partner = f" ; {share} viennent de sites partenaires" if is_shown else ""
    holidays = [day for day in facts.period.days if is_public_holiday(day)]
    named = and_list([f"{weekday(day)} {day_and_month(day)}" for day in holidays])
    many = "Jours fériés" if len(holidays) > 1 else "Jour férié"
    noted = f" {many} : {named}." if holidays else ""
    named = publisher(facts.source).name
    by = "inventées par le bac à sable" if facts.is_generated else f"diffusées par {named}"
    return typeset(f"{_WHICH[facts.standing]} {_WHEN[facts.period.kind]} et {by}{partner}.{noted}")


def against(comparison: Comparison, facts: PeriodFacts) -> str:
    """Return what the offers are compared with."""
    other, kind = comparison.period, facts.period.kind
    if other is None:
        day = facts.period.start
        return typeset(
            {
                "day": f"Un {weekday(day)} habituel",
                "week": "Une semaine habituelle",
                "month": "Un mois habituel",
            }[kind]
        )
    if kind == "week":
        return f"La semaine précédente (S{other.key[-2:]})"
    if kind == "month":
        before = "Le mois précédent" if comparison.against == "before" else "Un an plus tôt"
        return f"{before}, {month_plain(other.start)}"
    holiday = ", férié" if is_public_holiday(other.start) else ""
    if comparison.against == "before":
        return f"La veille, {weekday(other.start)} {day_and_month(other.start)}{holiday}"
    return f"{weekday(other.start).capitalize()} précédent, {day_and_month(other.start)}{holiday}"


def against_short(comparison: Comparison, facts: PeriodFacts) -> str:
    """Return what the offers are compared with, for a narrow column."""
    if comparison.against == "usual":
        return "Habituel"
    if comparison.against == "earlier":
        return "Une semaine plus tôt" if facts.period.kind == "day" else "Un an plus tôt"
    return {"day": "La veille", "week": "Semaine précédente", "month": "Mois précédent"}[
        facts.period.kind
    ]


def change(difference: Difference) -> str:
    """Return the change in percent."""
    return "—" if difference.change is None else signed_percent(difference.change)


def amount(difference: Difference) -> str:
    """Return the offers of both sides, and the difference in words: alone, it would read as offers."""
    # the usual is a mean: it is rounded alone, so that the three numbers add up
    now, before = round(difference.before + difference.total), round(difference.before)
    if now == before:
        return typeset(f"{counted(now, 'offre', 'offres')} des deux côtés")
    offers = counted(now, "offre", "offres")
    return typeset(f"{offers}, contre {integer(before)} : {_more(now - before)}")


def _more(number: int) -> str:
    """Return ``812 de plus`` or ``812 de moins``."""
    return f"{integer(abs(number))} de {'plus' if number > 0 else 'moins'}"


def compared(comparison: Comparison, facts: PeriodFacts) -> str:
    """Say how many days of a week or a month are compared, and why the others are not."""
    days = facts.period.days
    if facts.period.kind == "day" or not comparison.days:
        return ""
    said = f"{counted(len(comparison.days), 'jour comparé', 'jours comparés')} sur {len(days)}"
    left = [day for day in days if day not in comparison.days]
    if not left:
        return typeset(f"{said}, les mêmes des deux côtés.")
    reasons: dict[str, list[date]] = {}
    for day in left:
        reasons.setdefault(_left_out(day, facts), []).append(day)
    named = " ; ".join(f"{day_ranges(those)} ({reason})" for reason, those in reasons.items())
    return typeset(f"{said}, les mêmes des deux côtés. Laissés de côté : {named}.")


def _left_out(day: date, facts: PeriodFacts) -> str:
    if is_day_off(day):
        return "férié"
    standing = next((run.standing for run in facts.runs if run.day == day), None)
    if standing is None:
        return "non lu"
    return "sans jour comparable en face" if standing == "certified" else "non certifié"


def compared_note(story: Headline, facts: PeriodFacts) -> str:
    """Say below a table how many days its comparison is about; empty for a day."""
    days = len(story.comparisons[-1].days)
    if facts.period.kind == "day" or not days:
        return ""
    whole = len(facts.period.days)
    return typeset(
        f"Habituel et évolution : {counted(days, 'jour comparé', 'jours comparés')} sur {whole}."
    )


def diagnosis(difference: Difference) -> str:
    """Say whether the market moved or the coverage did, naming the feeds."""
    said = [_DIAGNOSES[difference.diagnosis]]
    if difference.absent_feeds:
        lost = _more(round(difference.absent))
        said.append(f"{_feeds('absent', difference.absent_feeds)} ({lost}).")
    if difference.new_feeds:
        gained = _more(round(difference.new))
        said.append(f"{_feeds('nouveau', difference.new_feeds)} ({gained}).")
    if difference.late_feeds:
        late = f"{integer(round(difference.late))} de plus, après une journée sans livraison"
        said.append(f"{_feeds('en rattrapage', difference.late_feeds)} ({late}).")
    unread = round(difference.unread)
    if unread:
        where = "ici" if unread < 0 else "en face"
        said.append(f"Offres annoncées et non lues : {integer(abs(unread))} de plus {where}.")
    return typeset(" ".join(said))


def caution(comparison: Comparison, facts: PeriodFacts) -> str:
    """Say what else makes two single days unlike: a public holiday, or a day of the weekend."""
    other = comparison.period
    if facts.period.kind != "day" or other is None:
        return ""
    days = [facts.period.start, other.start]
    if any(map(is_day_off, days)):
        return "Un jour férié fausse la comparaison."
    if len({day.weekday() > 4 for day in days}) > 1:
        return "Un jour ouvré et un jour de week-end ne se comparent guère."
    return ""


def _feeds(word: str, names: Sequence[str]) -> str:
    plural = {"absent": "absents", "nouveau": "nouveaux"}.get(word, word)
    shown = list(names[:3]) + ([f"{len(names) - 3} autres"] if len(names) > 3 else [])
    return f"Flux {word if len(names) == 1 else plural} : {and_list(shown)}"


def why(comparison: Comparison, facts: PeriodFacts) -> str:
    """Say why there is nothing to compare with."""
    one_day = facts.period.kind == "day"
    if comparison.why == "holiday":
        return typeset("Jour férié : il ne se compare pas à un jour ordinaire.")
    if comparison.why == "incomplete":
        said = "la journée n’est pas prouvée entière" if one_day else "aucun jour n’est certifié"
        return typeset(f"Rien n’est comparé : {said}.")
    if comparison.why == "not_read":
        return (
            "Cette journée manque à la comparaison."
            if one_day
            else "Moins de la moitié des jours se comparent au même jour de cette période."
        )
    if not one_day:
        return typeset(
            "Pas encore de niveau habituel : moins de la moitié des jours ont un jour comparable certifié "
            "dans les quatre semaines précédentes."
        )
    return typeset(
        "Pas encore de niveau habituel : aucun jour comparable certifié dans les quatre semaines précédentes."
    )


def band(story: Headline, facts: PeriodFacts) -> str:
    """Say between which bounds the usual days lie, and whether the day lies there."""
    if story.band is None:
        return ""
    low, high = story.band
    name = weekday(facts.period.start)
    if story.references == 1:
        return typeset(f"Un seul {name} comparable en quatre semaines : {integer(low)} offres.")
    place = "dans cette bande"
    if not low <= facts.offers <= high:
        place = "au-dessus" if facts.offers > high else "au-dessous"
    return typeset(
        f"{story.references} {name}s comparables en quatre semaines : de {integer(low)} à "
        f"{integer(high)} ; ce jour est {place}."
    )


def part(number: float) -> str:
    """Return a part of a difference."""
    return signed(round(number))


def period_title(period: Period) -> str:
    """Return what a page is about, for its title."""
    if period.kind == "month":
        return of(month_plain(period.start))
    start, end = period.start, period.end
    if period.kind == "week":
        first = day_and_month(start) if start.month != end.month else str(start.day)
        if start.day == 1 and start.month == end.month:
            first = "1er"
        year = f"{NBSP}{start.year}" if start.year != end.year else ""
        number = int(period.key[-2:])
        return f"de la semaine {number}, du {first}{year} au {day_and_month(end)}{NBSP}{end.year}"
    return f"du {weekday(start)} {day_and_month(start)} {start.year}"
