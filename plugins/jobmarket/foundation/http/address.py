"""What the address of a server says about the way to it. Pure."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_exposed(url: str) -> bool:
    """Tell whether a secret sent there would leave this machine unencrypted."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return False
    try:
        return not ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname != "localhost"
