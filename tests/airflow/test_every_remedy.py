"""Every sentence of our errors says what to do, and a test does it and sees it help.

The sentences are found in the source: each place that makes an error of ``errors.py``, or names one beside
what it says. Each belongs to one row of four tables: ``CASES`` (obeyed below), ``IN_A_RUN`` (obeyed by a
test that runs the DAG, or a part of it), ``BY_DOCTOR`` (obeyed as a red line of ``make doctor``), ``NOBODY``
(no person can do anything, and why).
"""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from jobmarket.airflow.task import say_why
from jobmarket.foundation import errors
from jobmarket.foundation.errors import JobMarketError, RetryableError

from tests.airflow import (
    test_daily_run,
    test_doctor,
    test_inventory_run,
    test_kept_days,
    test_period_reports,
    test_remedies,
)
from tests.offers import test_sweep
from tests.sources.france_travail import test_evidence
from tests.support.remedies import CASES, Parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore
    from local.postgres import Postgres

pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

REPOSITORY = Path(__file__).parents[2]

IN_A_RUN = {
    "has no disk space left": test_daily_run.test_a_full_disk_publishes_nothing_and_a_retry_does,
    "run the day with source = api": test_remedies.test_a_day_that_has_not_landed_is_run_from_the_api,
    "sha256 differs": test_remedies.test_what_has_landed_and_is_damaged_is_landed_anew,
    "it was deleted since; run the day again with force":
        test_remedies.test_what_has_landed_and_is_damaged_is_landed_anew,
    "is not a manifest that this version reads":
        test_remedies.test_a_manifest_that_is_damaged_before_the_load_is_landed_anew,
    "again to ask for the rest only, or set allow_gap":
        test_remedies.test_a_day_with_a_gap_is_published_as_it_is_or_asked_for_again,
    "put the cause right and run the day again":
        test_remedies.test_a_day_that_france_travail_corrects_is_asked_for_with_force,
    "break the contract, more than the":
        test_remedies.test_a_contract_that_is_corrected_takes_what_has_landed,
    "Run france_travail_daily again for": test_remedies.test_a_day_of_an_earlier_version_is_loaded_again,
    "must be a number of days from": test_kept_days.test_a_number_that_is_corrected_is_taken,
    "trigger the run again then": test_period_reports.test_a_week_that_is_not_over_is_refused,
    "No day is named": test_remedies.test_no_day_is_forgotten_unless_it_is_named,
    "is loaded, so there is nothing to report: run":
        test_remedies.test_a_month_without_a_day_is_skipped_by_the_schedule_and_refused_to_a_person,
    "once it is given": test_remedies.test_a_report_of_adzuna_is_skipped_until_its_consent_is_noted,
    "with report = true to have it written":
        test_daily_run.test_a_day_is_loaded_without_its_report_and_has_it_from_a_later_run,
    "Clear the task to run it ":
        test_remedies.test_an_error_that_nobody_knows_leaves_a_task_that_can_be_cleared,
    "reaches S3 over plain http: begin the endpoint":
        test_doctor.test_what_is_sent_in_the_clear_is_red_and_over_https_is_not,
    "sends its secret over plain http":
        test_doctor.test_what_is_sent_in_the_clear_is_red_and_over_https_is_not,
    "has another time than this machine: set the clock of":
        test_doctor.test_a_server_with_another_time_is_told_from_a_wrong_clock,
    "ask for the evidence again after that":
        test_evidence.test_no_token_no_right_and_a_long_wait_end_it_with_a_sentence,
    "France Travail gave no answer in ":
        test_evidence.test_no_token_no_right_and_a_long_wait_end_it_with_a_sentence,
    "France Travail gave no token (":
        test_evidence.test_no_token_no_right_and_a_long_wait_end_it_with_a_sentence,
    "answers 403 to the evidence":
        test_evidence.test_no_token_no_right_and_a_long_wait_end_it_with_a_sentence,
    "leave `day` empty to sweep today":
        test_inventory_run.test_sweeps_load_the_stock_and_close_what_has_gone,
    "load it before its absences are concluded from":
        test_sweep.test_nothing_is_concluded_from_a_sweep_before_it_is_loaded,
    "The warehouse has given up the offers":
        test_remedies.test_a_month_whose_days_were_given_up_is_reported_after_a_replay,
    "do what each says above, then run this task again":
        test_doctor.test_an_advice_of_the_dag_is_to_do_what_each_line_says,
}  # fmt: skip

BY_DOCTOR = (
    "The project is tested with Airflow",
    "Airflow has no pool {}",
    "slots, and one client has one rate",
    "is to be encrypted by a key of KMS",
    "writes over an object though it is asked not to",
    "keeps no older versions of its objects",
    "does not block all public access",
    "Anybody without an account may list the bucket",
    "so anybody between could read and answer",
    ", which tasks need as ",
    "history_catalog must have `type`",
    "The catalog of the history refuses the credentials",
    "The catalog of the history did not answer",
    "The clock of this machine is wrong",
    "This machine knows no time zone",
)

NOBODY = {
    "The client of the France Travail API was closed": "said while the run is being stopped",
    "The run was stopped while it waited to ask Adzuna": "said while the run is being stopped",
    "S3 failed for {} ({}): it may work later": "S3 itself fails: Airflow tries again",
    "more than 15 minutes off its own": "the clock of a machine: not a test's to set; Airflow tries again",
    "the API has changed, or the question is wrong; report it": "the contract is the project's to mend",
    "its answers prove nothing now": "the source fails: Airflow tries again; the contract is ours to mend",
    "is no answer to its query": "passed over, and the page is asked for again",
    "AWS Glue, the catalog of the history, answers {}": "Glue itself fails: Airflow tries again",
    "{} is 0: the warehouse keeps all months.": "told to the person who set it so: it is no fault",
    "see sources/registry.py": "a slip in a DAG file, met as it is parsed: no run is made",
}


class Sentence(NamedTuple):
    """A place of the source that makes an error.

    :param text: of its message, ``{}`` for what is filled in.
    """

    where: str
    error: str
    text: str


SAYS = "sentence"
"""Name of the methods that return what an error then says."""


def text_of(node: ast.AST) -> str:
    """Return the texts below a node in their order, ``{}`` for what is filled in."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.FormattedValue) or (
        isinstance(node, ast.Call) and getattr(node.func, "attr", "") == SAYS
    ):
        return "{}"
    return "".join(map(text_of, ast.iter_child_nodes(node)))


def nodes() -> Iterator[tuple[str, ast.AST]]:
    """Give what the source is made of, each with its file."""
    for file in sorted([*REPOSITORY.glob("plugins/**/*.py"), *REPOSITORY.glob("dags/*.py")]):
        for node in ast.walk(ast.parse(file.read_text())):
            yield str(file.relative_to(REPOSITORY)), node


ERRORS = {name for name, found in vars(errors).items() if isinstance(found, type)}
ERRORS.add("AirflowSkipException")
ERRORS |= {  # those of one module
    node.name
    for _, node in nodes()
    if isinstance(node, ast.ClassDef) and {getattr(base, "id", "") for base in node.bases} & ERRORS
}


def sentences() -> Iterator[Sentence]:
    """Find each place that makes an error of ours, names its class beside a text, or returns what it says."""
    for file, node in nodes():
        if isinstance(node, ast.FunctionDef) and node.name == SAYS:
            for found in ast.walk(node):
                if isinstance(found, ast.Return):
                    yield Sentence(f"{file}:{found.lineno}", SAYS, text_of(found))
            continue
        if isinstance(node, ast.Call):
            kind, inside = node.func, [*node.args]
        elif isinstance(node, ast.Tuple) and node.elts:
            kind, *inside = node.elts
        else:
            continue
        name = kind.id if isinstance(kind, ast.Name) else ""
        text = "".join(map(text_of, inside))
        if name in ERRORS and text:
            yield Sentence(f"{file}:{node.lineno}", name, text)


SENTENCES = list(sentences())
ROWS = [*CASES, *IN_A_RUN, *BY_DOCTOR, *NOBODY]


def test_each_sentence_has_its_row() -> None:
    assert len(SENTENCES) > 70
    rows = {
        (one.where, one.text): [row for row in ROWS if row in one.text]
        for one in SENTENCES
        if not is_passed_on(one)
    }
    assert {where: found for where, found in rows.items() if len(found) != 1} == {}


def is_passed_on(one: Sentence) -> bool:
    """Tell whether a sentence is made of others only: each of these stands for itself."""
    return one.text.strip(" ") in ("{}", "")


def test_each_row_is_about_a_sentence() -> None:
    # what is said of an error that is none of ours has no class
    source = "\n".join([inspect.getsource(say_why), *(one.text for one in SENTENCES)])
    assert [row for row in ROWS if row not in source] == []
    assert len(ROWS) == len(set(ROWS))


@pytest.mark.parametrize("row", BY_DOCTOR)
def test_a_row_of_the_doctor_is_one_of_its_red_lines(row: str) -> None:
    assert [words for words in test_doctor.CASES if row in words]


@pytest.mark.parametrize("row", IN_A_RUN)
def test_a_row_that_a_run_obeys_is_asserted_there(row: str) -> None:
    assert row in inspect.getsource(IN_A_RUN[row])


def test_what_is_tried_again_by_airflow_is_worth_it() -> None:
    for row in (row for row, why in NOBODY.items() if "tries again" in why):
        (one,) = [one for one in SENTENCES if row in one.text]
        assert issubclass(getattr(errors, one.error), RetryableError)


@pytest.fixture
def parts(
    airflow_metadata: None,
    monkeypatch: pytest.MonkeyPatch,
    postgres: Postgres,
    postgres_dsn: str,
    s3: S3Client,
    object_store: ObjectStore,
    bucket: str,
    tmp_path: Path,
) -> Parts:
    parts = Parts(monkeypatch, postgres, postgres_dsn, s3, object_store, bucket, tmp_path)
    parts.connect_lake()
    parts.connect_warehouse()
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)
    monkeypatch.setattr(
        "jobmarket.sources.france_travail.client.client.BACKOFF_S", 0.01
    )  # how long is not what is tried
    return parts


@pytest.mark.parametrize("remedy", CASES)
def test_the_remedy_helps(parts: Parts, remedy: str) -> None:
    case: Any = CASES[remedy](parts)
    act = next(case)
    with pytest.raises(JobMarketError) as caught:
        act()
    said = str(caught.value)
    assert [words for words in remedy.split("{}") if words not in said] == [], said
    next(case, None)  # does what the sentence says
    act()
    assert next(case, None) is None
