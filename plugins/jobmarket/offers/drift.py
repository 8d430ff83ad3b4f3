"""Fields that a contract does not know: found, and taken out, so that the rest can be read strictly. Pure.

What lives here: what a msgspec type knows, and taking out of a record what it does not. What does not: the
contracts themselves (``sources``), how drift is counted.
"""

from __future__ import annotations

from typing import Any

from msgspec import inspect

Shape = dict[str, Any]
"""Known fields below a type: name -> the same for its own fields; ``None`` if it has none."""


def shape_of(kind: inspect.Type) -> Shape | None:
    """Return the known fields below a type."""
    match kind:
        case inspect.StructType(fields=fields):
            return {field.encode_name: shape_of(field.type) for field in fields}
        case inspect.UnionType(types=types):
            return next((shape for shape in map(shape_of, types) if shape is not None), None)
        case inspect.ListType(item_type=item):
            return shape_of(item)
        case _:
            return None


def take_out_unknown(value: Any, shape: Shape | None, path: str, found: set[str]) -> None:
    """Take the fields out of a value that are not in its shape.

    :param path: of the value, with a point at its end; empty for the whole record.
    :param found: gets their paths: ``lieuTravail.altitude``.
    """
    if shape is None:
        return
    if isinstance(value, list):
        for item in value:
            take_out_unknown(item, shape, path, found)
    elif isinstance(value, dict):
        for name in list(value):
            if name in shape:
                take_out_unknown(value[name], shape[name], f"{path}{name}.", found)
            else:
                found.add(f"{path}{name}")
                del value[name]
