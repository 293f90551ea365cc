from __future__ import annotations

from xml.etree import ElementTree

from bot.texts.progress import Counts, Progress, picture, table

SVG = "{http://www.w3.org/2000/svg}"

GERMAN = Progress("de", "Deutsch", {"dialogs": Counts(7, 1, 1, 1), "facts": Counts(10)})
NOBODY = Progress("fr", "Français", {"dialogs": Counts(missing=10), "facts": Counts(missing=10)})


def test_the_table_has_a_line_for_each_language_and_its_parts() -> None:
    assert table([GERMAN, NOBODY]) == (
        "language   texts  translated  fuzzy  unusable  missing    %\n"
        "de            20          17      1         1        1   85\n"
        "  dialogs     10           7      1         1        1   70\n"
        "  facts       10          10      0         0        0  100\n"
        "fr            20           0      0         0       20    0\n"
        "  dialogs     10           0      0         0       10    0\n"
        "  facts       10           0      0         0       10    0"
    )


def test_a_language_is_whole_only_when_nothing_is_left() -> None:
    assert Counts(999, 0, 0, 1).percent == 99
    assert Counts(5).percent == 100
    assert Counts().percent == 100


def test_the_picture_has_a_bar_for_each_language_as_long_as_what_is_translated() -> None:
    tree = ElementTree.fromstring(picture([GERMAN, NOBODY]))
    bars = [one for one in tree.iter(f"{SVG}rect") if one.get("height") == "20"]
    widths = {(one.get("class"), one.get("y")): float(one.get("width", "0")) for one in bars}
    whole = widths["none", "64"]
    assert widths["done", "64"] == whole * 17 / 20
    assert widths["look", "64"] == whole / 20
    assert widths["none", "114"] == whole
    assert ("done", "114") not in widths
    said = [one.text for one in tree.iter(f"{SVG}text")]
    assert {"Deutsch", "de", "85 %", "17 of 20 texts", "dialogs 70 % · facts 100 %", "0 of 20 texts"} <= set(said)


def test_who_cannot_see_the_picture_hears_its_figures() -> None:
    tree = ElementTree.fromstring(picture([GERMAN, NOBODY]))
    assert tree.get("aria-label") == "How far the translations are: Deutsch 85 %; Français 0 %"


def test_names_cannot_break_the_picture() -> None:
    tree = ElementTree.fromstring(picture([Progress("x", '<b> & "c"', {"dialogs": Counts(1)})], '"<&>'))
    assert '<b> & "c"' in [one.text for one in tree.iter(f"{SVG}text")]


def test_without_a_language_the_picture_says_so() -> None:
    assert "There is no translation yet." in picture([])
    assert "no language yet" in picture([])


def test_the_picture_is_the_same_every_time() -> None:
    assert picture([GERMAN]) == picture([GERMAN])
