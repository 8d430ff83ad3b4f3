"""The warehouse of the laptop stack is brought up to date by itself, as its owner.

What does not live here: what that is (``jobmarket.foundation.warehouse.migrate``), and the warehouses that
connections lead to, which are migrated when somebody says so (``once``).
"""

from __future__ import annotations

from local import kept


def migrate_warehouse(ports: kept.Ports) -> None:
    """Bring the embedded warehouse up to date, as its owner; the parts run."""
    import psycopg
    from jobmarket.foundation.warehouse.migrate import migrate
    from jobmarket.foundation.warehouse.session import prepare_session
    from jobmarket.offers.reference import apply_reference

    with psycopg.connect(kept.warehouse_address(ports)) as connection:
        prepare_session(connection, "warehouse_owner")
        migrate(connection, "warehouse_owner")
        apply_reference(connection)
