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


def is_on_a_laptop(host: str | None) -> bool:
    """Tell whether a host is this machine, or a service beside it that only its name without a dot finds.

    So are the stand-ins of the laptop stack and of the containers found; what is real has a domain.
    """
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return "." not in (host or "")
