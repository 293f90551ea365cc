"""The link check against a site on this machine: polite, careful, and not fooled."""

from __future__ import annotations

import asyncio
import gzip
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from bot.facts.links.targets import Target
from bot.service.links import MOST_BYTES, LinkChecker, Result, is_public
from tests.commands.site import LIVE, Everywhere, Reply, Site, certificates, leads_to, page

HOST = "www.brightnote.example"
EVIL = "evil.example"
NAMES = [
    HOST,
    "brightnote.example",
    "help.brightnote.example",
    EVIL,
    "other.example",
    "brightnote.example.evil.example",
]

Checks = Callable[..., Awaitable[dict[str, Result]]]


def target(path: str, host: str = HOST, allowed: tuple[str, ...] = ("brightnote.example",)) -> Target:
    return Target(f"forms{path}", "forms", f"https://{host}{path}", allowed, "facts/forms.yaml", 3)


def key(url: str) -> str:
    """Name a page of the first host by its path, any other by its whole address."""
    return url.removeprefix(f"https://{HOST}") if url.startswith(f"https://{HOST}/") else url


@pytest.fixture
def site() -> Site:
    return Site({})


@pytest.fixture
async def check(site: Site, tmp_path: Path) -> AsyncIterator[Checks]:
    """Start the site, and give a function that checks paths: path -> result."""
    ours, trusted = certificates(tmp_path, NAMES)
    await site.start(ours)

    async def run(
        *targets: Target | str, others: dict[str, str] | None = None, pause: float = 0.0, seconds: float = 5.0
    ) -> dict[str, Result]:
        chosen = [target(one) if isinstance(one, str) else one for one in targets]
        checker = LinkChecker(
            pause=pause,
            resolver=Everywhere(site, others),
            trust=trusted,
            allow_loopback=True,
            shorteners=("bit.ly",),
            seconds=seconds,
        )
        results = await checker.check(chosen)
        assert [one.target for one in results] == chosen
        return {key(one.target.url): one for one in results}

    yield run
    await site.stop()


def serve(site: Site, **replies: Reply) -> None:
    site.replies |= {(HOST, f"/{path}"): reply for path, reply in replies.items()}


async def test_a_live_page_a_missing_one_and_one_that_is_broken(check: Checks, site: Site) -> None:
    serve(site, object=page(), broken=page(status=500), private=page(status=403), old=page(status=410))
    found = await check("/object", "/nothing", "/broken", "/private", "/old")
    assert {path: one.verdict for path, one in found.items()} == {
        "/object": "alive", "/nothing": "gone", "/broken": "failed", "/private": "blocked", "/old": "gone",
    }  # fmt: skip
    assert found["/object"].status == 200


async def test_only_get_without_cookies_and_under_our_own_name(check: Checks, site: Site) -> None:
    def greedy(request: web.Request) -> web.Response:
        answer = web.Response(text=LIVE, content_type="text/html")
        answer.set_cookie("who", "you")
        return answer

    serve(site, one=greedy, two=greedy)
    await check("/one", "/two")
    assert {one.method for one in site.asked} == {"GET"}
    for one in site.asked:
        assert "Cookie" not in one.headers
        assert "Referer" not in one.headers
        assert one.headers["User-Agent"].startswith("optout-bot-link-check")


LOGIN = "<title>Brightnote – log in</title><h1>Log in</h1><form><input name=user><input type='password'></form>"
BUSY = LIVE + "<form>Log in: <input type=password></form>"


async def test_D03_a_login_wall_is_known_from_a_live_page(check: Checks, site: Site) -> None:
    next_page = f"https://{HOST}/login/?next=https%3A%2F%2F{HOST}%2Fwall"
    serve(site, form=page(LOGIN), busy=page(BUSY), wall=leads_to(next_page), accounts=leads_to("/accounts/login/"))
    found = await check("/form", "/busy", "/wall", "/accounts")
    assert {path: one.verdict for path, one in found.items()} == {
        "/form": "login", "/busy": "alive", "/wall": "login", "/accounts": "login",
    }  # fmt: skip
    assert not any("login" in path for path in site.paths(HOST)), "the login page itself is left alone"


@pytest.mark.parametrize(
    "html",
    [
        "<title>Brightnote</title><h2>This content isn't available right now</h2><p>When this happens …</p>",
        "<title>Page not found</title>" + "<p>Have a look at our other pages.</p>" * 80,
        "<title>Oh</title><div>Sorry, this page isn’t available.</div>",
        "<title>404</title>",
        "<h1>Seite nicht gefunden</h1>",
        "<h1>Cette page n’existe pas</h1>",
    ],
)
async def test_D03_a_soft_404_is_known_from_a_live_page(check: Checks, site: Site, html: str) -> None:
    serve(site, form=page(html))
    found = (await check("/form"))["/form"]
    assert (found.verdict, found.status) == ("soft_404", 200)


async def test_a_long_page_may_speak_of_pages_that_are_not_found(check: Checks, site: Site) -> None:
    serve(site, form=page(LIVE + "<p>If a page is not found, write to us.</p>"))
    assert (await check("/form"))["/form"].verdict == "alive"


async def test_a_page_that_leads_to_the_front_page_is_gone(check: Checks, site: Site) -> None:
    site.replies[(HOST, "/")] = page()
    serve(site, form=leads_to("/"))
    assert (await check("/form"))["/form"].verdict == "soft_404"


async def test_a_new_address_on_an_allowed_host_is_told(check: Checks, site: Site) -> None:
    site.replies[("help.brightnote.example", "/object")] = page()
    serve(site, old=leads_to("https://help.brightnote.example/object", 301), detour=leads_to("/there"), there=page())
    found = await check("/old", "/detour")
    assert (found["/old"].verdict, found["/old"].final) == ("moved", "https://help.brightnote.example/object")
    assert (found["/detour"].verdict, found["/detour"].final) == ("alive", f"https://{HOST}/there")


@pytest.mark.parametrize(
    "where",
    [
        f"https://{EVIL}/object",
        "https://brightnote.example.evil.example/object",
        f"https://{HOST}@{EVIL}/object",
        f"http://{HOST}/object",
        "http://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/object",
        "https://[::1]/object",
        f"https://{HOST}:8443/object",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//evil.example/object",
        "https://xn--brghtnote-4db.example/object",
        "https://[/object",
        "https://2130706433/object",
        "https://[::ffff:7f00:1]/object",
    ],
)
async def test_D01_a_redirect_to_anywhere_else_is_told_and_not_followed(check: Checks, site: Site, where: str) -> None:
    serve(site, form=leads_to(where))
    site.replies[(EVIL, "*")] = page()
    found = (await check("/form"))["/form"]
    assert found.verdict in {"elsewhere", "refused"}
    assert {one.host for one in site.asked} == {HOST}
    assert site.paths(HOST) == ["/robots.txt", "/form"]


async def test_a_page_that_leads_on_by_itself_is_held_against_the_list_too(check: Checks, site: Site) -> None:
    onward = "<meta http-equiv='refresh' content='0; url={}'><p>One moment</p>"
    serve(site, form=page(onward.format(f"https://{EVIL}/x")), near=page(onward.format("/there")), there=page())
    found = await check("/form", "/near")
    assert (found["/form"].verdict, found["/near"].verdict) == ("elsewhere", "alive")
    assert site.paths(EVIL) == []


async def test_a_circle_of_redirects_ends(check: Checks, site: Site) -> None:
    serve(site, a=leads_to("/b"), b=leads_to("/a"))
    assert (await check("/a"))["/a"].note == "it leads on more than 5 times"


@pytest.mark.parametrize(
    "address",
    ["10.0.0.7", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "fd00::1", "fe80::1",
     "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "fec0::1", "3fff::1", "::10.0.0.1"],
)  # fmt: skip
async def test_C09_a_name_that_leads_into_a_private_network_is_refused(check: Checks, site: Site, address: str) -> None:
    serve(site, form=leads_to("https://help.brightnote.example/inside"))
    direct = target("/x", "brightnote.example")
    others = {"help.brightnote.example": address, "brightnote.example": address}
    found = await check("/form", direct, others=others)
    assert found["/form"].verdict == "refused", "also after a redirect"
    assert found["https://brightnote.example/x"].verdict == "refused"
    assert "a private address" in found["/form"].note
    assert {one.host for one in site.asked} == {HOST}


async def test_this_machine_is_refused_unless_a_test_asks_for_it(site: Site, tmp_path: Path) -> None:
    ours, trusted = certificates(tmp_path, NAMES)
    await site.start(ours)
    try:
        checker = LinkChecker(pause=0, resolver=Everywhere(site), trust=trusted)
        (found,) = await checker.check([target("/form")])
    finally:
        await site.stop()
    assert (found.verdict, site.asked) == ("refused", [])


def test_public_addresses_are_public() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")
    assert is_public("64:ff9b::5db8:d822")
    assert not is_public("fe80::1%eth0")


@pytest.mark.parametrize(
    "url",
    [
        "http://www.brightnote.example/a", "https://evil.example/a", "https://127.0.0.1/a", "https://bit.ly/a",
        "https://www.brightnote.example:444/a", "https://you@www.brightnote.example/a",
    ],
)  # fmt: skip
async def test_an_address_that_may_not_be_shown_is_not_opened_either(check: Checks, site: Site, url: str) -> None:
    one = Target("forms/x/url", "forms", url, ("brightnote.example", "127.0.0.1", "bit.ly"), "f", 1)
    assert (await check(one))[url].verdict == "refused"
    assert site.asked == []


async def test_what_robots_txt_does_not_want_is_left_alone(check: Checks, site: Site) -> None:
    serve(site, **{"robots.txt": page("User-agent: *\nDisallow: /hidden\n", kind="text/plain")})
    serve(site, hidden=page(), open=page())
    found = await check("/hidden", "/open")
    assert (found["/hidden"].verdict, found["/open"].verdict) == ("robots", "alive")
    assert site.paths(HOST) == ["/robots.txt", "/open"], "robots.txt is read once"


async def test_a_site_that_cannot_say_what_it_allows_is_left_alone(check: Checks, site: Site) -> None:
    serve(site, **{"robots.txt": page(status=503)}, open=page())
    assert (await check("/open"))["/open"].verdict == "robots"


async def test_robots_txt_may_be_elsewhere_on_the_same_host(check: Checks, site: Site) -> None:
    serve(
        site,
        **{"robots.txt": leads_to("/rules.txt"), "rules.txt": page("User-agent: *\nDisallow: /", kind="text/plain")},
    )
    serve(site, open=page())
    assert (await check("/open"))["/open"].verdict == "robots"


async def test_requests_to_one_host_keep_a_distance_and_hosts_do_not_wait_for_one_another(
    check: Checks, site: Site
) -> None:
    serve(site, a=page(), b=page())
    site.replies[("other.example", "*")] = page()
    there = target("/c", "other.example", ("other.example",))
    before = asyncio.get_running_loop().time()
    await check("/a", "/b", there, pause=0.2)
    times = [one.at for one in site.asked if one.host == HOST]
    assert len(times) == 3
    assert all(later - earlier >= 0.19 for earlier, later in itertools.pairwise(times))
    first = next(one.at for one in site.asked if one.host == "other.example")
    assert first - before < times[1] - before + 0.2


async def test_a_site_may_ask_for_more_time(check: Checks, site: Site) -> None:
    serve(site, **{"robots.txt": page("User-agent: *\nCrawl-delay: 0.3\n", kind="text/plain")}, a=page(), b=page())
    await check("/a", "/b")
    times = [one.at for one in site.asked if one.path != "/robots.txt"]
    assert times[1] - times[0] >= 0.29


async def test_a_slow_site_a_missing_host_and_a_wrong_certificate_are_told(check: Checks, site: Site) -> None:
    async def stream(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await asyncio.sleep(1)
        return answer

    site.slow = {(HOST, "/slow"): stream}
    unknown = target("/x", "nowhere.brightnote.example")
    wrong = target("/x", "wrong.brightnote.example")
    found = await check("/slow", unknown, wrong, seconds=0.5)
    assert found["/slow"].note == "no answer in time"
    assert found["https://nowhere.brightnote.example/x"].note == "there is no such host"
    assert found["https://wrong.brightnote.example/x"].note == "its certificate is not valid"


async def test_a_page_without_end_is_read_in_part(check: Checks, site: Site) -> None:
    serve(site, endless=page(LIVE + "<p>more</p>" * MOST_BYTES))
    bomb = gzip.compress(b"0" * (64 * 1024 * 1024))
    serve(
        site,
        bomb=lambda request: web.Response(body=bomb, headers={"Content-Encoding": "gzip", "Content-Type": "text/html"}),
    )
    found = await check("/endless", "/bomb")
    assert found["/endless"].verdict == "alive"
    assert found["/bomb"].verdict in {"alive", "failed"}


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe<", b"<![x[<!>", b"<!DOCTYPE [<", b"<" * 10_000, b"<a b='" + b"\0" * 99]
)
async def test_a_broken_page_breaks_nothing(check: Checks, site: Site, body: bytes) -> None:
    serve(site, form=lambda request: web.Response(body=body, headers={"Content-Type": "text/html; charset=x-none"}))
    assert (await check("/form"))["/form"].verdict == "alive"


@pytest.mark.parametrize("charset", ["hex", "rot13", "base64", "undefined", "nonsense", "utf-7"])
async def test_a_page_that_names_a_charset_there_is_none_of_is_read_all_the_same(
    check: Checks, site: Site, charset: str
) -> None:
    kind = {"Content-Type": f"text/html; charset={charset}"}
    serve(site, odd=lambda request: web.Response(body=LIVE.encode(), headers=kind), next=page())
    found = await check("/odd", "/next")
    assert [one.verdict for one in found.values()] == ["alive", "alive"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("\ufeffUser-agent: *\nDisallow: /\n", "text/plain"),
        ("User-agent: *\nDisallow: /\n", "application/octet-stream"),
        ("User-agent: *\rDisallow: /\r" + "#" * 2 * MOST_BYTES, "text/html"),
    ],
)
async def test_robots_txt_is_obeyed_however_it_is_served(check: Checks, site: Site, body: str, kind: str) -> None:
    site.replies[(HOST, "/robots.txt")] = lambda request: web.Response(
        body=body.encode(), headers={"Content-Type": kind}
    )
    serve(site, form=page())
    assert (await check("/form"))["/form"].verdict == "robots"


async def test_a_host_that_is_asked_too_often_is_left_alone_for_as_long_as_it_says(check: Checks, site: Site) -> None:
    serve(site, a=lambda request: web.Response(status=429, headers={"Retry-After": "1"}), b=page())
    found = await check("/a", "/b")
    assert [one.verdict for one in found.values()] == ["blocked", "alive"]
    first, second = [one.at for one in site.asked if one.path != "/robots.txt"]
    assert second - first >= 0.95
