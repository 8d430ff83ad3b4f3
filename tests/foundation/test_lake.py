from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import boto3
import msgspec
import pytest
import zstandard
from botocore.config import Config
from botocore.exceptions import ClientError
from jobmarket.airflow.connections import open_lake
from jobmarket.foundation.errors import (
    AccessDenied,
    ConfigurationError,
    LakeUnavailable,
    PermanentError,
)
from jobmarket.foundation.lake.errors import translated
from jobmarket.foundation.lake.layout import Scope, manifest_key, page_key, report_prefix
from jobmarket.foundation.lake.manifest import Certificate, Manifest, Page, SliceCertificate
from jobmarket.foundation.lake.store import Lake

from local.object_store import ACCOUNT, SECRET
from local.process import free_port

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore

DAY = "2026-11-18"
CODES = ",".join(f"A{number:04d}" for number in range(200))


def page_of(body: bytes, number: int = 1, run_id: str = "r1", query: str = "range=0-149") -> Page:
    return Page(
        key=page_key(Scope("france_travail", DAY), run_id, number),
        query=query,
        status=206,
        content_range="offres 0-149/649142",
        announced=649_142,
        offers=150,
        sha256=hashlib.sha256(body).hexdigest(),
        body_bytes=len(body),
        received_at="2026-11-19T05:00:00.123Z",
        statuses=[500, 0, 206],
        attempt_at="2026-11-19T04:59:00.000Z",
    )


def manifest_of(pages: list[Page], run_id: str = "r1", *, is_sample: bool = False) -> Manifest:
    certificate = Certificate(
        certified=True,
        announced=3,
        collected=3,
        duplicates=0,
        outside_day=0,
        gap=0,
        requests=1,
        retries=0,
        re_reads=0,
        bytes=12,
        seconds=1.5,
        statuses={"206": 1},
        filter_shift_s=0,
        slices=[
            SliceCertificate(
                query="origineOffre=1",
                announced=3,
                announced_first=3,
                announced_last=3,
                collected=3,
                gap=0,
                requests=1,
                retries=0,
                re_reads=0,
            )
        ],
    )
    return Manifest(
        day=DAY,
        run_id=run_id,
        started_at="2026-11-19T04:59:00.000Z",
        finished_at="2026-11-19T05:01:00.000Z",
        is_sample=is_sample,
        certificate=certificate,
        pages=pages,
    )


def client_of(store: ObjectStore | None, secret: str = SECRET) -> S3Client:
    return boto3.client(
        "s3",
        endpoint_url=store.endpoint_url if store else f"http://127.0.0.1:{free_port()}",
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key=secret,
        region_name="us-east-1",
        config=Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def lake(s3: S3Client, bucket: str) -> Lake:
    return Lake(s3, bucket)


def test_a_page_is_kept_as_received_and_says_what_it_is(lake: Lake, s3: S3Client) -> None:
    body = b'{"resultats":[{"id":"1"}]}' * 50
    page = page_of(body, query=f"codeROME={CODES}&origineOffre=2&range=0-149")
    assert lake.put_page(page, body)
    assert lake.run_pages(Scope("france_travail", DAY), "r1") == [page]
    assert lake.read_page(page) == body
    stored = s3.get_object(Bucket=lake.bucket, Key=page.key)["Body"].read()
    assert zstandard.decompress(stored) == body
    assert zstandard.get_frame_parameters(stored).has_checksum


def test_a_page_is_never_overwritten(lake: Lake) -> None:
    first, second = page_of(b"first"), page_of(b"second")
    assert lake.put_page(first, b"first")
    assert lake.put_page(first, b"first")
    assert not lake.put_page(second, b"second")
    assert lake.read_page(first) == b"first"


def test_an_empty_answer_is_a_page_too(lake: Lake) -> None:
    page = page_of(b"")
    lake.put_page(page, b"")
    assert lake.read_page(page) == b""


@pytest.mark.parametrize("stored", [b"changed", zstandard.compress(b"changed")])
def test_a_changed_page_is_refused(lake: Lake, s3: S3Client, stored: bytes) -> None:
    page = page_of(b"first")
    lake.put_page(page, b"first")
    s3.put_object(Bucket=lake.bucket, Key=page.key, Body=stored)
    with pytest.raises(PermanentError, match=r"page-00001\.json\.zst does not hold the 5 bytes"):
        lake.read_page(page)
    assert (
        lake.run_pages(Scope("france_travail", DAY), "r1") == []
    )  # it does not say any more what it is


def test_objects_that_are_not_ours_are_passed_over_and_named(
    lake: Lake, s3: S3Client, caplog: pytest.LogCaptureFixture
) -> None:
    page = page_of(b"first")
    lake.put_page(page, b"first")
    prefix = f"raw/france_travail/offers/day={DAY}/"
    foreign = [
        prefix,  # the folder that a console makes
        f"{prefix}run=r1/",
        f"{prefix}run=r1/page-abc",
        f"{prefix}run=r1/page-abc.json.zst",
        f"{prefix}run=r1/page-00002.json.zst.tmp",
        f"{prefix}run=r1/page-00003.json.zst",  # a copy without metadata
        f"{prefix}run=r1/old/page-00001.json.zst",
        f"{prefix}notes/manifest.json",
        f"{prefix}manifest.json",
        f"{prefix}page-00001.json.zst",
        f"{prefix}run=/page-00001.json.zst",
    ]
    for key in foreign:
        s3.put_object(Bucket=lake.bucket, Key=key, Body=b"x")
    assert lake.run_pages(Scope("france_travail", DAY), "r1") == [page]
    assert "/run=r1/" in caplog.text
    assert lake.open_run(Scope("france_travail", DAY)) == "r1"
    assert lake.find_manifests(Scope("france_travail", DAY)) == []
    taken = page_of(b"third", 3)
    assert not lake.put_page(taken, b"third")  # the key is not free


@pytest.mark.parametrize(
    ("manifest", "certificate", "sentence"),
    [
        ({"version": 3}, {}, "its version is 3, and 2 is the last known"),
        ({"version": 0}, {}, "its version is 0"),
        ({}, {"gap": 5}, "announces 1 offers, and collects 1 with a gap of 5"),
        ({}, {"gap": 5, "announced": 6}, "is given though it has a gap"),
        ({}, {"doubts": ["so"]}, "is given though it has a gap, doubts"),
        ({"is_sample": True}, {}, "or is a sample's"),
        ({}, {"collected": -1, "announced": -1}, "counts less than nothing"),
    ],
)
def test_a_manifest_that_contradicts_itself_is_refused(
    lake: Lake, manifest: dict[str, Any], certificate: dict[str, Any], sentence: str
) -> None:
    sound = manifest_of([], "r1")
    sound = msgspec.structs.replace(
        sound,
        certificate=msgspec.structs.replace(
            sound.certificate, announced=1, collected=1, certified=True
        ),
    )
    odd = msgspec.structs.replace(
        sound, certificate=msgspec.structs.replace(sound.certificate, **certificate), **manifest
    )
    key = lake.write_manifest(odd)
    with pytest.raises(PermanentError, match=sentence):
        lake.read_manifest(key)
    assert lake.manifest_of(Scope("france_travail", DAY)) is None
    lake.write_manifest(msgspec.structs.replace(sound, run_id="r0"))
    assert lake.manifest_of(Scope("france_travail", DAY)) is not None


def test_a_manifest_that_s3_refuses_is_not_passed_over(lake: Lake, s3: S3Client) -> None:
    lake.write_manifest(manifest_of([], "r1"))

    def refuse(**_: Any) -> None:
        answer: Any = {
            "Error": {"Code": "AccessDenied"},
            "ResponseMetadata": {"HTTPStatusCode": 403},
        }
        raise ClientError(answer, "GetObject")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(s3, "get_object", refuse)
        with pytest.raises(AccessDenied, match="S3 refuses the credentials"):
            lake.manifest_of(Scope("france_travail", DAY))
    assert lake.manifest_of(Scope("france_travail", DAY)) is not None


def test_a_manifest_of_the_version_before_is_read(lake: Lake, s3: S3Client) -> None:
    """It says nothing of witnesses, and that it was proved by the older rules."""
    key = manifest_key(Scope("france_travail", DAY), "r1")
    written = msgspec.to_builtins(manifest_of([page_of(b"x")], "r1"))
    for name in ("withdrawn", "undated", "misdated", "broken_pages", "witnesses"):
        del written["certificate"][name]
    for page in written["pages"]:
        del page["is_verifying"], page["is_broken"], page["is_generated"]
    del written["is_generated"]
    written["version"] = 1
    s3.put_object(Bucket=lake.bucket, Key=key, Body=msgspec.json.encode(written))
    manifest = lake.manifest_of(Scope("france_travail", DAY))
    assert manifest is not None
    assert manifest.version == 1
    assert manifest.certificate.witnesses == []


def test_a_manifest_is_read_back_as_written(lake: Lake) -> None:
    manifest = manifest_of([page_of(b"first")])
    key = lake.write_manifest(manifest)
    assert key == f"raw/france_travail/offers/day={DAY}/run=r1/manifest.json"
    assert lake.read_manifest(key) == manifest
    assert lake.find_manifests(Scope("france_travail", DAY)) == [key]


def test_a_sample_is_not_the_manifest_of_the_day(lake: Lake) -> None:
    assert lake.manifest_of(Scope("france_travail", DAY)) is None
    lake.write_manifest(manifest_of([], "r1", is_sample=True))
    assert lake.manifest_of(Scope("france_travail", DAY)) is None
    whole = manifest_of([], "r2")
    lake.write_manifest(whole)
    assert lake.manifest_of(Scope("france_travail", DAY)) == whole


def test_a_certified_run_stands_for_the_day_before_a_newer_one_with_a_gap(lake: Lake) -> None:
    whole, later = manifest_of([], "r1"), manifest_of([], "r2")
    announced = later.certificate.announced + 1
    gap = msgspec.structs.replace(later.certificate, certified=False, gap=1, announced=announced)
    later = msgspec.structs.replace(later, certificate=gap, gap_allowed=True)
    lake.write_manifest(later)
    assert lake.manifest_of(Scope("france_travail", DAY)) == later
    lake.write_manifest(whole)
    lake.write_manifest(later)
    assert lake.manifest_of(Scope("france_travail", DAY)) == whole


def test_the_open_run_is_the_newest_one_without_manifest_that_is_no_sample(lake: Lake) -> None:
    assert lake.open_run(Scope("france_travail", DAY)) is None
    for run_id, is_sample in (("b-open", False), ("a-done", False), ("c-sample", True)):
        lake.put_page(page_of(b"x", run_id=run_id), b"x", is_sample=is_sample)
    lake.write_manifest(manifest_of([], "a-done"))
    assert lake.open_run(Scope("france_travail", DAY)) == "b-open"
    lake.write_manifest(manifest_of([], "b-open"))
    assert lake.open_run(Scope("france_travail", DAY)) is None


def test_pages_come_in_order_with_their_bodies(lake: Lake) -> None:
    bodies = [f"body {number}".encode() for number in range(1, 31)]
    pages = [page_of(body, number) for number, body in enumerate(bodies, 1)]
    for page, body in zip(pages, bodies, strict=True):
        lake.put_page(page, body)
    manifest = manifest_of(pages)
    assert list(lake.iter_pages(manifest)) == list(zip(pages, bodies, strict=True))
    first = next(iter(lake.iter_pages(manifest)))
    assert first == (pages[0], bodies[0])


def test_a_report_is_written_with_its_types(lake: Lake, s3: S3Client) -> None:
    prefix = report_prefix("france_travail", DAY)
    lake.put_report(prefix, {"index.html": b"<p>", "figures/a.png": b"png", "tables/a.csv": b"a"})
    kinds = {
        name: s3.head_object(Bucket=lake.bucket, Key=f"reports/france_travail/day={DAY}/{name}")[
            "ContentType"
        ]
        for name in ("index.html", "figures/a.png", "tables/a.csv")
    }
    assert kinds == {
        "index.html": "text/html; charset=utf-8",
        "figures/a.png": "image/png",
        "tables/a.csv": "text/csv; charset=utf-8",
    }
    assert (
        report_prefix("france_travail", DAY, is_sample=True)
        == f"reports/france_travail/samples/day={DAY}/"
    )


def test_a_report_written_again_leaves_nothing_of_the_one_before(lake: Lake) -> None:
    week = "reports/france_travail/week=2026-W47/"
    first = {"index.html": b"1", "figures/a.png": b"1", "tables/a.csv": b"1"}
    for prefix in (
        report_prefix("france_travail", DAY),
        report_prefix("france_travail", DAY, is_sample=True),
        week,
    ):
        lake.put_report(prefix, first)
    lake.put_report(
        report_prefix("france_travail", DAY), {"index.html": b"2", "tables/b.csv": b"2"}
    )
    assert lake.report_files(report_prefix("france_travail", DAY)) == ["index.html", "tables/b.csv"]
    assert lake.read_report(f"{report_prefix('france_travail', DAY)}index.html") == b"2"
    for prefix in (report_prefix("france_travail", DAY, is_sample=True), week):
        assert sorted(lake.report_files(prefix)) == sorted(first)


def test_a_bucket_is_made_once(s3: S3Client, bucket: str) -> None:
    lake = Lake(s3, f"{bucket}-new")
    lake.ensure_bucket()
    lake.ensure_bucket()
    assert lake.run_pages(Scope("france_travail", DAY), "r1") == []


def test_a_missing_bucket_is_named(s3: S3Client) -> None:
    lake = Lake(s3, "no-such-bucket")
    with pytest.raises(ConfigurationError, match="bucket no-such-bucket does not exist"):
        lake.run_pages(Scope("france_travail", DAY), "r1")


def test_a_missing_manifest_is_named(lake: Lake) -> None:
    with pytest.raises(ConfigurationError, match=r"no object s3://lake-.*/run=r9/manifest\.json"):
        lake.read_manifest(manifest_key(Scope("france_travail", DAY), "r9"))


def test_a_foreign_manifest_is_refused(lake: Lake, s3: S3Client) -> None:
    key = manifest_key(Scope("france_travail", DAY), "r9")
    s3.put_object(Bucket=lake.bucket, Key=key, Body=b'{"version": 1}')
    with pytest.raises(PermanentError, match="is not a manifest that this version reads"):
        lake.read_manifest(key)


def test_wrong_keys_are_access_denied(object_store: ObjectStore, bucket: str) -> None:
    client = client_of(object_store, secret="wrong")
    lake = Lake(client, bucket)
    with pytest.raises(AccessDenied, match="S3 refuses the credentials of aws_default"):
        lake.run_pages(Scope("france_travail", DAY), "r1")
    with pytest.raises(AccessDenied, match="S3 refuses the credentials of aws_default"):
        lake.ensure_bucket()
    client.close()


@pytest.mark.parametrize(
    ("code", "status", "error", "message"),
    [
        ("ConditionalRequestConflict", 409, LakeUnavailable, "it may work later"),
        ("OperationAborted", 409, LakeUnavailable, "it may work later"),
        ("SlowDown", 503, LakeUnavailable, "it may work later"),
        ("RequestTimeout", 400, LakeUnavailable, "it may work later"),
        ("ThrottlingException", 400, LakeUnavailable, "it may work later"),
        ("", 429, LakeUnavailable, "429"),
        (
            "RequestTimeTooSkewed",
            403,
            LakeUnavailable,
            "the clock of this machine is more than 15 min",
        ),
        ("AccessDenied", 403, AccessDenied, "refuses the credentials"),
        ("ExpiredToken", 400, AccessDenied, "refuses the credentials"),
        ("InvalidBucketName", 400, ConfigurationError, "correct the variable data_lake_bucket"),
        ("\x1b[31mB\nad" + "x" * 500, 400, ConfigurationError, r"\(\[31mB adx{45,50} \[…\]\)"),
    ],
)
def test_what_s3_refuses_in_one_sentence(
    code: str, status: int, error: type[Exception], message: str
) -> None:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    with pytest.raises(error, match=message), translated("lake", "a/key"):
        raise ClientError(answer, "PutObject")


def test_an_endpoint_that_is_none_is_told_without_its_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    extra = {"endpoint_url": "http//user:pl4nted-word@[s3", "region_name": "eu-west-3"}
    connection = {"conn_type": "aws", "login": "a", "password": "b" * 20, "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(connection))
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", "lake")
    with pytest.raises(ConfigurationError, match="aws_default cannot be used for S3") as caught:
        open_lake()
    assert "pl4nted" not in str(caught.value)


def test_a_server_that_is_down_is_worth_a_retry() -> None:
    client = client_of(None)
    lake = Lake(client, "lake")
    with pytest.raises(LakeUnavailable, match="S3 did not answer for s3://lake"):
        lake.put_page(page_of(b"x"), b"x")
    with pytest.raises(LakeUnavailable, match="S3 did not answer for s3://lake"):
        lake.ensure_bucket()
    client.close()
