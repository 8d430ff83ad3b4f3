"""A gate before servers that speak AWS's protocols: it lets pass what IAM would, under given policies.

What AWS asks IAM for each request stands in its Service Authorization Reference; objects of the lake are
encrypted with a key of KMS, so that reading one asks for ``kms:Decrypt`` and writing one for
``kms:GenerateDataKey``, both by way of S3
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html). A request that is not known
here is refused. What passes goes to the real server as it came, signature included.
"""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.support.aws_policies import ACCOUNT, DATA_KEY, REGION, Asked, is_allowed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OF_THE_HOP = {"connection", "keep-alive", "transfer-encoding", "expect"}
_HERE = f"{REGION}:{ACCOUNT}"
_SETTINGS = {
    "encryption": "GetEncryptionConfiguration",
    "versioning": "GetBucketVersioning",
    "publicAccessBlock": "GetBucketPublicAccessBlock",
}


@dataclass
class Gate:
    """What the gate lets pass, and what it saw.

    :param identity: the statements of the role that asks.
    :param resource: those of the bucket.
    :param is_tls: requests count as come by TLS.
    :param bucket_alias: name in the policies of the bucket that is called otherwise on the server.
    """

    identity: list[dict[str, Any]]
    resource: list[dict[str, Any]] = field(default_factory=list)
    is_tls: bool = True
    bucket_alias: str = ""
    key: str = DATA_KEY
    url: str = ""
    allowed: list[Asked] = field(default_factory=list)
    denied: list[Asked] = field(default_factory=list)

    def decide(self, asked: list[Asked]) -> bool:
        """Tell whether all of a request is allowed, and remember it."""
        verdicts = [is_allowed(one, self.identity, *self.resource) for one in asked]
        for one, verdict in zip(asked, verdicts, strict=True):
            (self.allowed if verdict else self.denied).append(one)
        return bool(asked) and all(verdicts)

    def may_list(self, bucket: str) -> bool:
        """Tell whether S3 would say of a missing object that it is missing."""
        return is_allowed(Asked("s3:ListBucket", f"arn:aws:s3:::{bucket}"), self.identity)


@contextmanager
def gate(upstream: str, **options: Any) -> Iterator[Gate]:
    """Open a gate before a server; its address is :attr:`Gate.url`."""
    opened = Gate(**options)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(opened, upstream))
    server.daemon_threads = True
    opened.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield opened
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(opened: Gate, upstream: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def handle_one(self) -> None:
            body = _body_of(self)
            service = self.headers.get("authorization", "").split("/")[3:4]
            asked = _ASKED[service[0]](self, body, opened) if service else []
            if not opened.decide(asked):
                self.refuse(service, asked)
                return
            answer, content = _passed_on(self, body, upstream)
            is_missing = answer.status == 404 and asked[0].action == "s3:GetObject"
            if is_missing and not opened.may_list(_bucket(self, opened)):
                self.refuse(service, asked)
                return
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _OF_THE_HOP | {"content-length", "date", "server"}:
                    self.send_header(name, value)
            length = answer.getheader("content-length") if self.command == "HEAD" else len(content)
            self.send_header("Content-Length", str(length or 0))
            self.end_headers()
            self.wfile.write(content)

        def refuse(self, service: list[str], asked: list[Asked]) -> None:
            said = ", ".join(f"{one.action} on {one.resource}" for one in asked)
            if service == ["s3"]:
                kind = "application/xml"
                text = f"<Error><Code>AccessDenied</Code><Message>{said}</Message></Error>"
            else:
                kind = "application/x-amz-json-1.1"
                text = json.dumps({"__type": "AccessDeniedException", "Message": said})
            content = b"" if self.command == "HEAD" else text.encode()
            self.send_response(403)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = handle_one  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _is_chunked(request: BaseHTTPRequestHandler) -> bool:
    return request.headers.get("transfer-encoding", "").lower() == "chunked"


def _body_of(request: BaseHTTPRequestHandler) -> bytes:
    """Read a body, also one that comes in chunks: https://www.rfc-editor.org/rfc/rfc9112#section-7.1."""
    if not _is_chunked(request):
        return request.rfile.read(int(request.headers.get("content-length", 0)))
    read = bytearray()
    while size := int(request.rfile.readline().partition(b";")[0], 16):
        read += request.rfile.read(size)
        request.rfile.readline()
    while request.rfile.readline().strip():  # trailers
        pass
    return bytes(read)


def _passed_on(
    request: BaseHTTPRequestHandler, body: bytes, upstream: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(urlsplit(upstream).netloc, timeout=60)
    try:
        connection.putrequest(
            request.command, request.path, skip_host=True, skip_accept_encoding=True
        )
        for name, value in request.headers.items():
            if name.lower() not in _OF_THE_HOP:
                connection.putheader(name, value)
        if _is_chunked(request):
            connection.putheader("Transfer-Encoding", "chunked")
            connection.endheaders([body] if body else [], encode_chunked=True)
        else:
            connection.endheaders(body)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def _bucket(request: BaseHTTPRequestHandler, opened: Gate) -> str:
    name = unquote(urlsplit(request.path).path).lstrip("/").split("/", 1)[0]
    return opened.bucket_alias or name


def _asked_of_s3(request: BaseHTTPRequestHandler, _: bytes, opened: Gate) -> list[Asked]:
    """Return what S3 asks IAM: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html."""
    parts = urlsplit(request.path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    key = unquote(parts.path).lstrip("/").partition("/")[2]
    bucket = f"arn:aws:s3:::{_bucket(request, opened)}"
    context = {"aws:SecureTransport": "true" if opened.is_tls else "false"}
    if not key:
        return _asked_of_bucket(request.command, query, bucket, context)
    target = f"{bucket}/{key}"
    through = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
    if pieces := query.keys() - {"x-id"}:
        return _asked_of_parts(request.command, pieces, target, context, opened.key)
    match request.command:
        case "HEAD":
            return [Asked("s3:GetObject", target, context)]
        case "GET":
            return [
                Asked("s3:GetObject", target, context),
                Asked("kms:Decrypt", opened.key, through),
            ]
        case "PUT":
            alone = request.headers.get("if-none-match")
            put = context | ({"s3:if-none-match": alone} if alone else {})
            return [
                Asked("s3:PutObject", target, put),
                Asked("kms:GenerateDataKey", opened.key, through),
            ]
        case "DELETE":
            return [Asked("s3:DeleteObject", target, context)]
    return []


def _asked_of_bucket(
    command: str, query: dict[str, str], bucket: str, context: dict[str, str]
) -> list[Asked]:
    if command == "PUT" and not query:
        return [Asked("s3:CreateBucket", bucket, context)]
    if command == "HEAD" or (command == "GET" and "list-type" in query):
        named = {"s3:prefix": query["prefix"]} if "prefix" in query else {}
        return [Asked("s3:ListBucket", bucket, context | named)]
    looked_at = [_SETTINGS[one] for one in query if one in _SETTINGS]
    if command == "GET" and len(looked_at) == len(query) == 1:
        return [Asked(f"s3:{looked_at[0]}", bucket, context)]
    return []


def _asked_of_parts(
    command: str, query: set[str], target: str, context: dict[str, str], key: str
) -> list[Asked]:
    """Return what S3 asks for an object in parts.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
    """
    through = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
    put = [Asked("s3:PutObject", target, context), Asked("kms:GenerateDataKey", key, through)]
    match command, *sorted(query):
        case ("POST", "uploads") | ("PUT", "partNumber", "uploadId"):
            return put
        case "POST", "uploadId":
            return [*put, Asked("kms:Decrypt", key, through)]
        case "DELETE", "uploadId":
            return [Asked("s3:AbortMultipartUpload", target, context)]
    return []  # versions, tags: nothing that the job asks for


def _asked_of_secrets(request: BaseHTTPRequestHandler, body: bytes, opened: Gate) -> list[Asked]:
    if request.headers["x-amz-target"] != "secretsmanager.GetSecretValue":
        return []
    named = json.loads(body)["SecretId"]
    # a secret asked for by its name has six letters more in its ARN
    arn = (
        named
        if named.startswith("arn:")
        else f"arn:aws:secretsmanager:{_HERE}:secret:{named}-AbCdEf"
    )
    through = {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"}
    return [
        Asked("secretsmanager:GetSecretValue", arn),
        Asked("kms:Decrypt", opened.key, through),
    ]


def _asked_of_logs(request: BaseHTTPRequestHandler, body: bytes, _: Gate) -> list[Asked]:
    action = request.headers["x-amz-target"].partition(".")[2]
    told = json.loads(body)
    groups = f"arn:aws:logs:{_HERE}:log-group:"
    if action == "DescribeLogGroups":
        return [Asked("logs:DescribeLogGroups", f"{groups}:log-stream:")]
    stream = f"{groups}{told['logGroupName']}:log-stream:{told.get('logStreamName', '')}"
    return [Asked(f"logs:{action}", stream)]


def _asked_of_glue(request: BaseHTTPRequestHandler, body: bytes, _: Gate) -> list[Asked]:
    """Return what Glue asks IAM: for what is asked, and for all that it lies in.

    https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
    """
    action = request.headers["x-amz-target"].partition(".")[2]
    told = json.loads(body)
    here = f"arn:aws:glue:{_HERE}"
    database = told.get("DatabaseName") or told.get("Name") or told["DatabaseInput"]["Name"]
    asked_for = [f"{here}:catalog", f"{here}:database/{database}"]
    if "DatabaseName" in told:
        table = told.get("Name") or told.get("TableInput", {}).get("Name", "*")
        asked_for.append(f"{here}:table/{database}/{table}")
    return [Asked(f"glue:{action}", one) for one in asked_for]


def _asked_of_ecr(request: BaseHTTPRequestHandler, body: bytes, _: Gate) -> list[Asked]:
    action = request.headers["x-amz-target"].partition(".")[2]
    named = json.loads(body).get("repositoryName")
    return [Asked(f"ecr:{action}", f"arn:aws:ecr:{_HERE}:repository/{named}" if named else "*")]


_ASKED: dict[str, Callable[[BaseHTTPRequestHandler, bytes, Gate], list[Asked]]] = {
    "s3": _asked_of_s3,
    "secretsmanager": _asked_of_secrets,
    "logs": _asked_of_logs,
    "ecr": _asked_of_ecr,
    "glue": _asked_of_glue,
}
