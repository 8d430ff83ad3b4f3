from __future__ import annotations

import pandas as pd
from jobmarket.report.picks import agencies, employers, pay_kinds, place_methods


def labels(frame: pd.DataFrame) -> list[tuple[object, int]]:
    return list(zip(frame["label"], frame["offers"], strict=True))


def test_employers_and_agencies_apart_those_not_known_unnamed() -> None:
    frame = pd.DataFrame(
        [
            (False, "VALTERRE", 12, 5, False),
            (False, "Jean Durand", 7, 1, False),
            (True, "VIVATEMP", 16, 4, False),
            (True, None, 5, 2, False),
        ],
        columns=["is_agency", "label", "offers", "departements", "has_siret"],
        dtype=object,
    )
    assert labels(employers(frame)) == [("VALTERRE", 12), ("", 7)]
    assert labels(agencies(frame)) == [("VIVATEMP", 16), (None, 5)]


def test_readings_apart() -> None:
    frame = pd.DataFrame(
        [("pay", "stated", "hour", 3), ("place", "commune", "postcode", 4)],
        columns=["reading", "kind", "decided_by", "offers"],
        dtype=object,
    )
    assert labels(pay_kinds(frame)) == [("stated", 3)]
    assert labels(place_methods(frame)) == [("postcode", 4)]
