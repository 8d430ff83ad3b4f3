"""``infra`` deployed on an emulator of AWS and read back, and used under its policies: ``make infra-proof``.

What Secrets Manager, CloudWatch Logs and the registry are asked for goes through a gate that decides as IAM
does and remembers what it was asked: each statement, and each action and resource of one, is held against
that. One statement of each scenario is really left out, too.
"""

from __future__ import annotations

import json
import time
import warnings
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from airflow.providers.amazon.aws.log.cloudwatch_task_handler import CloudWatchRemoteLogIO
from airflow.providers.amazon.aws.secrets.secrets_manager import SecretsManagerBackend
from airflow.sdk import Connection
from cryptography.fernet import Fernet

from tests.support.aws_emulator import deployed
from tests.support.aws_policies import ACCOUNT, NAME, REGION, VALUES, statements, unneeded
from tests.support.policy_gate import gate
from tests.support.statements import BREAKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.aws_emulator import Deployed

# inside Airflow, warnings are Airflow's
pytestmark = pytest.mark.filterwarnings("default")

SAID = "Loaded day 2026-11-18 in 2.2 s"
STREAM = "dag_id=france_travail_daily/run_id=scheduled__2026-11-18/task_id=load/attempt=1.log"


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with deployed(tmp_path_factory.mktemp("aws")) as there:
        # what a person does after the first `terraform apply`: docs/aws.md
        there.client("secretsmanager").put_secret_value(
            SecretId=f"{NAME}/connections/france_travail",
            SecretString=json.dumps(
                {
                    "conn_type": "http",
                    "host": "https://api.francetravail.io",
                    "login": "PAR_x",
                    "password": "y",
                }
            ),
        )
        yield there


# ---- what was made, read back


def test_the_lake_is_encrypted_versioned_private_and_ages(aws: Deployed) -> None:
    s3, bucket = aws.client("s3"), aws.outputs["bucket"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": aws.data_key,
    }
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    ages = {rule["ID"]: rule for rule in rules}
    assert ages["raw"]["Expiration"]["Days"] == 400
    assert ages["raw"]["Transitions"][0]["StorageClass"] == "GLACIER_IR"
    assert "Expiration" not in ages["reports"]
    assert ages["noncurrent"]["NoncurrentVersionExpiration"]["NoncurrentDays"] == 30


def test_the_history_has_its_place_in_the_catalog(aws: Deployed) -> None:
    database = aws.client("glue").get_database(Name="history")["Database"]
    assert database["LocationUri"] == f"s3://{aws.outputs['bucket']}/history"


def test_the_database_is_encrypted_private_and_backed_up(aws: Deployed) -> None:
    (database,) = aws.client("rds").describe_db_instances()["DBInstances"]
    assert database["StorageEncrypted"]
    assert database["KmsKeyId"] == aws.data_key
    assert not database["PubliclyAccessible"]
    assert database["BackupRetentionPeriod"] == 7
    assert database["Engine"] == "postgres"
    (group,) = database["VpcSecurityGroups"]
    rules = aws.client("ec2").describe_security_groups(GroupIds=[group["VpcSecurityGroupId"]])
    (rule,) = rules["SecurityGroups"][0]["IpPermissions"]
    assert (rule["FromPort"], rule["ToPort"], rule["IpRanges"]) == (5432, 5432, [])
    assert len(rule["UserIdGroupPairs"]) == 1


def test_the_trail_sees_each_object_of_the_lake(aws: Deployed) -> None:
    trail = aws.client("cloudtrail")
    (told,) = trail.describe_trails()["trailList"]
    assert (told["IsMultiRegionTrail"], told["LogFileValidationEnabled"]) == (True, True)
    assert trail.get_trail_status(Name=NAME)["IsLogging"]
    selectors = trail.get_event_selectors(TrailName=NAME)["AdvancedEventSelectors"]
    watched = [field.get("StartsWith") for one in selectors for field in one["FieldSelectors"]]
    assert [f"arn:aws:s3:::{aws.outputs['bucket']}/"] in watched


def test_logs_are_kept_and_alarms_tell_somebody(aws: Deployed) -> None:
    groups = aws.client("logs").describe_log_groups()["logGroups"]
    assert {one["logGroupName"]: one.get("retentionInDays") for one in groups}.items() >= {
        "/jobmarket/tasks": 365,
        "/jobmarket/services": 365,
    }.items()
    alarms = aws.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert {one["AlarmName"] for one in alarms} == {
        "jobmarket-no-day",
        "jobmarket-database-storage",
        "jobmarket-database-memory",
        "jobmarket-ui-unreachable",
        "jobmarket-api-silent",
        "jobmarket-parser-silent",
        "jobmarket-scheduler-silent",
    }
    (topic,) = aws.client("sns").list_topics()["Topics"]
    assert all(one["AlarmActions"] == [topic["TopicArn"]] for one in alarms)


def test_airflow_is_described_whole(aws: Deployed) -> None:
    ecs = aws.client("ecs")
    services = ecs.describe_services(cluster=NAME, services=["scheduler", "api", "parser"])[
        "services"
    ]
    roles = {}
    for one in services:
        described = ecs.describe_task_definition(taskDefinition=one["taskDefinition"])
        definition = described["taskDefinition"]
        (container,) = definition["containerDefinitions"]
        roles[one["serviceName"]] = definition.get("taskRoleArn", "").rpartition("/")[2]
        told = {entry["name"]: entry["value"] for entry in container["environment"]}
        assert told["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://api:8080/execution/"
        assert told["AIRFLOW_VAR_DATA_LAKE_BUCKET"] == aws.outputs["bucket"]
        history = json.loads(told["AIRFLOW_CONN_HISTORY_CATALOG"])["extra"]
        assert history == {"type": "glue", "warehouse": f"s3://{aws.outputs['bucket']}/history"}
        assert container["image"] == f"{aws.outputs['repository']}:1.0.0"
    assert {name: role or None for name, role in roles.items()} == {
        "scheduler": f"{NAME}-{REGION}-tasks",
        "api": f"{NAME}-{REGION}-ui",
        "parser": None,
    }


def test_no_secret_stands_in_the_state_or_in_what_ecs_is_told(aws: Deployed) -> None:
    secrets = aws.client("secretsmanager")
    names = [one["Name"] for one in secrets.list_secrets()["SecretList"]]
    values = [secrets.get_secret_value(SecretId=name)["SecretString"] for name in names]
    passwords = [_password(value) for value in values if "PAR_x" not in value]
    assert len(set(passwords)) == 8
    Fernet(secrets.get_secret_value(SecretId=f"{NAME}/airflow/fernet_key")["SecretString"])
    ecs = aws.client("ecs")
    told = json.dumps(
        [
            ecs.describe_task_definition(taskDefinition=arn)
            for arn in ecs.list_task_definitions()["taskDefinitionArns"]
        ],
        default=str,
    )
    for password in passwords:
        assert len(password) >= 32
        assert password not in aws.state
        assert password not in told


def _password(secret: str) -> str:
    if secret.startswith("{"):
        told = json.loads(secret)
        return str(told.get("password") or told["admin"])
    return secret.partition("@")[0].rpartition(":")[2]


@pytest.mark.parametrize("role", ["tasks", "ui", "start", "start_prepare"])
def test_the_roles_have_the_policies_that_are_tried_here(aws: Deployed, role: str) -> None:
    iam, name = aws.client("iam"), f"{NAME}-{REGION}-{role.replace('_', '-')}"
    document = iam.get_role_policy(RoleName=name, PolicyName=role)["PolicyDocument"]
    assert document["Statement"] == statements(role, **aws.values)
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
    trust = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    assert trust["Statement"] == statements("trust")


def test_buckets_and_keys_have_the_policies_that_are_tried_here(aws: Deployed) -> None:
    s3, kms = aws.client("s3"), aws.client("kms")
    for shelf in ("lake", "audit"):
        bucket = aws.values[shelf].removeprefix("arn:aws:s3:::")
        policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
        assert policy["Statement"] == statements(f"{shelf}_bucket", **aws.values)
    for key in ("data", "audit"):
        there = kms.describe_key(KeyId=f"alias/{NAME}-{key}")["KeyMetadata"]["KeyId"]
        policy = json.loads(kms.get_key_policy(KeyId=there, PolicyName="default")["Policy"])
        assert policy["Statement"] == statements(f"{key}_key", **aws.values)
        assert kms.get_key_rotation_status(KeyId=there)["KeyRotationEnabled"]


# ---- what it is used for, under its policies


def backend(aws: Deployed, url: str) -> SecretsManagerBackend:
    """Return the backend as ECS tells Airflow to make it."""
    ecs = aws.client("ecs")
    described = ecs.describe_task_definition(taskDefinition=f"{NAME}-scheduler")["taskDefinition"]
    told = described["containerDefinitions"][0]["environment"]
    (kwargs,) = [e["value"] for e in told if e["name"] == "AIRFLOW__SECRETS__BACKEND_KWARGS"]
    login = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": "test", "endpoint_url": url}
    return SecretsManagerBackend(**json.loads(kwargs), **login)


def connection(aws: Deployed, url: str, name: str) -> Connection:
    value = backend(aws, url).get_conn_value(name)
    assert value is not None
    return Connection.from_json(value, conn_id=name)


def read_the_connections_of_tasks(aws: Deployed, url: str, _: Path) -> None:
    """Find both connections; ask for nothing that is not there, and get the owner's in no way."""
    assert connection(aws, url, "france_travail").login == "PAR_x"
    warehouse = connection(aws, url, "warehouse")
    assert (warehouse.login, warehouse.schema) == ("jobmarket_tasks", "warehouse")
    assert warehouse.extra_dejson["sslmode"] == "verify-full"
    for unknown in ("warehouse_owner", "aws_default", "adzuna"):
        assert backend(aws, url).get_conn_value(unknown) is None


def read_the_connection_of_the_ui(aws: Deployed, url: str, _: Path) -> None:
    assert connection(aws, url, "warehouse").login == "jobmarket_tasks"


def log_io(url: str, folder: Path) -> CloudWatchRemoteLogIO:
    login = {
        "login": ACCOUNT,
        "password": "test",
        "extra": {"region_name": REGION, "endpoint_url": url},
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps({"conn_type": "aws", **login}))
        patched.setenv("AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID", "aws_default")
        io = CloudWatchRemoteLogIO(
            base_log_folder=folder,
            remote_base=f"cloudwatch://{VALUES['task_logs']}",
            log_group_arn=VALUES["task_logs"],
        )
        io.hook.get_conn()  # the connection is asked for once
    return io


def write_log(url: str, folder: Path) -> None:
    """Log a line as a task does."""
    from airflow.sdk.configuration import conf

    base = folder / "logs"
    path = base / STREAM
    path.parent.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patched, path.open("wb") as file:
        patched.setenv("AIRFLOW__LOGGING__BASE_LOG_FOLDER", str(base))
        assert conf.get("logging", "base_log_folder") == str(base)
        io = log_io(url, base)
        (process,) = io.processors
        process(SimpleNamespace(_file=file), "info", {"event": SAID, "logger": "jobmarket"})
        io.upload(path)


def read_log(url: str, folder: Path) -> str:
    _, lines = log_io(url, folder).read(STREAM, None)
    return "".join(lines)


def log_a_task(aws: Deployed, url: str, folder: Path) -> None:
    """Write the log of a task, and find it again."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write_log(url, folder)
    assert SAID in read_log(aws.url, folder)


def show_a_log(aws: Deployed, url: str, folder: Path) -> None:
    """Show in the UI what a task logged."""
    write_log(aws.url, folder)
    assert SAID in read_log(url, folder)


def start(aws: Deployed, url: str, family: str) -> None:
    """Do what ECS does before a container runs: fetch the image and the secrets, open its log.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
    """
    described = aws.client("ecs").describe_task_definition(taskDefinition=f"{NAME}-{family}")
    (container,) = described["taskDefinition"]["containerDefinitions"]
    registry, logs = aws.client("ecr", url), aws.client("logs", url)
    registry.get_authorization_token()
    image = {"repositoryName": NAME, "imageIds": [{"imageTag": "1.0.0"}]}
    registry.batch_get_image(**image)
    _passes(
        registry.get_download_url_for_layer, repositoryName=NAME, layerDigest=f"sha256:{'0' * 64}"
    )
    for secret in container["secrets"]:
        _passes(aws.client("secretsmanager", url).get_secret_value, SecretId=secret["valueFrom"])
    options = container["logConfiguration"]["options"]
    stream = f"{options['awslogs-stream-prefix']}/{container['name']}/{time.time_ns()}"
    named = {"logGroupName": options["awslogs-group"], "logStreamName": stream}
    logs.create_log_stream(**named)
    now = int(time.time() * 1000)
    logs.put_log_events(**named, logEvents=[{"timestamp": now, "message": "started"}])


def _passes(call: Any, **arguments: Any) -> None:
    """Call what the emulator cannot answer: it must only be let through."""
    from botocore.exceptions import ClientError

    try:
        call(**arguments)
    except ClientError as met:
        if met.response["Error"]["Code"] in ("AccessDeniedException", "AccessDenied"):
            raise


def start_a_service(aws: Deployed, url: str, _: Path) -> None:
    for family in ("scheduler", "api", "parser"):
        start(aws, url, family)


def start_the_task_prepare(aws: Deployed, url: str, _: Path) -> None:
    start(aws, url, "prepare")


SCENARIOS = {
    one.__name__: one
    for one in (
        read_the_connections_of_tasks,
        read_the_connection_of_the_ui,
        log_a_task,
        show_a_log,
        start_a_service,
        start_the_task_prepare,
    )
}


def forget_logs(aws: Deployed) -> None:
    """Forget what an earlier scenario logged."""
    logs = aws.client("logs")
    for one in logs.describe_log_streams(logGroupName="/jobmarket/tasks")["logStreams"]:
        logs.delete_log_stream(logGroupName="/jobmarket/tasks", logStreamName=one["logStreamName"])


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_needs_a_statement_is_refused_without_it(
    aws: Deployed, tmp_path: Path, name: str
) -> None:
    scenario = SCENARIOS[name]
    needed = [key for key, breaks in BREAKS.items() if breaks == name]
    ((document, sid), *_) = needed
    forget_logs(aws)
    whole = statements(document, **aws.values)
    with gate(aws.url, identity=whole, key=aws.data_key) as opened:
        scenario(aws, opened.url, tmp_path)
        assert opened.denied == []
        given = [one for one in whole if (document, one["Sid"]) in needed]
        assert unneeded(given, opened.allowed) == []
    forget_logs(aws)
    cut = statements(document, without=sid, **aws.values)
    with gate(aws.url, identity=cut, key=aws.data_key) as opened:
        with pytest.raises(Exception, match=r"(?i)AccessDenied|not authorized|assert"):
            scenario(aws, opened.url, tmp_path)
        assert opened.denied != []


def test_a_task_reaches_no_secret_but_its_own(aws: Deployed) -> None:
    whole = statements("tasks", **aws.values)
    with gate(aws.url, identity=whole, key=aws.data_key) as opened:
        secrets = aws.client("secretsmanager", opened.url)
        for name in (
            "connections/warehouse_owner",
            "airflow/fernet_key",
            "airflow/database",
            "analyst",
        ):
            with pytest.raises(secrets.exceptions.ClientError, match="AccessDenied"):
                secrets.get_secret_value(SecretId=f"{NAME}/{name}")
        with pytest.raises(secrets.exceptions.ClientError, match="AccessDenied"):
            secrets.list_secrets()
