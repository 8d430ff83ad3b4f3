"""The Terraform of ``infra``: valid by the provider's own schema, and of the shape that it must have.

What it makes is read back from an emulator by ``make infra`` (``deployed``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.support.terraform import INFRA, copy_of_infra, terraform

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_formatted() -> None:
    done = terraform(INFRA, "fmt", "-check", "-recursive", "-no-color")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_it_is_valid_and_has_the_shape_that_it_must_have(tmp_path: Path) -> None:
    # what is ephemeral cannot be made by a provider that asks nobody
    copy = copy_of_infra(tmp_path, beside=INFRA / "tests" / "without_aws")
    done = terraform(copy, "test", "-no-color")
    assert done.returncode == 0, done.stdout + done.stderr
    runs = len(
        re.findall(r'^run "', (INFRA / "tests" / "shape.tftest.hcl").read_text(), re.MULTILINE)
    )
    assert f"Success! {runs} passed, 0 failed." in done.stdout
