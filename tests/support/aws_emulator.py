"""Infra deployed for a test: Terraform applied to an emulator of AWS on this machine.

The emulator (ministack) lies in a virtual environment of its own, which ``make infra`` makes: its pins are
not those of the job. Databases and containers are only described there, and none runs.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from local.process import LOOPBACK, answers_http, free_port, launch
from tests.support.aws_policies import ACCOUNT, REGION
from tests.support.terraform import INFRA, copy_of_infra, terraform

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = Path(__file__).parents[2] / ".venv" / "ministack" / "bin" / "ministack"
_ON_AN_EMULATOR = INFRA / "tests" / "on_an_emulator"


@dataclass
class Deployed:
    """What stands on the emulator.

    :param url: where it answers.
    :param state: what Terraform keeps, as JSON text.
    :param outputs: by name.
    """

    url: str
    state: str
    outputs: dict[str, Any]

    def client(self, service: str, url: str = "") -> Any:
        """Return a boto3 client of a service, or of a gate before it."""
        make: Any = boto3.client  # it has a type for each service, and here the name is told later
        return make(
            service,
            endpoint_url=url or self.url,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="test",
            region_name=REGION,
            config=Config(retries={"total_max_attempts": 1}),
        )

    @property
    def data_key(self) -> str:
        """Return the ARN of the key of the data."""
        described = self.client("kms").describe_key(KeyId="alias/jobmarket-data")
        return str(described["KeyMetadata"]["Arn"])

    @property
    def values(self) -> dict[str, str]:
        """Return what the policies were rendered with, where it is not as in ``aws_policies``."""
        place = f"{ACCOUNT}-{REGION}"
        return {
            "lake": f"arn:aws:s3:::jobmarket-lake-{place}",
            "audit": f"arn:aws:s3:::jobmarket-audit-{place}",
            "data_key": self.data_key,
        }


@contextmanager
def emulator(directory: Path, **settings: str) -> Iterator[str]:
    """Start an emulator whose log lies in a directory; yield its address.

    :param settings: of the emulator: ``AUTH="true"`` lets it enforce policies.
    """
    if not PROGRAM.exists():
        pytest.skip(
            f"NOT VERIFIED: {PROGRAM} is not there, so nothing is deployed: run `make infra`"
        )
    port = free_port()
    told = {"BIND_HOST": LOOPBACK, "GATEWAY_PORT": str(port), "IOT_MTLS_PORT": str(free_port())}
    log = directory / "ministack.log"
    service = launch("ministack", [str(PROGRAM)], log, env=told | settings, cwd=directory)
    url = f"http://{LOOPBACK}:{port}"
    try:
        service.wait_until(lambda: answers_http(f"{url}/_ministack/health"))
        yield url
    finally:
        service.stop()


@contextmanager
def deployed(directory: Path) -> Iterator[Deployed]:
    """Start an emulator and apply ``infra`` to it, in a directory that holds the state."""
    with emulator(directory) as url:
        copy = copy_of_infra(directory, init=(), beside=_ON_AN_EMULATOR)
        values = f"-var-file={copy / 'emulator.tfvars'}"
        apply = ("apply", "-auto-approve", "-no-color", "-parallelism=20", values)
        done = terraform(copy, *apply, AWS_ENDPOINT_URL=url)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr
        told = json.loads(terraform(copy, "output", "-json").stdout)
        state = (copy / "terraform.tfstate").read_text()
        yield Deployed(url, state, {name: one["value"] for name, one in told.items()})
