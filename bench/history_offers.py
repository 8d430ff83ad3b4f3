"""Offers as the warehouse would hold them, drawn by chance, and days of them.

What does not live here: how they come into the history (``history``).
"""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from jobmarket.history.columns import KEPT
from jobmarket.history.rows import in_order

SOURCE = "france_travail"
FIRST_DAY = date(2020, 1, 1)
# Each drawn from another offer: more kinds of rows than a market has, so they compress worse.
PARTS = (
    ("departement_code", "region_code", "place_kind"),
    (*tuple(one.name for one in KEPT if one.name.startswith("salary_")), "is_minimum_wage"),
    ("contract_type_code", "contract_length_months", "working_time_category_label", "weekly_hours"),
    ("experience_code", "experience_months", "travel_code", "telework_kind", "telework_rule"),
)


def offers(count: int) -> list[tuple[Any, ...]]:
    """Return offers as the warehouse would hold them: as many codes as a day of France has, few often."""
    chance = random.Random(1)
    trades = [
        f"{chance.choice('ABCDEFGHIJKLMN')}{chance.randrange(1101, 2999)}" for _ in range(530)
    ]
    often = [1 / (at + 3) for at in range(530)]
    departements = [f"{at:02}" for at in range(1, 96) if at != 20] + ["2A", "2B", "971", "974"]
    found = []
    for _ in range(count):
        trade = chance.choices(range(530), often)[0]
        low = round(chance.lognormvariate(10.2, 0.25), chance.choice((-2, 0, 2)))
        high = round(low * chance.choice((1, 1, 1.1, 1.25)), 2)
        has_pay, is_far = chance.random() < 0.6, chance.random() < 0.12
        length = chance.choice((None, None, 1.0, 3.0, 6.0, 12.0, 18.0))
        columns = dict.fromkeys(column.name for column in KEPT) | {
            "source": SOURCE,
            "created_on": FIRST_DAY,
            "position_count": chance.choice((1, 1, 1, 1, 2, 5)),
            "is_work_study": chance.random() < 0.08,
            "is_accessible_to_disabled": chance.random() < 0.2,
            "is_short_of_candidates": chance.random() < 0.1,
            "origin_code": chance.choice("122"),
            "rome_code": trades[trade],
            "contract_type_code": chance.choice(("CDI", "CDI", "CDD", "MIS", "SAI", "LIB")),
            "experience_code": chance.choice("DES"),
            "salary_complement_codes": tuple(chance.sample(("1", "2", "5", "7", "9"), 2))
            if is_far
            else None,
            "working_time_category_label": chance.choice(
                ("Temps plein", "Temps plein", "Temps partiel")
            ),
            "travel_code": chance.choice((None, None, "1", "2", "3", "4")),
            "qualification_code": chance.choice((None, *"23566789")),
            "sector_code": f"{chance.choices(range(10, 98), [1 / (at + 2) for at in range(88)])[0]}",
            "departement_code": chance.choices(departements, [1 / (at + 5) for at in range(98)])[0],
            "region_code": chance.choice(("11", "84", "76", "93", "32", "44", "75", "52", "53")),
            "place_kind": chance.choice(("commune", "commune", "commune", "departement", "region")),
            "salary_kind": "stated" if has_pay else "absent",
            "salary_rule": chance.choice(("month", "hour", "year", "year_range"))
            if has_pay
            else "absent",
            "salary_period": chance.choice(("month", "hour", "year")) if has_pay else None,
            "salary_min_eur_per_year": low if has_pay else None,
            "salary_max_eur_per_year": high if has_pay else None,
            "salary_mid_eur_per_year": (low + high) / 2 if has_pay else None,
            "salary_mid_rule": "as_stated" if has_pay else None,
            "is_minimum_wage": has_pay and chance.random() < 0.1,
            "weekly_hours": chance.choice(
                (35.0, 35.0, 35.0, 39.0, 24.0, round(chance.uniform(5, 34)))
            ),
            "contract_length_months": length,
            "experience_months": chance.choice((None, 0, 6, 12, 24, 36, 60)),
            "telework_kind": chance.choice(("partial", "full", "possible")) if is_far else None,
            "telework_rule": chance.choice(("phrase", "days", "label")) if is_far else None,
            "technology_codes": (
                tuple(sorted(chance.sample([f"technology{at}" for at in range(200)], 3)))
                if chance.random() < 0.15
                else None
            ),
            "rules_hash": -1_234_567_890,
        }
        found.append(tuple(columns.values()))
    return found


def day_of(pool: pa.Table, day: date, count: int) -> pa.Table:
    """Return a day of offers: the trade from one of the pool, place, pay and terms from others."""
    chance = np.random.default_rng(day.toordinal())
    drawn = pool.take(pa.array(chance.integers(0, pool.num_rows, count)))
    for names in PARTS:
        another = pool.take(pa.array(chance.integers(0, pool.num_rows, count)))
        for name in names:
            at = drawn.schema.get_field_index(name)
            drawn = drawn.set_column(at, drawn.schema.field(at), another[name])
    return in_order(dated(drawn, day))


def dated(rows: pa.Table, day: date) -> pa.Table:
    """Return the same offers, created on a day."""
    at = rows.schema.get_field_index("created_on")
    created_on = pa.repeat(pa.scalar(day, pa.date32()), rows.num_rows)
    return rows.set_column(at, rows.schema.field(at), created_on)
