"""What keeps SeaweedFS's own ports closed: keys for its HTTP, certificates for its gRPC.

What lives here: one file that all its parts read (https://github.com/seaweedfs/seaweedfs/wiki/Security-Overview).
What does not: the process and who may use S3 (``object_store``).
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sandbox.places import write_private

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ("volume", "master", "filer", "s3", "client", "admin", "worker")
KEYS = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
LIFE = timedelta(days=3650)


def write_security(directory: Path) -> None:
    """Write ``security.toml`` and what it names, anew at each start: only that process needs it."""
    directory = directory.resolve()
    certificate, key = directory / "grpc.crt", directory / "grpc.key"
    issued, private = _certificate()
    write_private(certificate, issued)
    write_private(key, private)
    lines = [line for name in KEYS for line in (f"[{name}]", f'key = "{secrets.token_hex(32)}"')]
    lines += ["[grpc]", f'ca = "{certificate}"']
    for part in PARTS:
        lines += [f"[grpc.{part}]", f'cert = "{certificate}"', f'key = "{key}"']
    write_private(directory / "security.toml", "\n".join([*lines, ""]))


def _certificate() -> tuple[str, str]:
    """Return a certificate that vouches for itself, and its private key, as PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "jobmarket")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage(
                [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode(), private.decode()
