"""Modules stay short enough to be read at one go. Tests are tables of cases, and may be long."""

from __future__ import annotations

from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
ROOTS = ("plugins", "sandbox", "local", "containers", "dags", "bench", "scripts", "infra")
MOST_LINES = 300


def test_no_module_is_over_300_lines() -> None:
    modules = [path for root in ROOTS for path in (REPOSITORY / root).rglob("*.py")]
    assert len(modules) > 250
    lengths = {
        str(path.relative_to(REPOSITORY)): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules
    }
    found = {path: lines for path, lines in lengths.items() if lines > MOST_LINES}
    assert not found
