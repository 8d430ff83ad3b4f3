"""Sentences about S3."""

from __future__ import annotations

import os
from typing import Any

from jobmarket.airflow.connections import open_lake
from jobmarket.foundation.lake.layout import Scope

from local.process import free_port
from tests.support.loaded_day import DAY
from tests.support.remedies.of_source import ONE_OFFER, Canned, canned
from tests.support.remedies.parts import Parts, obeys


def look_into_lake() -> None:
    open_lake(attempts=1).find_manifests(Scope("france_travail", str(DAY)))


@obeys("give it the name of the S3 bucket")
def no_bucket_variable(parts: Parts) -> Any:
    parts.monkeypatch.delenv("AIRFLOW_VAR_DATA_LAKE_BUCKET")
    yield look_into_lake
    parts.monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", parts.bucket)


@obeys("cannot be used for S3")
def an_endpoint_that_is_none(parts: Parts) -> Any:
    parts.connect_lake(extra={"endpoint_url": "http//[s3", "region_name": "us-east-1"})
    yield look_into_lake
    parts.connect_lake()


@obeys("set login and password of the connection aws_default")
def no_credentials(parts: Parts) -> Any:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        parts.monkeypatch.delenv(name)
    parts.monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    parts.monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    parts.connect_lake(login=None, password=None)
    yield look_into_lake
    parts.connect_lake()


@obeys("check the endpoint_url of the connection")
def s3_elsewhere(parts: Parts) -> Any:
    closed = f"http://127.0.0.1:{free_port()}"
    parts.connect_lake(extra={"endpoint_url": closed, "region_name": "us-east-1"})
    yield look_into_lake
    parts.connect_lake()


@obeys("correct the endpoint_url of the connection aws_default, or whatever stands")
def a_portal_before_s3(parts: Parts) -> Any:
    with canned(Canned(206, body=ONE_OFFER)) as url:  # an answer of JSON where XML was expected
        parts.connect_lake(extra={"endpoint_url": url, "region_name": "us-east-1"})
        yield look_into_lake
        parts.connect_lake()
        yield look_into_lake


@obeys("The connection aws_default cannot be used for {} ({}): correct it.")
def no_region(parts: Parts) -> Any:
    parts.monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    parts.connect_lake(extra={"region_name": "nowhere!"})
    yield look_into_lake
    parts.connect_lake()


@obeys("create it, or correct the variable data_lake_bucket")
def no_such_bucket(parts: Parts) -> Any:
    parts.monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", "no-such-bucket")
    yield look_into_lake
    parts.monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", parts.bucket)


@obeys("correct the variable data_lake_bucket, or the endpoint_url")
def a_name_that_no_bucket_has(parts: Parts) -> Any:
    parts.monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", "A..b")

    def create() -> None:
        open_lake(attempts=1).ensure_bucket()

    yield create
    parts.monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", parts.bucket)


@obeys("correct them, or grant s3:ListBucket")
def wrong_keys(parts: Parts) -> Any:
    parts.connect_lake(password="wrong")
    yield look_into_lake
    parts.connect_lake()
