"""Keep the tests on this machine: nothing but loopback and local sockets can be reached."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


class NetworkRefused(OSError):
    """Say that a test tried to leave this machine, and where to."""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def is_local(host: str | bytes | None) -> bool:
    """Tell whether a host is this machine: a loopback address, `localhost` or none at all."""
    if host is None:
        return True
    name = host.decode("utf-8", "replace") if isinstance(host, bytes) else host
    name = name.rstrip(".").lower()
    if _is_address(name):
        address = ipaddress.ip_address(name.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        # 0.0.0.0 and :: mean "every interface" to a server and "this machine" to a client.
        return (mapped or address).is_loopback or address.is_unspecified
    return name in ("", "localhost") or name.endswith(".localhost")


def _refuse(host: object) -> None:
    raise NetworkRefused(f"a test tried to reach {host!r}; tests stay on this machine: start a double on 127.0.0.1")


def _guard_address(family: int, address: Any) -> None:
    # Other families (unix, netlink) have no host and stay on this machine.
    if family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
        _refuse(address[0])


@contextmanager
def only_loopback() -> Iterator[None]:
    """Refuse every connection, datagram and name look-up that would leave this machine, while the block runs."""
    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex
    real_sendto, real_getaddrinfo = socket.socket.sendto, socket.getaddrinfo

    def connect(self: socket.socket, address: Any) -> None:
        _guard_address(self.family, address)
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _guard_address(self.family, address)
        return real_connect_ex(self, address)

    def sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        _guard_address(self.family, rest[-1])
        return real_sendto(self, data, *rest)

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        # Resolving a literal address asks nobody; resolving a name asks a server somewhere else.
        if not is_local(host) and not _is_address(host.decode() if isinstance(host, bytes) else host):
            _refuse(host)
        return real_getaddrinfo(host, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket.socket, "sendto", sendto)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Hold the whole run to this machine."""
    with only_loopback():
        yield
