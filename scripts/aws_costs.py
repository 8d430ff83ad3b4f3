"""Write docs/aws-costs.md: a month on AWS, from the sizes and unit prices of ``infra`` (``make docs``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scripts.terraform_files import INFRA, names_in, resources, sizes

FILE = Path(__file__).parents[1] / "docs" / "aws-costs.md"

HEAD = """\
# What a month on AWS costs

From `infra/sizes.json` and `infra/prices.json`; `make docs` writes this file. In US dollars without tax, on
demand, for {hours} hours; prices of {region}, read on {read_on} where each line says, and taken from no
account. **Other regions are dearer, most by 10 to 30 %.** Savings plans and reserved instances make Fargate
and RDS cheaper. Glue's catalog costs nothing below a million objects and requests a month. From the second
year on each key costs a dollar more, from the third two.

| what | small | large |
|---|---|---|
"""


def monthly(size: str) -> dict[str, float]:
    """Return the cost of a size in dollars a month, by what it is paid for."""
    told = json.loads((INFRA / "prices.json").read_text(encoding="utf-8"))
    hours, used, parts = told["hours_a_month"], told["used_a_month"][size], sizes()[size]
    price = {name: one["usd"] for name, one in told["unit_prices"].items()}
    there = resources()

    def fargate(service: dict[str, Any]) -> float:
        an_hour = service["cpu"] / 1024 * price["fargate_vcpu_hour"]
        an_hour += service["memory_mb"] / 1024 * price["fargate_gb_hour"]
        return float(an_hour * service["count"] * hours)

    database, zones = parts["database"], parts["zones_with_nat"]
    copies = 2 if database["is_multi_az"] else 1
    alarms = len(names_in("airflow.tf", "services")) + len(names_in("logs.tf", "alarms"))
    # RDS keeps the password of the administrator in one of its own
    secrets = len(names_in("secrets.tf", "secret_names")) + 2
    keys = sum(address.startswith("aws_kms_key.") for address in there)
    return {
        "ECS Fargate: scheduler": fargate(parts["scheduler"]),
        "ECS Fargate: api": fargate(parts["api"]),
        "ECS Fargate: parser": fargate(parts["parser"]),
        "RDS PostgreSQL, instance": copies * hours * price[database["class"]],
        "RDS PostgreSQL, disk": copies * database["storage_gb"] * price["rds_gb_month"],
        "NAT": zones * hours * price["nat_hour"] + used["nat_gb"] * price["nat_gb"],
        "balancer": hours * (price["alb_hour"] + used["lcu"] * price["lcu_hour"]),
        "public addresses": (2 + zones) * hours * price["ipv4_hour"],
        "lake: after a year": used["lake_gb"] * price["s3_gb_month"]
        + used["lake_glacier_gb"] * price["glacier_ir_gb_month"]
        + used["lake_writes"] / 1000 * price["s3_put_1000"],
        "logs, alarms, trail": used["log_gb"] * price["log_gb"]
        + alarms * price["alarm_month"]
        + used["lake_events"] / 100_000 * price["trail_event_100000"],
        "keys, secrets, registry": keys * price["kms_key_month"]
        + secrets * price["secret_month"]
        + used["image_gb"] * price["ecr_gb_month"],
    }


def render() -> str:
    """Return the page."""
    told = json.loads((INFRA / "prices.json").read_text(encoding="utf-8"))
    head = HEAD.format(hours=told["hours_a_month"], region=told["region"], read_on=told["read_on"])
    small, large = monthly("small"), monthly("large")
    rows = [f"| {what} | {small[what]:,.0f} | {large[what]:,.0f} |" for what in small]
    rows.append(
        f"| **together** | **{sum(small.values()):,.0f}** | **{sum(large.values()):,.0f}** |"
    )
    of_a_size = [_described(size) for size in ("small", "large")]
    prices = ["| unit | $ | read at, as of |", "|---|---|---|"]
    prices += [
        f"| {one['what']} | {one['usd']:g} | {one['source']} |"
        for one in told["unit_prices"].values()
    ]
    used = ["| used in a month | small | large |", "|---|---|---|"]
    amounts = told["used_a_month"]
    used += [
        f"| {name.replace('_', ' ')} | {amounts['small'][name]:,g} | {amounts['large'][name]:,g} |"
        for name in amounts["small"]
    ]
    parts = [head + "\n".join(rows), "\n".join(of_a_size), "## Unit prices", "\n".join(prices)]
    parts += ["## What is taken as used", "\n".join(used)]
    return "\n\n".join(parts) + "\n"


def _described(size: str) -> str:
    parts = sizes()[size]
    services = ", ".join(
        f"{name} {one['count']} × {one['cpu'] / 1024:g} vCPU / {one['memory_mb'] // 1024} GB"
        for name, one in parts.items()
        if isinstance(one, dict) and "cpu" in one
    )
    database = parts["database"]
    standby = "with a standby in a second zone" if database["is_multi_az"] else "without a standby"
    return (
        f"* **{size}**: {services}; {database['class']} with {database['storage_gb']} GB, {standby}, "
        f"backups of {database['backup_days']} days; {parts['zones_with_nat']} NAT."
    )


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
    print(f"Wrote {FILE}")
