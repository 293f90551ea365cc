from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.letters.load import check, load, read
from bot.letters.models import texts
from tests.letters.kit import TINY, tiny, tiny_registry

GOOD = (TINY / "letters.yaml").read_text(encoding="utf-8")


def problems(text: str) -> list[str]:
    return [str(problem) for problem in read({"letters.yaml": text})[1]]


def test_the_tiny_company_has_no_problem() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("format: '1'", "format: '2'", "letters.yaml:2:1: L013"),
        ("    limit: '260'", "    limit: many", "L013"),
        ("    limit: '260'", "    limits: '260'", "L010 «limits» is not known here."),
        ("      full: '{date}'", "      ful: '{date}'", "L010 «ful» is not known here. Did you mean «full»?"),
        ("      - thanks to nothing", "      - thanks away", "L013"),
        ("      - thanks to nothing", "      - reason 1 to nothing", "never left out"),
        ("      - thanks to nothing", "      - thanks to lean", "only reasons become lean"),
        ("      - thanks to nothing", "      - thank to nothing", "L015 the short form has no part «thank»."),
        ("      - hello, claim", "      - hello, clam", "L014 there is no part «clam». Did you mean «claim»?"),
        ("    subject: subject", "    subject: subjekt", "L014 there is no part «subjekt». Did you mean «subject»?"),
        ("  no_name:\n", "  nobody:\n", "L014 there is no part «no_name»"),
        ("when: situation is guest", "when: situation is", "L013"),
        ("full: Please answer by {answer_by}.", "full: Please answer by {answer}.", "L018 «{answer}» is no fill-in"),
        ("full: Please answer by {answer_by}.", "full: Please answer **by", "L017"),
        ("full: Please answer by {answer_by}.", "full: '[Answer](controller)'", "L018 a letter is plain text"),
        ("      full: No more advertising ({law_stop})", "      full: No more", "L019 «plain» is never used."),
        ("      brief: Paper!", "      brief: Paper!\n      when: right is yes", "L019 «paper» needs a last version"),
        ("  paper:\n", "  Paper:\n", "L012 «Paper» is no name."),
        ("letters:\n", "lettres:\n", "L010 «lettres» is not known here. Did you mean «letters»?"),
        ("  noise:\n", "  paper:\n", "Y024 «paper» is here twice."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_the_nearest_right_word(right: str, wrong: str, told: str) -> None:
    assert right in GOOD
    found = problems(GOOD.replace(right, wrong, 1))
    assert any(told in problem for problem in found), found
    assert all(problem.startswith("letters.yaml:") for problem in found)


def test_letters_may_be_spread_over_files_but_a_part_stands_once() -> None:
    source, found = read({"a.yaml": GOOD, "b.yaml": "parts:\n  more:\n    any:\n      full: More."})
    assert found == []
    assert source is not None
    assert "more" in source.letters.parts
    found = read({"a.yaml": GOOD, "b.yaml": "parts:\n  hello:\n    any:\n      full: Hello."})[1]
    assert [str(problem).split(" ")[0:2] for problem in found] == [["b.yaml:2:3:", "L003"]]
    assert "a.yaml" in found[0].hint
    assert [problem.code for problem in read({"a.yaml": GOOD, "b.yaml": "format: '1'"})[1]] == ["L003"]


def test_a_group_that_moved_away_from_its_parts_is_told_itself() -> None:
    moved = "  parts:\n  more:\n    any:\n      full: More.\n"
    problems = read({"a.yaml": moved, "b.yaml": GOOD})[1]
    assert [str(one).split(" ")[:2] for one in problems] == [["a.yaml:1:3:", "L013"]]
    assert "two spaces further" in problems[0].hint


def test_what_is_no_mapping_and_what_is_not_there_are_told() -> None:
    assert [problem.code for problem in read({"a.yaml": "- one"})[1]] == ["L001"]
    assert [problem.code for problem in read({})[1]] == ["L002"]


def test_load_refuses_a_folder_with_problems_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "letters.yaml").write_text(GOOD.replace("hello, claim", "hullo, clam"), encoding="utf-8")
    with pytest.raises(ContentError, match="2 problems") as caught:
        load(tmp_path)
    assert len(caught.value.problems) == 2
    (tmp_path / "letters.yaml").write_text(GOOD.replace("hello, claim", "hullo, claim"), encoding="utf-8")
    with pytest.raises(ContentError, match="1 problem, first"):
        load(tmp_path)


SLOTS = {"situation": ("guest", "member"), "waste": ("trees", "bins"), "tone": ()}


def test_letters_that_fit_their_facts_and_dialogs_pass_the_check() -> None:
    assert check(tiny(), tiny_registry(), SLOTS, ["stop"]) == []


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("law_stop", "law_sotp", "L020"),
        ("situation is guest", "sitaution is guest", "L021 «sitaution» is no slot and no value of the facts."),
        ("situation is guest", "situation is gest", "L022 «situation» is never «gest». Did you mean «guest»?"),
        ("situation is guest", "right is maybe", "L022"),
        ("  noise:\n", "  nose:\n", "L023 there is no ground «nose». Did you mean «noise»?"),
        ("  noise:\n", "  something_else:\n", "L024 the ground «noise» has no text here."),
        ("    trees:\n", "    tress:\n", "L023 there is no answer «tress»."),
        ("  waste:\n", "  waist:\n", "L021 «waist» is no slot."),
    ],
)
def test_what_the_facts_and_dialogs_do_not_have_is_told(right: str, wrong: str, told: str) -> None:
    source, found = read({"letters.yaml": GOOD.replace(right, wrong, 1)})
    assert found == []
    assert source is not None
    listed = [str(problem) for problem in check(source, tiny_registry(), SLOTS, ["stop"])]
    assert any(told in problem for problem in listed), listed
    assert all(problem.startswith("letters.yaml:") and ":1:1:" not in problem for problem in listed)


def test_every_text_is_listed_for_translators_with_a_stable_place() -> None:
    listed = list(texts(tiny().letters, "tiny"))
    assert ("tiny/letters/parts/claim/guest/brief", "No advertising.", None) in listed
    assert ("tiny/letters/reasons/paper/any/short", "It wastes paper.", None) in listed
    assert ("tiny/letters/follow_ups/waste/bins/brief", "Bins!", None) in listed
    assert ("tiny/letters/names/accounts/web", "Web shop", None) in listed
    assert len({place for place, _, _ in listed}) == len(listed)
