"""The French of what a certificate proves of a day, what it found besides, and what it doubts. Pure.

A certificate gives its doubts in English, for who runs the collection. Here they are said anew from its
figures and its witnesses, so that nothing is claimed that was not counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.words.fr.publisher import publisher
from jobmarket.report.words.fr.standing import OLDER_RULES
from jobmarket.report.words.fr.typography import (
    counted,
    day_and_month,
    day_ranges,
    integer,
    typeset,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.foundation.lake.manifest import Certificate
    from jobmarket.report.facts import PeriodFacts, RunFacts

_DOUBTS = {
    "clock": "Horloge du filtre de dates, vérifiée sur des offres connues : {missed} sans la réponse "
    "attendue.",
    "whole": "Journée redemandée par morceaux : {missed} en désaccord avec ce qui a été lu.",
}
_OTHER_DOUBT = "Vérification de la lecture : {missed} sans la réponse attendue."
_UNSAID = (
    "La lecture ne prouve pas la journée ; ses chiffres ne disent pas pourquoi, le manifeste de la collecte "
    "(manifest.json) le dit."
)


def source(facts: PeriodFacts | RunFacts) -> str:
    """Return who gave the offers."""
    return "le bac à sable" if facts.is_generated else publisher(facts.source).name


def proved(facts: RunFacts) -> str:
    """Return what the certificate of a certified day proves, by the rules that it was proved by, no more."""
    if facts.is_by_older_rules:
        return typeset(_proved_by_totals(facts))
    certificate = facts.certificate
    if not certificate.collected:
        none = f"Du début à la fin de la lecture, {source(facts)} n’a donné aucune offre aux requêtes portant"
        said = [f"{none} sur les dates du jour."]
    else:
        said = [_proved_by_reading(facts, certificate.collected, certificate.withdrawn)]
    return typeset(" ".join([*said, *_verified(certificate)]))


def proved_days(facts: PeriodFacts) -> list[str]:
    """Return what the certificates prove of the days of a period, each kind of rules a sentence.

    Of a period that is not certified only the days by older rules are named: its verdict counts the others.
    """
    said = []
    if facts.standing == "certified":
        newer = [run.certificate for run in facts.runs if not run.is_by_older_rules]
        if newer:
            read = sum(certificate.collected for certificate in newer)
            gone = sum(certificate.withdrawn for certificate in newer)
            days = "Les autres jours" if facts.by_older_rules else "Jour par jour"
            sentence = _proved_by_reading(facts, read, gone)
            said.append(f"{days}, {sentence[:1].lower()}{sentence[1:]}")
    if older := facts.by_older_rules:
        be = "Certifié" if len(older) == 1 else "Certifiés"
        said.insert(
            0,
            f"{be} {OLDER_RULES}, qui comparent chaque tranche à son seul total : {day_ranges(older)}.",
        )
    return [typeset(sentence) for sentence in said]


def remarks(facts: PeriodFacts) -> list[str]:
    """Return what else was counted while the offers were read, where it is not zero, one sentence each."""
    total = facts.certified_total
    broken = sum(len(run.certificate.broken_pages) for run in facts.runs)
    counts = (
        (
            total("undated"),
            "offre lue n’a pas de date de création lisible",
            "offres lues n’ont pas de date de création lisible",
        ),
        (
            total("misdated"),
            "offre donnée porte une date de création autre que celles demandées",
            "offres données portent une date de création autre que celles demandées",
        ),
        (
            broken,
            "réponse était endommagée : ses offres n’ont pas pu y être distinguées",
            "réponses étaient endommagées : leurs offres n’ont pas pu y être distinguées",
        ),
        (
            facts.rejected,
            "offre lue ne respecte pas le format attendu et reste hors des chiffres",
            "offres lues ne respectent pas le format attendu et restent hors des chiffres",
        ),
    )
    said = [f"{counted(count, one, many)}." for count, one, many in counts if count]
    shifted = [run for run in facts.runs if run.certificate.filter_shift_s]
    said += [
        f"{_of_day(run, facts)}Le filtre de dates est décalé de {integer(run.certificate.filter_shift_s)} s "
        f"par rapport aux dates de création."
        for run in shifted
    ]
    return [typeset(sentence) for sentence in said]


def doubts(facts: PeriodFacts) -> list[str]:
    """Return why days are not certified, one sentence each; a gap and a sample are said elsewhere."""
    return [
        typeset(f"{_of_day(run, facts)}{doubt}")
        for run in facts.runs
        if run.standing in ("uncertified", "with_gap")
        for doubt in _doubts(run)
    ]


def _proved_by_totals(facts: RunFacts) -> str:
    number = facts.certificate.collected
    if number == 0:
        read = "aucune offre n’est annoncée."
    elif number == 1:
        read = "l’unique offre annoncée a été lue."
    else:
        read = f"les {integer(number)} offres annoncées ont toutes été lues."
    return (
        f"Chaque tranche de la journée a été comparée au total qu’annonce {source(facts)} : {read} "
        f"Les règles actuelles veulent en plus que la journée soit redemandée pour vérification."
    )


def _proved_by_reading(facts: PeriodFacts | RunFacts, read: int, gone: int) -> str:
    are = "n’était plus donnée" if gone == 1 else "n’étaient plus données"
    ended = f", dont {integer(gone)} {are} à la fin" if gone else ""
    return (
        f"Toute offre que {source(facts)} a donnée, du début à la fin de la lecture, aux requêtes portant "
        f"sur les dates du jour a été lue : {counted(read, 'offre', 'offres')}{ended}."
    )


def _verified(certificate: Certificate) -> Iterator[str]:
    """Yield what was asked to verify the day, and agreed; a question asked twice is told once."""
    agreed: dict[str, set[str]] = {}
    for witness in certificate.witnesses:
        if witness.agrees:
            agreed.setdefault(witness.kind, set()).add(witness.query)
    if pieces := len(agreed.get("whole", ())):
        one = "La journée a ensuite été redemandée d’un seul tenant, et concorde"
        many = f"La journée a ensuite été redécoupée et redemandée : {integer(pieces)} morceaux concordent"
        yield f"{many if pieces > 1 else one}."
    if clocks := len(agreed.get("clock", ())):
        questions = counted(clocks, "question", "questions")
        yield f"L’horloge du filtre de dates a été vérifiée sur des offres connues, en {questions}."
    if agreed.get("zero"):
        yield "La semaine alentour, demandée aussi, ne laisse place à aucune offre ce jour-là."


def _doubts(run: RunFacts) -> list[str]:
    certificate, said = run.certificate, []
    if certificate.is_share:
        return [_share(run)]
    for kind in dict.fromkeys(witness.kind for witness in certificate.witnesses):
        asked = [witness for witness in certificate.witnesses if witness.kind == kind]
        missed = [witness for witness in asked if not witness.agrees]
        if missed and kind == "zero":
            said += [
                f"Aucune offre n’a été donnée, mais le reste de la semaine alentour ne l’explique pas : elle "
                f"en annonce {integer(witness.announced)}, ses autres jours {integer(witness.expected)}."
                for witness in missed
            ]
        elif missed:
            questions = counted(len(missed), "question", "questions")
            named = f"{questions} sur {integer(len(asked))}"
            said.append(_DOUBTS.get(kind, _OTHER_DOUBT).format(missed=named))
    is_explained = said or certificate.gap or certificate.broken_pages or certificate.misdated
    return said if is_explained else [_UNSAID]


def _share(run: RunFacts) -> str:
    read, announced = run.certificate.collected, run.certificate.announced
    if read == announced:
        return (
            f"Toutes les offres {_that(run)} annonçait ont été lues, sans preuve qu’il n’y en avait pas "
            f"d’autres : {integer(read)}."
        )
    return (
        f"Une part seulement a été lue : {integer(read)} des {integer(announced)} offres {_that(run)} "
        f"annonçait au plus pour ce jour."
    )


def _that(run: RunFacts) -> str:
    name = source(run)
    return f"qu’{name}" if name[0] in "AEIOUY" else f"que {name}"


def _of_day(run: RunFacts, facts: PeriodFacts) -> str:
    return "" if facts.period.kind == "day" else f"{day_and_month(run.day)} : "
