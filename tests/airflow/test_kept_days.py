"""The variables that say for how many days something is kept: what they may be, and what is refused."""

from __future__ import annotations

import pytest
from jobmarket.airflow.kept_days import grace_days, retention_days
from jobmarket.foundation.errors import ConfigurationError

pytestmark = pytest.mark.airflow


@pytest.mark.parametrize(
    ("said", "days"), [(None, 7), ("0", 0), ("1", 1), ("30", 30), (" 14 ", 14), ("007", 7)]
)
def test_the_grace_before_erasing(
    airflow_metadata: None, monkeypatch: pytest.MonkeyPatch, said: str | None, days: int
) -> None:
    if said is not None:
        monkeypatch.setenv("AIRFLOW_VAR_ERASURE_GRACE_DAYS", said)
    assert grace_days() == days


@pytest.mark.parametrize(
    "said", ["31", "-1", "", "7 days", "1.5", "\u0667", "1e1", "9" * 50, "None", "<b>7</b>"]
)
def test_a_grace_that_is_none_is_named(
    airflow_metadata: None, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_ERASURE_GRACE_DAYS", said)
    with pytest.raises(ConfigurationError) as met:
        grace_days()
    assert str(met.value) == (
        f"The variable erasure_grace_days must be a number of days from 0 to 30, but is {said[:40]!r}: "
        f"correct it, or delete it for 7 (Admin > Variables)."
    )


@pytest.mark.parametrize(("said", "days"), [(None, 30), ("3", 3), ("400", 400)])
def test_the_retention_of_answers(
    airflow_metadata: None, monkeypatch: pytest.MonkeyPatch, said: str | None, days: int
) -> None:
    if said is not None:
        monkeypatch.setenv("AIRFLOW_VAR_RAW_RETENTION_DAYS", said)
    assert retention_days() == days


@pytest.mark.parametrize("said", ["2", "0", "forever"])
def test_a_retention_that_leaves_no_night_to_copy_is_refused(
    airflow_metadata: None, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_RAW_RETENTION_DAYS", said)
    with pytest.raises(
        ConfigurationError, match="raw_retention_days must be a number of days from 3 to 9999"
    ):
        retention_days()


@pytest.mark.parametrize("way", ["correct it", "delete it"])
def test_a_number_that_is_corrected_is_taken(
    airflow_metadata: None, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_ERASURE_GRACE_DAYS", "a week")
    with pytest.raises(ConfigurationError, match=way):
        grace_days()
    if way == "correct it":
        monkeypatch.setenv("AIRFLOW_VAR_ERASURE_GRACE_DAYS", "9")
    else:
        monkeypatch.delenv("AIRFLOW_VAR_ERASURE_GRACE_DAYS")
    assert grace_days() == (9 if way == "correct it" else 7)
