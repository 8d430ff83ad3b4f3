"""The laptop is shared: nothing planted is followed, what is ours is closed, every port asks who it is."""

from __future__ import annotations

import json
import os
import ssl
import stat
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from local import airflow_setup, kept
from local.postgres import Postgres
from local.process import LOOPBACK, ServiceError, launch, unprivileged_account
from sandbox.places import private_directory, write_private

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of others")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_directory_is_closed_to_others(tmp_path: Path) -> None:
    made = private_directory(tmp_path / "a" / "b")
    assert mode(made) == 0o700
    made.chmod(0o777)
    assert mode(private_directory(made)) == 0o700


def _of_another(path: Path, _: Path) -> None:
    path.mkdir()
    os.chown(path, 65534, 65534)


@pytest.mark.parametrize(
    "plant",
    [
        lambda path, elsewhere: path.symlink_to(elsewhere),
        lambda path, _: path.symlink_to("nowhere"),
        lambda path, _: path.write_text("a file"),
        pytest.param(_of_another, marks=needs_root),
    ],
    ids=["link to a directory", "link to nothing", "file", "directory of another"],
)
def test_what_others_planted_is_not_used(
    tmp_path: Path, plant: Callable[[Path, Path], object]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    plant(tmp_path / "planted", elsewhere)
    with pytest.raises(ServiceError, match="is not a directory of this account"):
        private_directory(tmp_path / "planted")
    assert mode(elsewhere) == 0o755
    assert list(elsewhere.iterdir()) == []


def test_a_log_is_not_written_through_a_link(tmp_path: Path) -> None:
    victim, log = tmp_path / "victim", tmp_path / "log"
    victim.write_text("kept")
    log.symlink_to(victim)
    with pytest.raises(OSError, match="symbolic links"):
        launch("echo", ["echo", "planted"], log)
    assert victim.read_text() == "kept"
    log.unlink()
    launch("echo", ["echo", "ours"], log).process.wait()
    assert (log.read_text(), mode(log)) == ("ours\n", 0o600)


def test_a_private_file_takes_the_place_of_a_link(tmp_path: Path) -> None:
    victim, file = tmp_path / "victim", tmp_path / "file"
    victim.write_text("kept")
    file.symlink_to(victim)
    write_private(file, "ours")
    assert (victim.read_text(), file.read_text(), mode(file)) == ("kept", "ours", 0o600)


def test_the_cluster_has_a_password_of_its_own(postgres: Postgres) -> None:
    password = postgres.directory / "password"
    assert (len(postgres.secret), mode(password)) == (32, 0o600)
    assert password.read_text() == postgres.secret
    assert mode(postgres.directory / "cluster") == 0o700
    assert password.lstat().st_uid == postgres.directory.lstat().st_uid == os.geteuid()
    owner = unprivileged_account()
    if owner is not None:
        assert (postgres.directory / "cluster").lstat().st_uid == owner.pw_uid


def test_a_cluster_of_known_passwords_is_not_started(open_path: Path) -> None:
    cluster = open_path / "postgres" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("17")
    with pytest.raises(ServiceError, match=r"earlier version.*`make clean`"):
        Postgres.start(open_path / "postgres")


def test_keys_of_an_earlier_version_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "STATE", tmp_path)
    (tmp_path / "keys.json").write_text(json.dumps({"fernet": "a", "api": "b", "jwt": "c"}))
    with pytest.raises(ServiceError, match=r"earlier version.*`make clean`"):
        airflow_setup.connections(kept.Ports(1, 2, 3, 4, 5))


def test_an_owner_rules_its_database_and_nothing_else(postgres: Postgres) -> None:
    for name in ("owned", "others"):
        postgres.create_owner(name, f"secret-of-{name}")
    postgres.create_owner("owned", "another-secret")  # a start with new keys
    address = f"postgresql://owned:another-secret@{LOOPBACK}:{postgres.port}"
    with psycopg.connect(f"{address}/owned", autocommit=True) as connection:
        assert connection.execute(
            "select rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"
        ).fetchone() == (False, False, False)
        connection.execute("create schema core")
        for refused in ("copy (select 1) to program 'true'", "copy (select 1) to '/tmp/x'"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(f"{address}/others")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"{address}/owned".replace("another-secret", "secret-of-owned"))


def listening_ports(pid: int) -> set[int]:
    """Return the TCP ports on which a process listens (Linux)."""
    inodes = {
        str(file.readlink()).removeprefix("socket:[").removesuffix("]")
        for file in Path(f"/proc/{pid}/fd").iterdir()
        if file.is_symlink()
    }
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            (
                _,
                local,
                _,
                state,
                *_,
            ) = line.split()[:4]
            if state == "0A" and line.split()[9] in inodes:
                found.add(int(local.rpartition(":")[2], 16))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_port_of_the_object_store_gives_or_takes_a_file(
    object_store: ObjectStore, s3: S3Client, bucket: str
) -> None:
    s3.put_object(Bucket=bucket, Key="planted-name", Body=b"planted-content" * 1000)
    ports = listening_ports(object_store.service.process.pid)
    ready_by = time.monotonic() + 30  # its parts begin to listen one after the other
    while len(ports) < 11 and time.monotonic() < ready_by:
        ports = listening_ports(object_store.service.process.pid)
    assert object_store.port in ports
    assert len(ports) == 11
    paths = (
        *("", f"buckets/{bucket}/", f"buckets/{bucket}/planted-name", f"{bucket}/planted-name"),
        *("dir/assign", "vol/status", "?pretty=y", "1,01637037d6", "submit", "metrics"),
    )
    for port in sorted(ports):
        for path in paths:
            for method in ("GET", "POST", "PUT", "DELETE"):
                said = answer_of(method, f"http://{LOOPBACK}:{port}/{path}")
                assert b"planted" not in said, (port, method, path)
        assert not speaks_grpc(port)
    assert s3.get_object(Bucket=bucket, Key="planted-name")["Body"].read(7) == b"planted"
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert keys == ["planted-name"]


def answer_of(method: str, url: str) -> bytes:
    request = urllib.request.Request(url, data=b"" if method != "GET" else None, method=method)
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        # a 404 may repeat what was asked for
        return b"" if error.code in (400, 401, 403, 404, 405, 501) else error.read()
    except OSError:
        return b""


def speaks_grpc(port: int) -> bool:
    """Return whether a port answers HTTP/2 to who has no certificate: in plain text, or after TLS."""
    import socket

    hello = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04" + bytes(5)
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    trusting.set_alpn_protocols(["h2"])
    for wrap in (lambda sock: sock, trusting.wrap_socket):
        try:
            plain = socket.create_connection((LOOPBACK, port), timeout=1)
            with plain, wrap(plain) as sock:
                sock.sendall(hello)
                # a SETTINGS frame: length, then type 4
                if sock.recv(9)[3:4] == b"\x04":
                    return True
        except OSError:
            continue
    return False


def test_secrets_of_the_store_are_closed_to_others(object_store: ObjectStore) -> None:
    directory = Path(f"/proc/{object_store.service.process.pid}/cwd").readlink()
    private = ("s3.json", "security.toml", "grpc.key", "seaweedfs.log")
    assert {name: mode(directory / name) for name in private} == dict.fromkeys(private, 0o600)
    assert mode(directory) == mode(directory / "data") == 0o700


def test_a_shell_of_the_store_has_no_way_in(object_store: ObjectStore, tmp_path: Path) -> None:
    ports = sorted(listening_ports(object_store.service.process.pid))
    weed = Path(sysconfig.get_path("scripts")) / "weed"
    for port in ports[:3]:
        try:
            said = subprocess.run(
                [weed, "shell", f"-master={LOOPBACK}:{port}.{port}"],
                input=b"fs.ls /buckets\n",
                capture_output=True,
                timeout=1.5,
                cwd=tmp_path,
                check=False,
            ).stdout
        except subprocess.TimeoutExpired as still:
            said = still.stdout or b""
        assert b"lake-" not in said
