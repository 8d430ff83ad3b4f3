"""The warehouse: what turns landed pages into rows of PostgreSQL, once and for all.

Where to look::

    migrate.py       what the owner of the schemas does: roles, schema, rights, reference
    migrations.py    include/sql/ddl -> the database, forward only; and the question whether it was
    concurrently.py  files of it that run outside of a transaction
    reference.py     include/reference -> the reference tables of mart
    load.py          one run: pages -> core, in one transaction
    batches.py       records in bounded batches, each offer once in a batch
    writer.py        the statements of a load: what core holds, what it gets
    outcome.py       what became of each record, counted
    ledger.py        what a load leaves in control: its run, the records it rejected
    tables.py        the columns of core as the load writes them
    forget.py        how a day is deleted
    session.py       what a session must be like, whatever the server's defaults
    explained.py     errors of PostgreSQL -> one sentence each
"""

from jobmarket.warehouse.explained import explained
from jobmarket.warehouse.load import load_run
from jobmarket.warehouse.migrate import migrate
from jobmarket.warehouse.migrations import apply_ddl, require_applied
from jobmarket.warehouse.outcome import LoadResult
from jobmarket.warehouse.reference import apply_reference
from jobmarket.warehouse.session import prepare_session

__all__ = [
    "LoadResult",
    "apply_ddl",
    "apply_reference",
    "explained",
    "load_run",
    "migrate",
    "prepare_session",
    "require_applied",
]
