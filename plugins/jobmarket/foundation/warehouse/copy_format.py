"""How a value travels to PostgreSQL in a binary COPY, where psycopg's own way is too slow."""

from __future__ import annotations

import struct
from functools import lru_cache

from psycopg.adapt import Dumper
from psycopg.pq import Format

_TEXT_OID = 25  # of pg_type: the type of the elements of text[]
_TEXT_ARRAY_OID = 1009


@lru_cache(maxsize=4096)
def text_array(labels: tuple[str, ...]) -> bytes:
    """Return a ``text[]`` as it travels in a binary COPY.

    Almost all such lists are made of a few dozen labels, so that most are made once; psycopg would
    look at each element of each list again.
    """
    items = [label.encode() for label in labels]
    head = struct.pack("!iiIii", 1, 0, _TEXT_OID, len(items), 1)
    return head + b"".join(struct.pack("!i", len(item)) + item for item in items)


class TextArrayDumper(Dumper):
    """Takes a tuple of texts for a column ``text[]``, once registered with a cursor."""

    format = Format.BINARY
    oid = _TEXT_ARRAY_OID
    dump = staticmethod(text_array)
