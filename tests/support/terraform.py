"""Terraform on a copy of ``infra``, with a provider that lies in a folder: nothing is fetched.

The AWS provider is found where ``TF_PLUGIN_DIR`` says, or in a folder where images keep a mirror; without
it the tests that need it are skipped, and say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

INFRA = Path(__file__).parents[2] / "infra"
_PROVIDER = "registry.terraform.io/hashicorp/aws"
_MIRRORS = (
    os.environ.get("TF_PLUGIN_DIR", ""),
    "/opt/tf-plugins",
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
    str(Path.home() / ".terraform.d" / "plugins"),
)
_MINUTES = 20


def program() -> str:
    """Return the path of Terraform; skip the test, loudly, if it is not installed."""
    found = shutil.which("terraform")
    if found is None:
        pytest.skip(
            "NOT VERIFIED: terraform (1.11 or newer) is not installed, so infra/ is not checked"
        )
    return found


def mirror() -> Path:
    """Return the folder that holds the AWS provider; skip the test, loudly, if there is none."""
    for place in filter(None, _MIRRORS):
        if (Path(place) / _PROVIDER).is_dir():
            return Path(place)
    pytest.skip(
        "NOT VERIFIED: no folder holds the AWS provider of Terraform, so infra/ is not checked: set "
        "TF_PLUGIN_DIR to one that `terraform providers mirror` has made"
    )


def terraform(
    directory: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Terraform in a directory; it reads no settings of the account that runs it."""
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [program(), f"-chdir={directory}", *arguments],
        env={**bare, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=_MINUTES * 60,
    )


def copy_of_infra(
    directory: Path, *, init: tuple[str, ...] = ("-backend=false",), beside: Path | None = None
) -> Path:
    """Copy ``infra`` and initialise it with the provider of the mirror; return the copy.

    :param beside: a folder whose files are laid beside those of ``infra``, or over them.
    """
    plugins = mirror()
    copy = directory / "infra"
    shutil.copytree(
        INFRA, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.tfvars")
    )
    if beside is not None:
        shutil.copytree(beside, copy, dirs_exist_ok=True)
    done = terraform(copy, "init", "-no-color", f"-plugin-dir={plugins}", *init)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy
