"""The embedded S3: it refuses to overwrite, and leaves neither files nor a process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore


def test_object_store_refuses_to_overwrite(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="page", Body=b"first", IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=bucket, Key="page", Body=b"second", IfNoneMatch="*")
    assert s3.get_object(Bucket=bucket, Key="page")["Body"].read() == b"first"


def test_object_store_leaves_nothing_in_tmp(object_store: ObjectStore) -> None:
    assert not Path(f"/tmp/seaweedfs-s3-{object_store.port}.sock").exists()  # noqa: S108


def test_servers_die_with_a_killed_parent(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib, signal; from local.object_store import ObjectStore;"
        "store = ObjectStore.start(pathlib.Path(sys.argv[1])).wait();"
        "print(store.service.process.pid, flush=True); signal.pause()"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    assert ended(child)


def ended(pid: int, timeout_s: float = 10) -> bool:
    """Wait for a process that is not our child to end."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    import select

    try:
        return bool(select.select([watched], [], [], timeout_s)[0])
    finally:
        os.close(watched)
