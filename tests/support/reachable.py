"""Files that PostgreSQL, which runs as another account when the tests run as root, reaches too."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def open_to_all(directory: Path) -> Path:
    """Let every account enter a folder below the one for temporary files; return it."""
    for folder in (directory, *directory.parents):
        if str(folder) == tempfile.gettempdir():
            break
        folder.chmod(0o755)
    return directory
