"""Offers as France Travail would give them, made up, and the pages and manifests of runs.

What lives here: the bytes. What does not: what ought to come of them (``simulated_month``), the load.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jobmarket.foundation.lake.manifest import Certificate, Manifest, Page

if TYPE_CHECKING:
    from collections.abc import Iterable

Pages = list[tuple[Page, bytes]]


def offer(offer_id: str = "0000001", day: str = "2026-11-02", **fields: Any) -> dict[str, Any]:
    """Return an offer as the API gives it; every value is made up."""
    return {
        "id": offer_id,
        "intitule": "Boulanger (H/F)",
        "description": "Vous pétrissez.",
        "dateCreation": f"{day}T09:00:00.000Z",
        "dateActualisation": f"{day}T10:00:00.000Z",
        "romeCode": "D1102",
        "romeLibelle": "Boulanger / Boulangère",
        "appellationlibelle": "Boulanger / Boulangère",
        "lieuTravail": {"libelle": "69 - LYON 03", "commune": "69383", "codePostal": "69003"},
        "entreprise": {"nom": "Fournil Plantagenet"},
        "typeContrat": "CDI",
        "typeContratLibelle": "CDI",
        "nombrePostes": 1,
        "competences": [{"code": "1", "libelle": "Pétrir", "exigence": "E"}],
        "origineOffre": {"origine": "1"},
    } | fields


def page(records: Iterable[Any], received_at: str, number: int = 1) -> tuple[Page, bytes]:
    """Return a page of offers, as landed."""
    encoded = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in records]
    body = f'{{"resultats":[{",".join(encoded)}],"filtresPossibles":[]}}'.encode()
    about = Page(
        key=f"raw/{received_at}/page-{number:05d}.json.zst",
        query="",
        status=206,
        announced=len(encoded),
        offers=len(encoded),
        sha256="",
        body_bytes=len(body),
        received_at=received_at,
        statuses=[206],
        attempt_at=received_at,
    )
    return about, body


def manifest(
    pages: Pages, *, day: str, run_id: str, started_at: str, is_certified: bool = True
) -> Manifest:
    """Return the manifest of a run."""
    offers = sum(about.offers for about, _ in pages)
    gap = 0 if is_certified else 1
    return Manifest(
        day=day,
        run_id=run_id,
        started_at=started_at,
        finished_at=max([started_at, *(about.received_at for about, _ in pages)]),
        certificate=Certificate(
            certified=is_certified,
            announced=offers + gap,
            collected=offers,
            gap=gap,
            requests=len(pages),
            bytes=0,
            seconds=1.0,
            statuses={"206": len(pages)},
            slices=[],
        ),
        pages=[about for about, _ in pages],
    )
