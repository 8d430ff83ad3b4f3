"""What docs/ says of AWS is what infra/ holds: the drawing, the costs, the policies, the names."""

from __future__ import annotations

import ast
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from local.airflow_setup import POOLS
from scripts import aws_costs, aws_diagram, terraform_files
from tests.support.statements import BREAKS
from tests.support.terraform import INFRA

if TYPE_CHECKING:
    from pathlib import Path

REPOSITORY = INFRA.parent
VARIABLES = (INFRA / "variables.tf").read_text(encoding="utf-8")
GUIDE = (REPOSITORY / "docs" / "aws.md").read_text(encoding="utf-8")


def test_the_drawing_is_that_of_the_template() -> None:
    assert aws_diagram.FILE.read_text(encoding="utf-8") == aws_diagram.render()


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "infra"
    shutil.copytree(INFRA, copy, ignore=shutil.ignore_patterns(".terraform*"))
    for name in ("resources", "sizes", "policy", "names_in"):
        original = getattr(terraform_files, name)
        monkeypatch.setattr(
            aws_diagram, name, lambda *told, original=original: original(*told, folder=copy)
        )
    return copy


@pytest.mark.parametrize(
    ("file", "before", "after", "found"),
    [
        (
            "sizes.json",
            '"cpu": 1024, "memory_mb": 4096',
            '"cpu": 2048, "memory_mb": 8192',
            "2 vCPU, 8 GB",
        ),
        (
            "policies/ui.json",
            '"s3:GetObject"',
            '["s3:GetObject", "s3:DeleteObject"]',
            "api: list, read, delete",
        ),
        ("network.tf", "from_port         = 443", "from_port         = 8443", ">8443<"),
        ("balancer.tf", 'protocol          = "HTTPS"', 'protocol          = "HTTP"', "HTTP alone"),
    ],
)
def test_the_drawing_follows_the_template(
    edited: Path, file: str, before: str, after: str, found: str
) -> None:
    text = (edited / file).read_text(encoding="utf-8")
    assert before in text
    (edited / file).write_text(text.replace(before, after), encoding="utf-8")
    assert found in aws_diagram.render()


def test_what_is_not_drawn_is_refused(edited: Path) -> None:
    (edited / "more.tf").write_text('resource "aws_sqs_queue" "late" {\n  name = "x"\n}\n')
    with pytest.raises(ValueError, match=r"lacks \['aws_sqs_queue.late'\] of infra/"):
        aws_diagram.render()


def test_what_is_drawn_and_gone_is_refused(edited: Path) -> None:
    (edited / "image.tf").unlink()
    with pytest.raises(ValueError, match=r"draws \['aws_ecr_lifecycle_policy.main', 'aws_ecr_repo"):
        aws_diagram.render()


def test_the_costs_are_those_of_the_sizes() -> None:
    assert aws_costs.FILE.read_text(encoding="utf-8") == aws_costs.render()
    small = aws_costs.monthly("small")
    # by hand: 730 h x (1 vCPU x 0.04048 + 4 GB x 0.004445)
    assert round(small["ECS Fargate: scheduler"], 2) == 42.53
    assert round(aws_costs.monthly("large")["RDS PostgreSQL, instance"], 2) == 245.28


def test_the_table_of_the_policies_names_each_statement_and_what_breaks() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \|$", GUIDE, re.MULTILINE)
    assert [((document, sid), name) for document, sid, name in rows] == list(BREAKS.items())
    known = {
        node.name
        for file in (
            *("infra/test_least_privilege", "infra/whole_runs", "infra/deployed"),
            "support/lake_scenarios",
        )
        for node in ast.parse((REPOSITORY / "tests" / f"{file}.py").read_text()).body
        if isinstance(node, ast.FunctionDef)
    }
    assert {name for _, _, name in rows} <= known


def test_the_alarm_waits_for_a_sentence_that_the_load_says() -> None:
    (pattern,) = re.findall(r'pattern +:?= "\\"(.+)\\""', (INFRA / "logs.tf").read_text())
    operators = REPOSITORY / "plugins" / "jobmarket" / "airflow" / "operators.py"
    assert f'"{pattern} %s in ' in operators.read_text(encoding="utf-8")


def test_the_one_off_task_makes_the_pools_of_the_dags() -> None:
    (told,) = [
        ast.literal_eval(node.value)
        for node in ast.parse((INFRA / "prepare.py").read_text()).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "POOLS"
    ]
    assert told == POOLS


def test_the_guide_names_variables_and_outputs_that_there_are() -> None:
    variables = re.findall(r'^variable "(\w+)"', VARIABLES, re.MULTILINE)
    outputs = re.findall(r'^output "(\w+)"', (INFRA / "outputs.tf").read_text(), re.MULTILINE)
    block = GUIDE.split("```hcl\n")[1].split("```")[0]
    named = re.findall(r"^ +(\w+) +=", block, re.MULTILINE)
    needed = [
        name
        for name, body in re.findall(
            r'^variable "(\w+)" \{(.*?)^\}', (INFRA / "variables.tf").read_text(), re.M | re.S
        )
        if "default" not in body
    ]
    assert set(needed) <= set(named) <= set(variables)
    assert set(re.findall(r"terraform output (?:-raw )?(\w+)", GUIDE)) <= set(outputs)


def test_the_connections_find_the_bundle_of_certificates() -> None:
    (path,) = set(re.findall(r'sslrootcert = "([^"]+)"', (INFRA / "secrets.tf").read_text()))
    assert path == "/opt/airflow/include/global-bundle.pem"
    assert "include/global-bundle.pem" in GUIDE
    dockerfile = (REPOSITORY / "Dockerfile").read_text()
    assert "COPY --chown=airflow:0 include/" in dockerfile
    # and `prepare`, which is no part of Airflow, the package
    assert "ENV PYTHONPATH=${AIRFLOW_HOME}/plugins" in dockerfile
