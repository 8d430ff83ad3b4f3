"""The real S3 behind the laptop set-up: SeaweedFS, from a Python package, with a catalog of Iceberg tables.

What lives here: starting it on loopback in a directory of its own, with its accounts. What does not: how its
parts trust each other (``object_store_security``), the life of a process (``process``).
"""

from __future__ import annotations

import json
import secrets
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.object_store_security import write_security
from local.process import LOOPBACK, Service, answers_http, free_port, launch
from sandbox.places import private_directory, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT = "jobmarket"
# Of an object store that one process starts and uses: `kept` has a secret that stays.
SECRET = secrets.token_hex(16)
TABLE_BUCKET = "history"


@dataclass
class ObjectStore:
    """A running SeaweedFS with its S3 interface.

    Its parts talk to one another by tokens and certificates of their own: S3 is the only way in.

    :param service: the ``weed mini`` process.
    :param port: of S3 on loopback.
    :param secret: of the account that may do everything.
    :param catalog_port: of its catalog of Iceberg tables on loopback; 0 if it has none.
    """

    service: Service
    port: int
    secret: str
    catalog_port: int = 0

    @classmethod
    def start(
        cls,
        directory: Path,
        port: int | None = None,
        *,
        secret: str = SECRET,
        readers: Mapping[str, str] | None = None,
        catalog_port: int = 0,
        has_keys: bool = False,
    ) -> ObjectStore:
        """Start the store of a directory; :meth:`wait` before using it.

        :param secret: of the account ``ACCOUNT``.
        :param readers: accounts that may only read, with their secrets.
        :param catalog_port: of a REST catalog over the tables of the bucket ``history``; 0 for none. It takes
            the same accounts.
        :param has_keys: it makes keys as KMS does, when a bucket names one.
        """
        private_directory(directory)
        data, config = private_directory(directory / "data"), directory / "s3.json"
        write_security(directory)
        identities = [_identity(ACCOUNT, secret, "Admin", "Read", "Write", "List", "Tagging")]
        identities += [_identity(*reader, "Read", "List") for reader in (readers or {}).items()]
        keys = {"default_provider": "local", "providers": {"local": _KEYS_ON_DEMAND}}
        kms = {"kms": keys} if has_keys else {}
        write_private(config, json.dumps({"identities": identities, **kms}))
        port = port or free_port()
        command = [str(Path(sysconfig.get_path("scripts")) / "weed"), "-logtostderr=true", "mini"]
        command += [f"-dir={data}"]
        command += [
            f"-ip={LOOPBACK}",
            f"-ip.bind={LOOPBACK}",
            f"-s3.config={config}",
            f"-s3.port={port}",
            # beside its log; by default one a port is left behind in /tmp
            "-s3.localSocket=s3.sock",
            "-filer.localSocket=filer.sock",
            # a bucket takes some volumes, whatever is in it; else the free disk says how many may be
            "-volume.max=10000",
            "-disableHttp",  # else the filer lists and takes files of anybody
        ]
        command += [f"-{part}={free_port()}" for part in _WEED_PORTS]
        command += ["-webdav=false", "-admin.ui=false", "-s3.port.lance=0"]
        command += [f"-s3.port.iceberg={catalog_port}"]
        command += [f"-tableBucket={TABLE_BUCKET}"] if catalog_port else []
        service = launch(
            "SeaweedFS",
            command,
            directory / "seaweedfs.log",
            # it wants a key for encrypted objects even if none is asked for
            env={"WEED_S3_SSE_KEY": secret},
            cwd=directory,
        )
        return cls(service, port, secret, catalog_port)

    def wait(self) -> ObjectStore:
        """Wait until it answers; raise :class:`ServiceError` with its log if it does not."""
        self.service.wait_until(self._answers)
        return self

    @property
    def endpoint_url(self) -> str:
        """Return the address of its S3 interface."""
        return f"http://{LOOPBACK}:{self.port}"

    def stop(self) -> None:
        """Stop the store."""
        self.service.stop()

    def _answers(self) -> bool:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        quick = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
        client = boto3.client(
            "s3",
            endpoint_url=self.endpoint_url,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=self.secret,
            region_name="us-east-1",
            config=quick,
        )
        try:
            buckets = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
        except (BotoCoreError, ClientError):
            return False
        if not self.catalog_port:
            return True
        # the bucket of tables is made a second after the rest answers
        address = f"http://{LOOPBACK}:{self.catalog_port}/v1/config"
        return TABLE_BUCKET in buckets and answers_http(address)


_KEYS_ON_DEMAND = {"type": "local", "enableOnDemandCreate": True}


def _identity(name: str, secret: str, *actions: str) -> dict[str, object]:
    credentials = [{"accessKey": name, "secretKey": secret}]
    return {"name": name, "credentials": credentials, "actions": list(actions)}


_WEED_PORTS = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "s3.port.grpc",
    "admin.port",
    "admin.port.grpc",
)
