"""What a person gets: buttons, edits in place, ticks, back, links, languages, groups, and what is no text."""

from __future__ import annotations

import json

import pytest

from bot.engine.session import decode
from bot.service.library import Library
from tests.kit import pets
from tests.kit.person import NoSuchButton, Person, buttons_of
from tests.kit.telegram_bot import TelegramBot, telegram_bot
from tests.kit.telegram_double.server import BOT

GROUP = -1_001_234_567_890


async def state_of(bot: TelegramBot, person: Person) -> str:
    key = f"telegram:{BOT['id']}:{person.id}:0:{person.id}"
    stored = (await bot.store.load_sessions([key])).get(key)
    return decode(stored.data).state if stored else "nothing"


async def test_a_pressed_answer_stays_visible_and_its_buttons_go(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        await ada.taps("A dog")
        assert ada.sees()[1] == "Which animal do you have?\n\n✅ A dog"
        assert [bool(buttons_of(sent.markup)) for sent in ada.screen] == [False, False, True]


async def test_a_typed_answer_only_takes_the_buttons_away(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        await ada.says("dog")
        assert ada.sees()[1] == "Which animal do you have?"
        assert [bool(buttons_of(sent.markup)) for sent in ada.screen] == [False, False, True]


async def test_there_is_never_more_than_one_live_keyboard(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person()
        await ada.says("/start")
        for words in ("Germany", "/help", "nonsense nonsense", "/back", "/country Austria", "me", "/language"):
            await ada.says(words)
            live = [sent for sent in ada.screen if any(button.data for button in buttons_of(sent.markup))]
            assert len(live) <= 1, words


async def test_ticks_change_in_place_and_the_choice_stays_as_a_line(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        for words in ("/start", "dog", "Germany"):
            await ada.says(words)
        before = len(ada.screen)
        await ada.taps("Meat")
        assert ada.buttons[0].label == "✅ Meat"
        await ada.taps("Grass")
        await ada.taps("Meat")
        await ada.taps("Fish")
        assert len(ada.screen) == before
        await ada.taps("That is all")
        assert ada.sees()[before - 1] == "What does it eat?\n\n✅ Fish, Grass"


async def test_back_is_a_button(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        assert [button.label for button in ada.buttons] == ["A dog", "A cat", "None"]
        await ada.taps("A dog")
        await ada.taps("↩ One step back")
        assert await state_of(bot, ada) == "main/animal"


async def test_an_old_back_button_goes_nowhere(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        for words in ("/start", "dog"):
            await ada.says(words)
        old = next(button for button in ada.buttons if "back" in button.label)
        question = ada.screen[-1]
        await ada.says("Germany")
        bot.double.press(ada.id, ada.user, bot.double.as_json(question), old.data)
        await ada.hears()
        assert await state_of(bot, ada) == "main/foods"


async def test_n03_a_button_pressed_twice_changes_one_state_and_is_answered_twice(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        ada.presses("A dog")
        ada.presses("A dog")
        await ada.hears()
        assert await state_of(bot, ada) == "main/country"
        assert set(bot.double.answered) == {"q1", "q2"}
        assert "phrase old_button" in ada.sees()


async def test_n09_buttons_nobody_was_offered_are_answered_and_change_nothing(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada, eve = bot.person(), bot.person(name="Eve")
        for one in (ada, eve):
            await one.says("/start")
        stolen = ada.buttons[0].data
        for data in (stolen, "1:x:1:y:main/animal:dog", "x" * 65, "", "/forget"):
            bot.double.press(eve.id, eve.user, bot.double.as_json(eve.screen[-1]), data)
            assert "phrase old_button" in [one.text for one in await eve.hears()]
            assert await state_of(bot, eve) == "main/animal"


async def test_n09_a_button_whose_message_is_too_old_to_see_still_works(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        message = {"chat": ada.chat, "message_id": ada.screen[-1].message_id, "date": 0}
        bot.double.press(ada.id, ada.user, message, ada.buttons[0].data)
        await ada.hears()
        assert await state_of(bot, ada) == "main/country"


async def test_e03_a_button_from_before_an_edit_of_the_dialog_never_makes_a_wrong_turn(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        main = pets.MAIN.replace("  animal:\n    say:", "  creature:\n    say:").replace(
            "next: animal", "next: creature"
        )
        main = main.replace("states:\n", "renamed:\n  animal: creature\nstates:\n", 1)
        pack = pets.PACK.replace("go: main/animal", "go: main/creature")
        files = {**pets.FILES, "main.yaml": main, "pack.yaml": pack}
        bot.library.newest = pets.compiled(files)
        bot.channel.content_changed()
        await ada.taps("A dog")
        assert "phrase old_button" in ada.sees()
        assert await state_of(bot, ada) == "main/creature"
        await ada.taps("A dog")
        assert await state_of(bot, ada) == "main/country"


async def test_e12_old_buttons_still_work_after_a_change_of_language(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person("en")
        await ada.says("/start DE")
        data, question = ada.buttons[0].data, ada.screen[-1]
        await ada.says("Deutsch")
        bot.double.press(ada.id, ada.user, bot.double.as_json(question), data)
        await ada.hears()
        assert await state_of(bot, ada) != "situation/ask"


async def test_after_forget_nothing_is_left_and_an_old_button_begins_anew(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person()
        for words in ("/start", "Germany", "/forget"):
            await ada.says(words)
        await ada.taps(next(button.label for button in ada.buttons if "back" not in button.label))
        assert await state_of(bot, ada) == "nothing"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("de", "Hallo"), ("de-AT", "Hallo"), ("pt-br", "Hello"), ("zh-hans", "Hello"), ("xx", "Hello"), ("", "Hello"),
        (None, "Hello"), ("tlh-Latn-x-private", "Hello"), ("DE", "Hallo"), ("d" * 300, "Hello"),
    ],
)  # fmt: skip
async def test_the_first_words_are_in_the_persons_language(shipped: Library, code: str | None, words: str) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person(code)
        assert (await ada.says("/start"))[0].text.startswith(words)


async def test_a_posters_link_names_country_and_language(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        for payload, language, state in (
            ("DE_de", "de", "situation/ask"), ("DE", "en", "situation/ask"), ("de", "de", "country/ask"),
            ("ZZ_zz", "en", "country/ask"), ("x" * 64, "en", "country/ask"), ("", "en", "country/ask"),
        ):  # fmt: skip
            ada = bot.person("en")
            said = await ada.says(f"/start {payload}".strip())
            assert said[0].text.startswith("Hallo" if language == "de" else "Hello"), payload
            assert await state_of(bot, ada) == state, payload


async def test_a_posters_link_may_be_used_again_by_the_same_person(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person("en")
        for payload in ("DE_de", "AT_de", "IE_en"):
            await ada.says(f"/start {payload}")
            assert await state_of(bot, ada) == "situation/ask"


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "document", "location", "contact", "poll", "dice"])
async def test_n07_what_is_no_text_is_answered_with_a_sentence_and_the_question(shipped: Library, kind: str) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person()
        await ada.says("/start")
        ada.sends(None, **{kind: {"file_id": "x"}})
        words = [one.text for one in await ada.hears() if one.what == "new"]
        assert words[0] == "I can only read text. Please type your answer."
        assert len(words) == 2


async def test_n07_an_album_is_answered_once(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person()
        await ada.says("/start")
        for _ in range(10):
            ada.sends(photo=[{"file_id": "x"}], media_group_id="1")
        assert sum(one.text.startswith("I can only read") for one in await ada.hears()) == 1


async def test_n07_an_edited_message_is_told_about_once_and_changes_nothing(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person()
        await ada.says("/start")
        await ada.says("Germany")
        state = await state_of(bot, ada)
        for text in ("Austria", "/forget"):
            edited = {"message_id": 4, "date": 1, "edit_date": 2, "chat": ada.chat, "from": ada.user, "text": text}
            bot.double.update(edited_message=edited)
        words = [one.text for one in await ada.hears() if one.what == "new"]
        assert words[0] == "I do not look at changed messages. Please write your answer as a new message."
        assert sum(one.startswith("I do not look") for one in words) == 1
        assert await state_of(bot, ada) == state


def group_message(bot: TelegramBot, person: Person, text: str, **more: object) -> None:
    bot.double.chats.setdefault(GROUP, {})
    chat = {"id": GROUP, "type": "supergroup", "title": "Neighbours"}
    message = {"message_id": bot.double.message_id(GROUP), "date": 1, "chat": chat, "from": person.user, "text": text}
    bot.double.update(message={**message, **more})


async def test_n08_a_group_is_met_with_silence_unless_the_bot_is_addressed(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person("de")
        for text in ("hello", "Germany", "/status", "/start@OtherBot", "I am 15 and my name is Ada"):
            group_message(bot, ada, text)
        await bot.settle()
        assert bot.double.chats[GROUP] == {}
        assert (await bot.store.counts()).people == 0


async def test_somebody_in_a_group_is_asked_into_a_private_chat_in_their_topic(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person("de")
        group_message(bot, ada, "@OptOutDoubleBot help", message_thread_id=7, is_topic_message=True)
        await bot.settle()
        (sent,) = bot.double.chats[GROUP].values()
        assert sent.thread == 7
        assert [button.url for button in buttons_of(sent.markup)] == ["https://t.me/OptOutDoubleBot?start=de"]
        assert "t.me" in sent.text
        assert (await bot.store.counts()).people == 0


async def test_a09_a_group_that_keeps_calling_is_answered_now_and_then(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person("de")
        for _ in range(20):
            group_message(bot, ada, "/start@OptOutDoubleBot")
        await bot.settle()
        assert len(bot.double.chats[GROUP]) == 2


async def test_a05_an_operators_command_in_a_group_is_no_command(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person()
        for words in ("/start", "Germany"):
            await ada.says(words)
        group_message(bot, ada, "/forget@OptOutDoubleBot")
        await bot.settle()
        assert await state_of(bot, ada) == "situation/ask"


async def test_a_channel_that_takes_the_bot_in_is_left(small: Library) -> None:
    async with telegram_bot(small) as bot:
        change = {
            "chat": {"id": -55, "type": "channel"}, "from": {"id": 1}, "date": 1,
            "new_chat_member": {"user": BOT, "status": "administrator"},
        }  # fmt: skip
        bot.double.update(my_chat_member=change)
        await bot.settle()
        await bot.channel.stop()
        assert bot.double.left == [-55]


async def test_commands_and_descriptions_are_set_for_every_language_and_only_when_changed(shipped: Library) -> None:
    from tests.kit.telegram_double import TelegramDouble

    async def calls(bot: TelegramBot) -> int:
        for _ in range(200):
            await bot.settle()
            if len(await bot.store.notes("telegram")) >= 13:
                break
        return sum(method.startswith("setMy") for method, _ in bot.double.requests)

    async with TelegramDouble() as double, telegram_bot(shipped, double=double) as bot:
        assert await calls(bot) == 12
        assert set(double.profile) >= {("commands", ""), ("commands", "de"), ("description", "en")}
        words = {one["command"]: one["description"] for one in double.profile["commands", "de"]}
        assert words["help"] == shipped.words("de", shipped.current().commands["help"].about)
        await bot.channel.stop()
        double.requests.clear()
        await bot.start()
        await bot.settle()
        assert await calls(bot) == 0


async def test_one_call_a_turn_is_possible_for_measuring(small: Library) -> None:
    async with telegram_bot(small, in_place=False) as bot:
        ada = bot.person()
        await ada.says("/start")
        bot.double.requests.clear()
        await ada.says("dog")
        assert [method for method, _ in bot.double.requests if method != "getUpdates"] == ["sendMessage"]


async def test_a_person_without_such_a_button_is_told_in_a_test(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        with pytest.raises(NoSuchButton, match="A dog"):
            await ada.taps("A horse")


async def test_the_draft_is_a_block_to_copy(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person()
        for words in ("/start DE", "me", "facebook", "write", "No reason, thank you"):
            await ada.says(words)
        pre = [entity for sent in ada.screen for entity in sent.entities if entity["type"] == "pre"]
        assert pre, json.dumps(ada.sees(), ensure_ascii=False)[-2000:]
