"""The data dictionary: what the comments say, all of it, and the file in docs up to date."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from jobmarket.foundation.errors import ConfigurationError

from scripts.data_dictionary import FILE, Column, data_dictionary, read_columns

Connection = psycopg.Connection[Any]

COLUMN = Column(
    schema_name="core",
    schema_comment="Rows.",
    relation_name="job_offer",
    relation_kind="table",
    relation_comment="One row per offer.",
    column_name="offer_id",
    column_type="text",
    is_not_null=True,
    is_in_key=True,
    column_comment="Identifier.",
)


def test_the_dictionary_in_docs_is_that_of_the_schema(warehouse: Connection) -> None:
    written = FILE.read_text(encoding="utf-8")
    assert data_dictionary(read_columns(warehouse)) == written, "stale: run `make docs`"


def test_every_column_of_the_three_schemas_is_in_it(warehouse: Connection) -> None:
    catalogue = warehouse.execute(
        "select table_schema, table_name, column_name from information_schema.columns "
        "where table_schema in ('core', 'mart', 'control') and not exists ("
        "select from pg_class where oid = format('%I.%I', table_schema, table_name)::regclass "
        "and relispartition)"
    ).fetchall()
    found = [(c.schema_name, c.relation_name, c.column_name) for c in read_columns(warehouse)]
    assert sorted(found) == sorted(catalogue)
    assert len(found) > 250


def test_what_has_no_comment_is_named(warehouse: Connection) -> None:
    warehouse.execute("create schema other")
    warehouse.execute("create table other.ignored (one integer)")
    warehouse.execute("create table mart.silent (said integer, unsaid integer, gone integer)")
    warehouse.execute("alter table mart.silent drop column gone")
    warehouse.execute("comment on column mart.silent.said is 'Something.'")
    warehouse.execute("comment on column mart.offer.title is null")
    with pytest.raises(ConfigurationError) as raised:
        data_dictionary(read_columns(warehouse))
    assert (
        "there is none on mart.offer.title, mart.silent, mart.silent.unsaid: add `comment on`"
        in str(raised.value)
    )


def test_a_key_is_bold_a_view_says_so_and_a_comment_stays_in_its_cell() -> None:
    columns = [
        COLUMN,
        COLUMN._replace(
            column_name="title",
            is_in_key=False,
            column_comment="One\n  of a|b, <c>.",
        ),
        COLUMN._replace(
            schema_name="mart",
            relation_name="offer",
            relation_kind="view",
            column_name="day",
            column_type="date",
            is_in_key=False,
            is_not_null=False,
        ),
    ]
    text = data_dictionary(columns)
    assert text[text.index("## core") :] == (
        "## core\n\nRows.\n\n### core.job_offer\n\nOne row per offer.\n\n"
        "| column | type | what |\n|---|---|---|\n"
        "| **`offer_id`** | text | Identifier. |\n"
        "| `title` | text not null | One of a\\|b, &lt;c>. |\n\n"
        "## mart\n\nRows.\n\n### mart.offer (view)\n\nOne row per offer.\n\n"
        "| column | type | what |\n|---|---|---|\n"
        "| `day` | date | Identifier. |\n"
    )
