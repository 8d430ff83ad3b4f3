"""The French of how far a day may be trusted: these words for reports and for the list. Pure.

What does not live here: what a certificate proves (``proof``), which run stands for a day
(``control.day_run``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobmarket.foundation.lake.standing import Standing

OLDER_RULES = "selon les règles antérieures"

TITLES: Mapping[Standing, str] = {
    "certified": "Journée certifiée",
    "sample": "Échantillon : ces chiffres ne décrivent pas la journée",
    "with_gap": "Journée incomplète",
    "uncertified": "Journée non certifiée",
}
PERIOD_TITLES: Mapping[Standing, str] = {
    "certified": "Période certifiée, jour par jour",
    "sample": "Période avec échantillon : ces chiffres ne la décrivent pas",
    "with_gap": "Période incomplète",
    "uncertified": "Période non certifiée",
}
OF_A_DAY: Mapping[Standing, str] = {
    "certified": "certifié",
    "sample": "échantillon",
    "with_gap": "incomplet",
    "uncertified": "non certifié",
}
IN_LIST: Mapping[Standing | str, str] = {
    "certified": "Certifiée",
    "sample": "Échantillon",
    "with_gap": "Incomplète",
    "uncertified": "Non certifiée",
    "refused": "Refusée",
    "missing": "Non collectée",
}
