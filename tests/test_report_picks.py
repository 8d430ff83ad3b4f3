from __future__ import annotations

import pandas as pd
import pytest
from jobmarket.report.persons import may_name_a_person
from jobmarket.report.picks import agencies, employers, pay_kinds, place_methods


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("Mme Durand", True),
        ("M. DURAND", True),
        ("Monsieur Paul Durand", True),
        ("Docteur Durand", True),
        ("DURAND EI", True),
        ("Durand, entrepreneur individuel", True),
        ("Jean Durand", True),
        ("DURAND Hélène", True),
        ("durand jean-pierre", True),
        ("ADECCO", False),
        ("VALTERRE", False),
        ("Groupe Bernard", False),
        ("BERNARD SARL", False),
        ("Pierre & Vacances", False),
        ("Clinique Saint Jean", False),
        ("MAISON ALBERT", False),
        ("Commune de Saint Martin d'Hères", False),
        ("Meilleur Taux", False),  # Me… is no Me
        ("MANPOWER FRANCE", False),
        ("Paul", False),  # a single word is a brand
        ("", False),
    ],
)
def test_may_name_a_person(name: str, may: bool) -> None:
    assert may_name_a_person(name) is may


def labels(frame: pd.DataFrame) -> list[tuple[object, int]]:
    return list(zip(frame["label"], frame["offers"], strict=True))


def test_employers_and_agencies_apart_persons_unnamed() -> None:
    frame = pd.DataFrame(
        [(False, "VALTERRE", 9), (False, "Jean Durand", 7), (True, "VIVATEMP", 6), (True, None, 5)],
        columns=["is_agency", "label", "offers"],
        dtype=object,
    )
    assert labels(employers(frame)) == [("VALTERRE", 9), ("", 7)]
    assert labels(agencies(frame)) == [("VIVATEMP", 6), (None, 5)]


def test_readings_apart() -> None:
    frame = pd.DataFrame(
        [("pay", "stated", "hour", 3), ("place", "commune", "postcode", 4)],
        columns=["reading", "kind", "decided_by", "offers"],
        dtype=object,
    )
    assert labels(pay_kinds(frame)) == [("stated", 3)]
    assert labels(place_methods(frame)) == [("postcode", 4)]
