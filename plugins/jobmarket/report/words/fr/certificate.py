"""The French of the certificates of a day or of every day of a period: verdict, figures, checks. Pure.

What does not live here: what a certificate proves and doubts (``proof``), the words of a standing
(``standing``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.words.fr.checks import check_bounds, check_name, check_value
from jobmarket.report.words.fr.proof import proved, proved_days, source
from jobmarket.report.words.fr.publisher import publisher
from jobmarket.report.words.fr.standing import OF_A_DAY, OLDER_RULES, PERIOD_TITLES, TITLES
from jobmarket.report.words.fr.typography import (
    NBSP,
    counted,
    day_and_month,
    day_ranges,
    decimal,
    integer,
    moment,
    percent,
    typeset,
)

if TYPE_CHECKING:
    from jobmarket.report.facts import PeriodFacts, RunFacts

DETAIL = "Le certificat en détail"
DAY_COLUMNS = ("Jour", "Certificat", "Annoncées", "Lues", "Manquantes", "Écartées", "Analysées")
DAYS_CAPTION = "Les jours de la période et leur certificat"
SLICES_CAPTION = "Tranches incomplètes"
SLICE_COLUMNS = ("Tranche interrogée", "Annoncées", "Lues", "Manquantes")


def standing_title(facts: PeriodFacts) -> str:
    """Return the verdict of the certificates."""
    generated = "Données générées : " if facts.is_generated else ""
    if facts.period.kind == "day":
        title = typeset(f"{generated}{_within(generated, TITLES[facts.standing])}")
        return f"{title} {OLDER_RULES}" if facts.by_older_rules else title
    title = typeset(f"{generated}{_within(generated, PERIOD_TITLES[facts.standing])}")
    if facts.standing == "certified":
        older = counted(len(facts.by_older_rules), "jour", "jours")
        return f"{title}, dont {older} {OLDER_RULES}" if facts.by_older_rules else title
    days = counted(facts.certified_days, "jour certifié", "jours certifiés")
    return f"{title}, {days} sur {len(facts.period.days)}"


def _within(before: str, text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}" if before else text


def standing_text(facts: PeriodFacts) -> str:
    """Return what the verdict means for who quotes a figure of the page."""
    if facts.period.kind != "day":
        return _period_text(facts)
    return _day_text(facts.runs[0])


def _period_text(facts: PeriodFacts) -> str:
    said = []
    if facts.missing:
        days = day_ranges(facts.missing)
        said.append(
            f"Non lus, et absents de tous les totaux : {days}."
            if len(facts.missing) > 1
            else f"Non lu, et absent de tous les totaux : {days}."
        )
    doubtful = [run.day for run in facts.runs if run.standing != "certified"]
    if doubtful:
        days = day_ranges(doubtful)
        said.append(f"Lus sans certificat : {days}.")
    gap = facts.certified_total("gap")
    if gap:
        said.append(f"{counted(gap, 'offre annoncée manque', 'offres annoncées manquent')}.")
    return typeset(" ".join([*said, *proved_days(facts)]))


def _day_text(facts: RunFacts) -> str:
    certificate = facts.certificate
    read = counted(certificate.collected, "offre", "offres")
    missing = counted(certificate.gap, "offre annoncée", "offres annoncées")
    if facts.standing == "certified":
        return proved(facts)
    texts = {
        "sample": f"La lecture a été arrêtée volontairement après {read}. Ni les volumes ni les "
        "parts de cette page ne doivent être cités.",
        "with_gap": f"Il manque {missing} que {source(facts)} n’a jamais remises ({_gap_share(facts)} du "
        "total). La journée est publiée malgré ce manque, sur demande expresse : un écart avec un "
        "autre jour peut venir de là.",
        "uncertified": f"{read} lues sans manque constaté, mais la lecture ne prouve pas que la "
        "journée est entière.",
    }
    return typeset(texts[facts.standing])


def _gap_share(facts: RunFacts) -> str:
    announced = facts.certificate.announced
    return percent(facts.certificate.gap / announced) if announced else "100 %"


def numbers(facts: PeriodFacts) -> list[tuple[str, str]]:
    """Return the figures of the certificates, each with its name."""
    return [
        (integer(facts.certified_total("announced")), "annoncées"),
        (integer(facts.certified_total("collected")), "lues"),
        (integer(facts.certified_total("gap")), "manquantes"),
        (integer(facts.rejected), "écartées"),
        (integer(facts.offers), "analysées"),
    ]


def days_of(facts: PeriodFacts) -> list[list[str]]:
    """Return a row of words for each day of a week or a month; none for a single day."""
    if facts.period.kind == "day":
        return []
    runs = {run.day: run for run in facts.runs}
    rows = []
    for day in facts.period.days:
        run, name = runs.get(day), day_and_month(day)
        if run is None:
            rows.append([name, "non lu", *["—"] * 5])
            continue
        proof = run.certificate
        counts = (proof.announced, proof.collected, proof.gap, run.rejected, run.offers)
        word = OF_A_DAY[run.standing]
        named = f"{word} {OLDER_RULES}" if run.is_by_older_rules else word
        rows.append([name, named, *map(integer, counts)])
    return rows


def reading(facts: PeriodFacts) -> str:
    """Return when and how the offers were read."""
    requests = counted(facts.certified_total("requests"), "requête", "requêtes")
    doubles = counted(facts.certified_total("duplicates"), "doublon retiré", "doublons retirés")
    where = "dans le bac à sable" if facts.is_generated else f"chez {publisher(facts.source).name}"
    until = "Lues" if len(facts.runs) == 1 else "Lues jour par jour, les dernières"
    return typeset(
        f"{until} {where} le {moment(facts.read_at)} (heure de Paris), en {requests} et "
        f"{_megabytes(facts.certified_total('bytes'))} ; {doubles}."
    )


def _megabytes(number: int) -> str:
    return f"{decimal(number / 1e6, 0 if number >= 1e7 else 1)}{NBSP}Mo"


def checks_summary(facts: PeriodFacts) -> str:
    """Return how the checks went, naming those to look at; of a longer period, where they are."""
    if facts.period.kind != "day":
        return "Les contrôles de chaque jour sont dans le rapport du jour."
    if not facts.checks:
        return "Les contrôles n’ont pas été exécutés."
    wrong = [result for result in facts.checks if result.verdict in ("failed", "warned")]
    total = counted(len(facts.checks), "contrôle", "contrôles")
    if not wrong:
        return typeset(f"{total}, aucune anomalie.")
    named = " ; ".join(
        f"{check_name(result).lower()}, {check_value(result)} (attendu : {check_bounds(result)})"
        for result in wrong
    )
    return typeset(f"{total}, dont {len(wrong)} à regarder : {named}.")


def drift(facts: PeriodFacts) -> str:
    """Return a sentence on the unknown fields that the source sent; empty if there is none."""
    if not facts.drift:
        return ""
    fields = sorted(facts.drift)
    named = ", ".join(fields[:5]) + (f" et {len(fields) - 5} autres" if len(fields) > 5 else "")
    whose = "du bac à sable" if facts.is_generated else publisher(facts.source).of_name
    return typeset(f"Champs nouveaux dans les données {whose}, non repris ici : {named}.")
