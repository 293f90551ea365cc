"""Open the pages that facts lead to, politely and carefully, and say what they are. Nothing is ever edited.

One request a second from each host (fewer where its robots.txt or a Retry-After asks for that), GET only, no cookies,
no proxy, https on port 443.
Every address is held against its list of hosts before it is opened, redirects too; a host that resolves to a private
address is refused, and the connection goes to the very address that was looked at.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from bot.facts.hosts import refuse
from bot.facts.links.page import Page, Verdict, is_login, judge, read_page
from bot.facts.links.robots import NOTHING, Rules, read_robots
from bot.facts.links.targets import Target, host_of

AGENT = "optout-bot-link-check/1 (+asks one page a second; see robots.txt)"
MOST_BYTES = 512 * 1024
MOST_SECONDS = 20.0
MOST_HOPS = 5
AT_ONCE = 8
"""Hosts that are asked side by side."""
_REDIRECTS = {301, 302, 303, 307, 308}
_FOR_GOOD = {301, 308}
_BLOCKED = {401, 403, 405, 406, 429, 451}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NOT_PUBLIC = tuple(map(ipaddress.ip_network, ("fec0::/10", "3fff::/20", "192.88.99.0/24")))
"""Old private addresses, examples and relays that the standard library takes for public ones."""
LONGEST_WAIT = 60.0
"""Seconds that a host is left alone when it says that we ask too often (Retry-After)."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a page was: `final` is where it was found, `note` what showed it, `status` the last one (0: no answer)."""

    target: Target
    verdict: Verdict
    note: str = ""
    status: int = 0
    final: str = ""


Progress = Callable[[int, int, Result], None]
"""Called after every page: how many are done, of how many, and the last result."""


class PrivateAddress(OSError):
    """Say that a host name leads into a private network."""


class PublicOnly(AbstractResolver):
    """Resolve host names, and refuse those with any address that is not public."""

    def __init__(self, inner: AbstractResolver, *, loopback: bool = False) -> None:
        self._inner = inner
        self._loopback = loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Give the addresses the connection will be made to; raises `PrivateAddress`."""
        found = await self._inner.resolve(host, port, family)
        for one in found:
            if not is_public(one["host"]) and not (self._loopback and _address(one["host"]).is_loopback):
                raise PrivateAddress(f"{host} is {one['host']}, a private address")
        return found

    async def close(self) -> None:
        """Close the inner resolver."""
        await self._inner.close()


def is_public(text: str) -> bool:
    """Say whether an address is one of the open internet, also one that is hidden inside an IPv6 address."""
    address = _address(text)
    if isinstance(address, ipaddress.IPv6Address):
        if address.sixtofour is not None or address.teredo is not None:
            return False
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif address in _NAT64:
            address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if any(address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(text.partition("%")[0])


@dataclass(slots=True)
class _Lane:
    """The way to one host: one request at a time, with a pause between them."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    rules: Rules | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location: str
    text: str


class LinkChecker:
    """Check links. The arguments besides `pause` are for tests: a resolver of their own, and a certificate to trust.

    `allow_loopback` lets a name lead to this machine; nothing but a test's own site is reached so.
    """

    def __init__(
        self,
        *,
        pause: float = 1.0,
        resolver: AbstractResolver | None = None,
        trust: ssl.SSLContext | None = None,
        allow_loopback: bool = False,
        shorteners: tuple[str, ...] = (),
        seconds: float = MOST_SECONDS,
    ) -> None:
        self._pause = pause
        self._resolver = resolver
        self._trust = trust
        self._loopback = allow_loopback
        self._shorteners = shorteners
        self._seconds = seconds
        self._lanes: dict[str, _Lane] = {}

    async def check(
        self, targets: Sequence[Target], progress: Progress = lambda done, of, last: None
    ) -> tuple[Result, ...]:
        """Open every page and judge it; the results are in the order of `targets`. Nothing raises for one bad page."""
        results: dict[Target, Result] = {}
        by_host: dict[str, list[Target]] = {}
        for target in targets:
            by_host.setdefault(target.host, []).append(target)
        room = asyncio.Semaphore(AT_ONCE)

        async def visit(mine: list[Target], session: aiohttp.ClientSession) -> None:
            async with room:
                for target in mine:
                    results[target] = await self._follow(session, target)
                    progress(len(results), len(targets), results[target])

        resolver = PublicOnly(self._resolver or ThreadedResolver(), loopback=self._loopback)
        connector = aiohttp.TCPConnector(resolver=resolver, ssl=self._trust or True, limit=AT_ONCE, use_dns_cache=False)
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector,
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=aiohttp.ClientTimeout(total=self._seconds),
                    headers={"User-Agent": AGENT, "Accept": "text/html, */*;q=0.5", "Accept-Encoding": "identity"},
                ) as session,
                asyncio.TaskGroup() as group,
            ):
                for mine in by_host.values():
                    group.create_task(visit(mine, session))
        finally:
            await resolver.close()
        return tuple(results[target] for target in targets)

    async def _follow(self, session: aiohttp.ClientSession, target: Target) -> Result:
        """Open an address and go where it leads, as long as that is allowed."""
        url, moved, status = target.url, False, 0
        for _ in range(MOST_HOPS + 1):
            reason = refuse(url, target.allowed, self._shorteners)
            if reason is not None:
                outside = url != target.url and host_of(url) not in ("", target.host)
                return Result(target, "elsewhere" if outside else "refused", reason, status, url)
            try:
                if not (await self._rules(session, url)).allows(url):
                    return Result(target, "robots", "", status, url)
                answer = await self._get(session, url)
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                return _failed(target, error, url, status)
            status = answer.status
            page = read_page(answer.text, url)
            onward = answer.location or _refreshed(page, url)
            if not onward:
                return _judge(target, status, page, url, moved)
            moved = moved or status in _FOR_GOOD
            if is_login(onward) and not refuse(onward.partition("?")[0], target.allowed):
                return Result(target, "login", "", status, onward.partition("?")[0])
            url = onward
        return Result(target, "failed", f"it leads on more than {MOST_HOPS} times", status, url)

    async def _rules(self, session: aiohttp.ClientSession, url: str) -> Rules:
        """Read the robots.txt of a host once; one that cannot be read allows nothing, one that is not there all."""
        host = host_of(url)
        lane = self._lanes.setdefault(host, _Lane())
        if lane.rules is None:
            at = f"https://{host}/robots.txt"
            answer = await self._get(session, at, any_kind=True)
            for _ in range(MOST_HOPS):
                if not answer.location or refuse(answer.location, (host.removeprefix("www."),)):
                    break
                answer = await self._get(session, answer.location, any_kind=True)
            if answer.status < 300:
                lane.rules = read_robots(answer.text, AGENT)
            else:
                lane.rules = Rules() if 300 <= answer.status < 500 and answer.status != 429 else NOTHING
        return lane.rules

    async def _get(self, session: aiohttp.ClientSession, url: str, *, any_kind: bool = False) -> _Answer:
        """Make one request when the host's turn has come, and read at most half a mebibyte of it.

        Only pages are read, or `any_kind` of text: servers often do not say that a robots.txt is one.
        """
        lane = self._lanes.setdefault(host_of(url), _Lane())
        loop = asyncio.get_running_loop()
        wait = 0.0
        async with lane.lock:
            await asyncio.sleep(max(0.0, lane.free_at - loop.time()))
            try:
                async with session.get(URL(url, encoded=True), allow_redirects=False) as response:
                    location = response.headers.get("Location", "") if response.status in _REDIRECTS else ""
                    body = bytearray()
                    while not location and len(body) < MOST_BYTES and (chunk := await response.content.readany()):
                        body += chunk
                    text = _decoded(bytes(body[:MOST_BYTES]), response)
                    wanted = any_kind or response.content_type in ("text/html", "application/xhtml+xml", "text/plain")
                    onward = _joined(url, location) if location else ""
                    wait = _asked_to_wait(response)
                    return _Answer(response.status, onward, text if wanted else "")
            finally:
                lane.free_at = loop.time() + max(self._pause, wait, lane.rules.delay if lane.rules else 0.0)


def _decoded(body: bytes, response: aiohttp.ClientResponse) -> str:
    """Read bytes as the text they are said to be; a name that is none (`hex`, nonsense) counts as UTF-8."""
    try:
        return body.decode(response.charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


def _joined(url: str, location: str) -> str:
    """Give where a redirect leads; what is no address at all is refused as it stands."""
    try:
        return urljoin(url, location)
    except ValueError:
        return location


def _asked_to_wait(response: aiohttp.ClientResponse) -> float:
    """Give the seconds for which a host wants to be left alone."""
    after = response.headers.get("Retry-After", "").strip()
    return min(float(after), LONGEST_WAIT) if re.fullmatch(r"[0-9]{1,9}", after) else 0.0


def _refreshed(page: Page, url: str) -> str:
    """Give where a page itself leads on to, unless that is the page again."""
    return page.refresh if page.refresh and urlsplit(page.refresh)[:4] != urlsplit(url)[:4] else ""


def _judge(target: Target, status: int, page: Page, url: str, moved: bool) -> Result:
    """Judge an answer that leads nowhere else."""
    if status in (404, 410):
        return Result(target, "gone", f"status {status}", status, url)
    if status in _BLOCKED:
        return Result(target, "blocked", f"status {status}", status, url)
    if not 200 <= status < 300:
        return Result(target, "failed", f"status {status}", status, url)
    verdict, note = judge(target.url, url, page)
    if moved and verdict == "alive":
        return Result(target, "moved", f"now {url}", status, url)
    return Result(target, verdict, note, status, url)


def _failed(target: Target, error: Exception, url: str, status: int) -> Result:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, PrivateAddress):
            return Result(target, "refused", str(cause), status, url)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, TimeoutError):
        return Result(target, "failed", "no answer in time", status, url)
    if isinstance(error, (aiohttp.ClientSSLError, aiohttp.ClientConnectorCertificateError)):
        return Result(target, "failed", "its certificate is not valid", status, url)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Result(target, "failed", "there is no such host", status, url)
    return Result(target, "failed", f"the connection failed ({type(error).__name__})", status, url)
