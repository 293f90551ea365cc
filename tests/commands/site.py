"""A site on this machine that plays many hosts over real https, and a resolver that leads every name to it."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Reply = Callable[[web.Request], web.StreamResponse]
LIVE = "<title>Objection</title><h1>Object here</h1>" + "<p>Write to us about your data.</p>" * 60


def page(html: str = LIVE, status: int = 200, kind: str = "text/html") -> Reply:
    return lambda request: web.Response(text=html, status=status, content_type=kind)


def leads_to(where: str, status: int = 302) -> Reply:
    return lambda request: web.Response(status=status, headers={"Location": where})


@dataclass
class Asked:
    """One request as the site saw it."""

    host: str
    path: str
    method: str
    headers: dict[str, str]
    at: float


@dataclass
class Site:
    """Answer by host and path; what is not named is 404, and every host has no robots.txt unless it is named."""

    replies: dict[tuple[str, str], Reply]
    asked: list[Asked] = field(default_factory=list)
    slow: dict[tuple[str, str], Callable[[web.Request], Awaitable[web.StreamResponse]]] = field(default_factory=dict)
    port: int = 0
    runner: web.AppRunner | None = None

    def paths(self, host: str) -> list[str]:
        return [one.path for one in self.asked if one.host == host]

    async def start(self, context: ssl.SSLContext) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self.runner = web.AppRunner(app, access_log=None)
        await self.runner.setup()
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        await web.SockSite(self.runner, listener, ssl_context=context).start()

    async def stop(self) -> None:
        if self.runner is not None:
            await self.runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        now = asyncio.get_running_loop().time()
        self.asked.append(Asked(request.host, request.path_qs, request.method, dict(request.headers), now))
        if (request.host, request.path_qs) in self.slow:
            return await self.slow[request.host, request.path_qs](request)
        reply = self.replies.get((request.host, request.path_qs)) or self.replies.get((request.host, "*"))
        return reply(request) if reply else web.Response(status=404)


class Everywhere(AbstractResolver):
    """Lead every host to the site; `others` leads some to other addresses, and unknown ones nowhere."""

    def __init__(self, site: Site, others: dict[str, str] | None = None) -> None:
        self.site = site
        self.others = others or {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        assert port == 443, "only https on its own port is ever asked for"
        if host.startswith("nowhere"):
            raise OSError(f"no such host: {host}")
        address = self.others.get(host, "127.0.0.1")
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=self.site.port, family=kind, proto=0, flags=0)]

    async def close(self) -> None:
        return None


def certificates(folder: Path, hosts: list[str]) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for these hosts: the context of the site, and one that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test's own site")])
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in hosts]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "site.pem", folder / "site.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(public, private)
    return ours, ssl.create_default_context(cafile=str(public))
