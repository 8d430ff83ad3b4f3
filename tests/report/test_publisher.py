"""What a report says of the source of its offers: its name, licence and credit, of no other source."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from jobmarket.report.words.fr import certificate, page, proof
from jobmarket.report.words.fr.attribution import attribution
from jobmarket.report.words.fr.publisher import PUBLISHERS, publisher
from jobmarket.sources.registry import source_names

from tests.support.report_facts import facts

if TYPE_CHECKING:
    from jobmarket.report.facts import PeriodFacts


def of_adzuna(**changes: Any) -> PeriodFacts:
    given = facts(**changes)
    runs = [_with(run, source="adzuna") for run in given.runs]
    return _with(given, source="adzuna", runs=runs)


def _with(struct: Any, **changes: Any) -> Any:
    if dataclasses.is_dataclass(struct):
        return dataclasses.replace(struct, **changes)  # type: ignore[type-var]
    if hasattr(struct, "_replace"):
        return struct._replace(**changes)
    from msgspec.structs import replace

    return replace(struct, **changes)


def test_every_source_has_words() -> None:
    assert sorted(PUBLISHERS) == sorted(source_names())


def test_a_source_without_words_is_called_by_its_name() -> None:
    assert publisher("csp").name == "csp"


@pytest.mark.parametrize("is_generated", [False, True])
def test_no_sentence_of_a_report_on_adzuna_names_france_travail(is_generated: bool) -> None:
    share = {"certified": False, "is_share": True, "announced": 50_000, "gap": 10_000}
    given = of_adzuna(is_generated=is_generated, certificate=share)
    said = [
        page.data(given),
        attribution(given).text,
        page.method(given),
        page.figure_source(given),
        page.generated_text(given),
        certificate.reading(given),
        *proof.doubts(given),
    ]
    assert not any("France Travail" in sentence for sentence in said)
    assert any("Adzuna" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("certificate", "sentence"),
    [
        (
            {"certified": False, "is_share": True, "announced": 50_000, "gap": 10_000},
            (
                "Une part seulement a été lue : 40 000 des 50 000 offres qu’Adzuna annonçait au plus pour ce "
                "jour."
            ),
        ),
        (
            {"certified": False, "is_share": True},
            (
                "Toutes les offres qu’Adzuna annonçait ont été lues, sans preuve qu’il n’y en avait pas "
                "d’autres : 40 000."
            ),
        ),
    ],
)
def test_a_share_is_called_a_share(certificate: dict[str, Any], sentence: str) -> None:
    (doubt,) = proof.doubts(of_adzuna(certificate=certificate))
    assert " ".join(doubt.split()) == sentence


def test_adzuna_is_credited_below_each_figure() -> None:
    share = {"certified": False, "is_share": True, "announced": 50_000, "gap": 10_000}
    assert "Jobs by Adzuna" in page.figure_source(of_adzuna(certificate=share))
    assert "Adzuna" not in page.figure_source(facts())
