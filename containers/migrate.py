"""Bring the warehouse up to date as its owner: what the DAG ``warehouse_migrate`` does, before Airflow runs.

Copied into the image. It asks Airflow for its connections alone, so it needs no database of Airflow's.
"""

from __future__ import annotations


def main() -> None:
    """Do it, or end with the sentence that says why not."""
    from jobmarket.airflow.migrate_operator import migrate_warehouse
    from jobmarket.foundation.errors import JobMarketError

    try:
        applied = migrate_warehouse()
    except JobMarketError as error:
        raise SystemExit(str(error)) from None
    print("The warehouse is up to date:", ", ".join(applied) or "nothing was lacking")  # noqa: T201


if __name__ == "__main__":
    main()
