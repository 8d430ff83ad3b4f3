"""The categories of Adzuna in France, and which trades stand in which."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sandbox.reference import jobs

if TYPE_CHECKING:
    from numpy.typing import NDArray

OTHER, UNKNOWN = "other-general-jobs", "unknown"

CATEGORIES = {
    "accounting-finance-jobs": "Emplois Comptabilité et Finance",
    "it-jobs": "Emplois Informatique",
    "sales-jobs": "Emplois Vente",
    "customer-services-jobs": "Emplois Services client",
    "engineering-jobs": "Emplois Ingénierie",
    "hr-jobs": "Emplois RH et Recrutement",
    "healthcare-nursing-jobs": "Emplois Soins de santé et infirmiers",
    "hospitality-catering-jobs": "Emplois Hospitalité et Restauration",
    "pr-advertising-marketing-jobs": "Emplois RP, Publicité et Marketing",
    "logistics-warehouse-jobs": "Emplois Distribution et Entrepôts",
    "teaching-jobs": "Emplois Enseignement",
    "trade-construction-jobs": "Emplois Industrie et Construction",
    "admin-jobs": "Emplois Administration",
    "legal-jobs": "Emplois Droit",
    "creative-design-jobs": "Emplois Création et Design",
    "graduate-jobs": "Emplois Diplômés",
    "retail-jobs": "Emplois Commerce détail",
    "consultancy-jobs": "Emplois Consultants",
    "manufacturing-jobs": "Emplois Fabrication",
    "scientific-qa-jobs": "Emplois Scientifiques et AQ",
    "social-work-jobs": "Emplois Travail social",
    "travel-jobs": "Emplois Voyages",
    "energy-oil-gas-jobs": "Emplois Énergie, pétrole et gaz",
    "property-jobs": "Emplois Immobilier",
    "charity-voluntary-jobs": "Emplois Caritatif et Volontariat",
    "domestic-help-cleaning-jobs": "Emploi Aide ménagère et Nettoyage",
    "maintenance-jobs": "Emplois Maintenance",
    "part-time-jobs": "Emplois Temps partiel",
    OTHER: "Emplois Autres/Général",
    UNKNOWN: "Unknown",
}
TAGS = tuple(CATEGORIES)

# prefix of a ROME code -> category; the longest prefix wins
_BY_ROME = {
    "A": OTHER,
    "B": "creative-design-jobs",
    "C": "accounting-finance-jobs",
    "C15": "property-jobs",
    "D": "sales-jobs",
    "D11": "retail-jobs",
    "D15": "retail-jobs",
    "D12": "retail-jobs",
    "E": "pr-advertising-marketing-jobs",
    "F": "trade-construction-jobs",
    "F11": "engineering-jobs",
    "G": "hospitality-catering-jobs",
    "G11": "travel-jobs",
    "H": "manufacturing-jobs",
    "H11": "engineering-jobs",
    "H12": "engineering-jobs",
    "H15": "scientific-qa-jobs",
    "I": "maintenance-jobs",
    "J": "healthcare-nursing-jobs",
    "K": "social-work-jobs",
    "K19": "legal-jobs",
    "K21": "teaching-jobs",
    "K22": "domestic-help-cleaning-jobs",
    "K13": "domestic-help-cleaning-jobs",
    "K25": "customer-services-jobs",
    "L": "creative-design-jobs",
    "M": "admin-jobs",
    "M12": "accounting-finance-jobs",
    "M14": "consultancy-jobs",
    "M15": "hr-jobs",
    "M17": "pr-advertising-marketing-jobs",
    "M18": "it-jobs",
    "N": "logistics-warehouse-jobs",
}


@cache
def by_job() -> NDArray[np.int64]:
    """Return the position in ``TAGS`` of the category of each ROME job."""
    return np.array(
        [TAGS.index(_BY_ROME.get(job.code[:3]) or _BY_ROME[job.code[0]]) for job in jobs()],
        np.int64,
    )
