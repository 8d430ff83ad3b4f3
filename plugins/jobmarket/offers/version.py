"""The version of all that reads an offer of a source: a number that changes when its meaning does.

What lives here: which code and which files take part, and their fingerprint. What does not: which rows a new
version makes a load read again (``load``).

Code takes part that the reader of the source or ``conclude`` reaches by imports within this package:
contract, mapping, mending, mask of contacts, rules, schema. Of a file of ``include/reference`` its bytes take
part if such code names it. Nothing is listed by hand, so nothing can be forgotten. Of code its syntax tree
counts, without docstrings: comments and layout change nothing. A tree may look otherwise in another version
of Python; then offers are read once more, and come out the same.

To parse all that takes a tenth of a second, so a load looks at the bytes of the files first, a few
milliseconds, and asks the warehouse what a load before it has found in the same (``control.reader_version``).
"""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import xxhash

from jobmarket.foundation.paths import REFERENCE
from jobmarket.offers import conclude

if TYPE_CHECKING:
    from jobmarket.offers.reading import Reader
    from jobmarket.offers.writer import Writer

_PACKAGE = Path(__file__).parents[1]
# Where statements, and what holds statements, stand in a node.
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def current_version(writer: Writer, reader: Reader) -> int:
    """Return the version that reads now; keep it in the warehouse if these files are new there.

    :param writer: in the transaction of a load.
    """
    module, files = type(reader).__module__, files_hash()
    known = writer.rules_of_files(module, files)
    if known is not None:
        return known
    version = version_of(module)
    writer.remember_rules(module, files, version)
    return version


@cache
def files_hash() -> bytes:
    """Return the XXH3-128 of all files that may take part and of Python's version, made once a process."""
    digest = xxhash.xxh3_128(repr(sys.version_info[:2]).encode())
    for root, pattern in ((_PACKAGE, "*.py"), (REFERENCE, "*.*")):
        for path in sorted(root.rglob(pattern)):
            digest.update(f"{path.name}\0".encode())
            digest.update(xxhash.xxh3_128_digest(path.read_bytes()))
    return digest.digest()


@cache
def version_of(reader: str) -> int:
    """Return the version of what reads the offers of a source, a signed 32-bit number.

    :param reader: module of its reader; raises :class:`ValueError` if it is not of this package.
    """
    modules = meanings(reader, conclude.__name__)
    digest = xxhash.xxh32()
    for name, meaning in sorted(modules.items()):
        digest.update(f"{name}\0{meaning}\0".encode())
    for path in reference_files(modules):
        digest.update(f"{path.name}\0".encode() + _content(path))
    return digest.intdigest() - 2**31


def meanings(*roots: str) -> dict[str, str]:
    """Return the modules of this package that are reached by imports from the roots, each as its syntax tree.

    Raise :class:`ValueError` if a root is none of them: nobody would see what it reads.
    """
    found: dict[str, str] = {}
    open_names = [*roots]
    for name in roots:
        if _path_of(name) is None:
            raise ValueError(f"Expected a module of the package {_PACKAGE.name}, got {name!r}")
    while open_names:
        name = open_names.pop()
        path = _path_of(name)
        if path is None or name in found:
            continue
        tree = ast.parse(_content(path))
        open_names += _take_out_idle(tree)
        open_names.append(name.rpartition(".")[0])  # a package is imported before what is in it
        found[name] = ast.dump(tree)
    return found


def reference_files(modules: dict[str, str]) -> list[Path]:
    """Return the files of ``include/reference`` that modules name, sorted.

    :param modules: as :func:`meanings` returns them.
    """
    return [
        path
        for path in sorted(REFERENCE.iterdir())
        if any(f"'{path.name}'" in meaning for meaning in modules.values())
    ]


def _path_of(name: str) -> Path | None:
    """Return the file of a module of this package; None if there is none of that name."""
    package, *parts = name.split(".")
    if package != _PACKAGE.name:
        return None
    path = _PACKAGE.joinpath(*parts)
    candidates = (path / "__init__.py", path.with_name(f"{path.name}.py"))
    return next((file for file in candidates if file.is_file()), None)


def _take_out_idle(tree: ast.Module) -> list[str]:
    """Take docstrings and what is for type checkers alone out of a tree; return the names it imports.

    Only statements are looked at, a tenth of all nodes.
    """
    imported: list[str] = []
    open_nodes: list[ast.AST] = [tree]
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, ast.Import):
            imported += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.append(node.module)
            imported += (f"{node.module}.{alias.name}" for alias in node.names)
        for name in _BLOCKS:
            block = getattr(node, name, None)
            if block:
                kept = [one for one in block if not _is_idle(one)]
                setattr(node, name, kept)
                open_nodes += kept
    return imported


def _is_idle(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=[]):
            return True
    return False


def _content(path: Path) -> bytes:
    """Return the bytes of a file; how its lines end does not count."""
    return path.read_bytes().replace(b"\r\n", b"\n")
