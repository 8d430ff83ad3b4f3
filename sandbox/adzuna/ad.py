"""One ad as the API spells it, with the holes of the real ones.

What lives here: JSON-ready fields, all invented. What does not: which ads there are (``stock``), which of
them a question keeps (``search``).
"""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

from sandbox import labels
from sandbox.adzuna.categories import CATEGORIES, TAGS
from sandbox.adzuna.stock import COMMUNE, DEPARTEMENT, EPOCH, ESTIMATED, NO_PAY, REGION, Stock
from sandbox.offers.wording import company_name, description, job_titles
from sandbox.reference import Commune, communes, departements, jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

CLASS = "Adzuna::API::Response::"
LONGEST_DESCRIPTION = 500
_COUNTRY = "France"


def ads(stock: Stock, app_id: str, *, unknown_fields: bool = False) -> Iterator[dict[str, Any]]:
    """Yield ads, one JSON-ready object each.

    :param app_id: of the client: it stands in the address that each ad leads to.
    """
    draws = stock.bits("body").tolist()
    rows = zip(
        stock.ids.tolist(),
        stock.created_ms.tolist(),
        stock.job.tolist(),
        stock.category.tolist(),
        stock.commune.tolist(),
        stock.precision.tolist(),
        stock.pay.tolist(),
        draws,
        strict=True,
    )
    for ad_id, created_ms, job, category, commune, precision, pay, draw in rows:
        ad = _ad(ad_id, created_ms, job, category, communes()[commune], precision, pay, draw)
        if unknown_fields and draw % 7 == 0:
            ad["location"]["geohash"] = "u05"
            ad["is_sponsored"] = False
        yield ad | _links(str(ad_id), app_id)


def _ad(
    ad_id: int,
    created_ms: int,
    job_at: int,
    category_at: int,
    place: Commune,
    precision: int,
    pay: int,
    draw: int,
) -> dict[str, Any]:
    random = Random(draw)
    job = jobs()[job_at]
    company = company_name(random, random.random() < 0.2)
    words = {
        "metier": job.label,
        "ville": place.name,
        "entreprise": company,
        "secteur": "Services",
        "contrat": "CDI",
    }
    text = " ".join(description(random, 2, job.code[0], words).split())
    titles = job_titles(job.code)
    found: dict[str, Any] = {
        "__CLASS__": f"{CLASS}Job",
        "id": str(ad_id),
        "title": titles[int(random.random() * len(titles))],
        "description": f"{text[: LONGEST_DESCRIPTION - 1].rstrip()}…",
        "created": (EPOCH + timedelta(milliseconds=created_ms)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "location": location(place, precision, random),
        "category": {
            "__CLASS__": f"{CLASS}Category",
            "tag": TAGS[category_at],
            "label": CATEGORIES[TAGS[category_at]],
        },
        "salary_is_predicted": "1" if pay == ESTIMATED else "0",
    }
    if random.random() < 0.92:
        found["company"] = {"__CLASS__": f"{CLASS}Company", "display_name": company}
    if precision == COMMUNE and random.random() < 0.85:
        found |= {"latitude": round(place.latitude, 5), "longitude": round(place.longitude, 5)}
    found |= _pay(pay, random)
    draw_of_contract = random.random()
    if draw_of_contract < 0.75:
        found["contract_type"] = "permanent" if draw_of_contract < 0.55 else "contract"
    draw_of_time = random.random()
    if draw_of_time < 0.6:
        found["contract_time"] = "full_time" if draw_of_time < 0.5 else "part_time"
    return found


def location(place: Commune, precision: int, random: Random) -> dict[str, Any]:
    """Return where an ad is: names from the country down, as finely as it says."""
    departement, region = names_of(place.departement)
    area = [_COUNTRY, region, departement]
    if precision == COMMUNE and place.name != departement:
        town = _chief_town(place.departement)
        if town != place.name and random.random() < 0.3:
            area.append(town)  # the arrondissement, called after its chief town
        area.append(place.name)
    elif precision == REGION:
        area = area[:2]
    elif precision not in (COMMUNE, DEPARTEMENT):
        area = area[:1]
    shown = ", ".join(reversed(area[1:][-2:])) or _COUNTRY
    return {"__CLASS__": f"{CLASS}Location", "display_name": shown, "area": area}


@cache
def names_of(departement: str) -> tuple[str, str]:
    """Return the names of a département and of its region, as the API writes them; empty beyond the 101."""
    found = next((d for d in departements() if d.code == departement), None)
    if found is None:
        return "", ""
    return found.label, labels.REGIONS[found.region].replace("Î", "I")


@cache
def _chief_town(code: str) -> str:
    return max((c for c in communes() if c.departement == code), key=lambda c: c.weight).name


def _pay(pay: int, random: Random) -> dict[str, float]:
    if pay == NO_PAY:
        return {}
    low = round(22_000 * (1 + random.random() ** 2 * 2), -2)
    if pay == ESTIMATED:
        exact = round(low + random.random() * 100, 2)
        return {"salary_min": exact, "salary_max": exact}
    return {"salary_min": low, "salary_max": round(low * (1 + random.random() * 0.3), -2)}


def _links(ad_id: str, app_id: str) -> dict[str, str]:
    """Return what leads to an ad: another session each time is not what tests want, so always the same."""
    session = base64.urlsafe_b64encode(hashlib.sha256(ad_id.encode()).digest()[:16]).decode()[:22]
    check = hashlib.sha256(f"{ad_id}/{app_id}".encode()).hexdigest()[:40].upper()
    payload = base64.urlsafe_b64encode(
        f'{{"s":"{session}","i":"{ad_id}"}}'.encode()
    ).decode().rstrip("=")  # fmt: skip
    return {
        "adref": f"eyJhbGciOiJIUzI1NiJ9.{payload}.{check}",
        "redirect_url": f"https://www.adzuna.fr/land/ad/{ad_id}?se={session}&utm_medium=api"
        f"&utm_source={app_id}&v={check}",
    }
