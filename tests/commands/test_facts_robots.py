"""robots.txt as RFC 9309 has it, and pages that are made to be slow."""

from __future__ import annotations

import pytest

from bot.facts.hosts import refuse
from bot.facts.links.page import MEANING, judge, read_page
from bot.facts.links.robots import LONGEST_DELAY, NOTHING, Rules, read_robots

AGENT = "optout-bot-link-check/1 (+about)"
SITE = "https://www.brightnote.example"


def allowed(robots: str, path: str) -> bool:
    return read_robots(robots, AGENT).allows(SITE + path)


@pytest.mark.parametrize(
    ("rules", "path", "may"),
    [
        ("Disallow: /a", "/a", False),
        ("Disallow: /a", "/about", False),
        ("Disallow: /a/", "/about", True),
        ("Disallow:", "/about", True),
        ("Disallow: /\nAllow: /help", "/help/contact", True),
        ("Allow: /help\nDisallow: /", "/other", False),
        ("Disallow: /help\nAllow: /help", "/help", True),
        ("Disallow: /*/contact", "/help/contact/1", False),
        ("Disallow: /*/contact", "/contact", True),
        ("Disallow: /*.pdf$", "/a.pdf", False),
        ("Disallow: /*.pdf$", "/a.pdf?x=1", True),
        ("Disallow: /a$", "/a", False),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: /*?id=", "/page?id=7", False),
        ("Disallow: /a*a$", "/a", True),
        ("Disallow: *", "/x", False),
    ],
)
def test_the_longest_rule_decides(rules: str, path: str, may: bool) -> None:
    assert allowed(f"User-agent: *\n{rules}\n", path) is may


def test_a_group_of_our_own_comes_before_the_one_for_all() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: Optout-Bot # us\nDisallow: /private\n"
    assert allowed(text, "/open")
    assert not allowed(text, "/private")


def test_lines_that_are_no_rules_are_passed_over() -> None:
    assert allowed("<html>\nSitemap: https://x.example/map\nDisallow: /\n", "/a"), (
        "rules before any group hold for nobody"
    )
    assert not allowed("\ufeffgarbage\nuser-AGENT:*\n\n disallow : /a # secret\n", "/a")
    assert allowed("", "/a")


def test_a_delay_is_kept_but_not_without_end() -> None:
    assert read_robots("User-agent: *\nCrawl-delay: 2.5\n", AGENT).delay == 2.5
    assert read_robots("User-agent: *\nCrawl-delay: 86400\n", AGENT).delay == LONGEST_DELAY
    assert read_robots("User-agent: *\nCrawl-delay: nan\n", AGENT).delay == 0


def test_nothing_means_nothing() -> None:
    assert not NOTHING.allows(f"{SITE}/")
    assert Rules().allows(SITE)


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "0x7f.1", "1.2.3.0xff", "10.1"])
def test_C09_a_number_is_no_host(host: str) -> None:
    assert refuse(f"https://{host}/a", None) == "its host is a number, not a name"


@pytest.mark.parametrize("unit", ["<", "<a ", "<a b='", "<!--", "<![CDATA[", "<?", "</", "<script>", "&", "<h1>", "a"])
def test_a_page_made_to_be_slow_is_read_in_one_pass(unit: str) -> None:
    # A parser that looks back takes minutes for some of these.
    page = read_page(unit * (512 * 1024 // len(unit)), SITE)
    assert judge(f"{SITE}/form", f"{SITE}/form", page)[0] == "alive"


def test_what_is_read_of_a_page() -> None:
    page = read_page(
        "<TITLE>A &amp; B</TITLE><!-- <input type=password> --><style>p{}</style><h2>One <b>big</b>\n head</h2>"
        "<script>var x = '<h1>no</h1>'</script><p>text</p><meta http-equiv=Refresh content=\"5; URL='/on'\">",
        f"{SITE}/a",
    )
    assert (page.title, page.password, page.refresh) == ("A & B", False, f"{SITE}/on")
    assert page.headings == ["One big\n head"]
    assert page.words == "One big head text"


def test_every_verdict_has_a_meaning() -> None:
    assert all(MEANING.values())
