"""Every key an author may write, in one table: the compiler, the JSON Schema and the manual are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal[
    "name", "names", "text", "plain", "texts", "target", "condition", "number", "answers", "branch", "states", "slots",
    "changes", "clear", "remind", "commands", "phrases", "renamed", "choice", "span", "value",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what form its value has, what it means and how it looks. `choices` lists the words it may have."""

    name: str
    form: Form
    about: str
    example: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


DIALOG = (
    Key("dialog", "name", "The name of this dialog; it is the name of the file.", "dialog: reasons", required=True),
    Key("about", "plain", "One line for people who read or draw the dialog; never shown to a person in the chat."),
    Key("start", "name", "The state the dialog begins with.", "start: ask", required=True),
    Key("slots", "slots", "The answers this dialog asks for and remembers."),
    Key("states", "states", "The places of this dialog, by name.", required=True),
    Key("renamed", "renamed", "Old state names and where people who stand in them go on.", "old_name: new_name"),
)

STATE = (
    Key(
        "say", "texts", "What the bot says: a text, or a list of messages. The last one of a question is the question."
    ),
    Key("answers", "answers", "The fixed answers offered as buttons."),
    Key("choose", "name", "A list from the facts, of which one entry is chosen.", "choose: territories"),
    Key("pick", "name", "A list from the facts, of which several entries are picked.", "pick: products"),
    Key("write", "name", "The slot that takes what the person types.", "write: own_words"),
    Key("save", "name", "The slot that keeps the chosen answer id, or the picked ones.", "save: territory"),
    Key("at least", "number", "How many must be picked (1 unless said).", "at least: 1"),
    Key("up to", "number", "How many may be picked.", "up to: 3"),
    Key("done", "text", "The words of the button that ends picking.", "done: That is all"),
    Key("next", "target", "Where it goes on: a state here, or dialog/state to leave everything that was called."),
    Key("branch", "branch", "Ways by condition: the first that holds is taken, the last is otherwise."),
    Key("do", "name", "A dialog to call; when it ends, next is taken.", "do: reasons"),
    Key("end", "choice", "Ends this dialog.", "end: done", choices=("done", "forget")),
    Key("again", "text", "A shorter form of the question for the second time."),
    Key("not_understood", "text", "What to say when the answer is not understood."),
    Key("set", "changes", "Slots that get a value here.", "set:\n  tone: firm"),
    Key("add", "changes", "Slots that get one more answer id.", "add:\n  forms_done: =form"),
    Key("clear", "clear", "Slots that are forgotten here, with commas.", "clear: grounds, own_words"),
    Key("remind", "remind", "A reminder that calls a dialog later."),
    Key("forget reminder", "name", "The name of a reminder that is taken away."),
    Key("record", "choice", "Notes an event of the case.", choices=("sent", "answered", "refused", "closed")),
)

ITEM = (
    Key("text", "text", "What is said."),
    Key("show", "name", "A block that facts or letters compose.", "show: policy_summary"),
    Key("attach", "name", "A file that is sent.", "attach: letter_file"),
    Key("when", "condition", "Said only when this holds.", "when: right is yes"),
    Key("kind", "choice", "What kind of message it is.", choices=("say", "draft", "letter", "notice")),
    Key("context", "plain", "A word for translators that keeps two equal texts apart."),
    Key("by", "name", "The number that chooses the plural form."),
    Key("one", "text", "The singular form."),
    Key("other", "text", "The plural form."),
)

ANSWER = (
    Key("answer", "text", "The words on the button.", "answer: Just the link", required=True),
    Key("id", "plain", "The name that is remembered (made from the words unless given).", "id: link"),
    Key("also", "text", "Other words people type for it, with commas.", "also: link, only the link"),
    Key("go", "target", "Where this answer leads (else the state's next)."),
    Key("when", "condition", "Offered only when this holds."),
    Key("context", "plain", "A word for translators that keeps two equal texts apart."),
    Key("set", "changes", "Slots that get a value with this answer."),
    Key("add", "changes", "Slots that get one more answer id."),
    Key("clear", "clear", "Slots that are forgotten with this answer."),
)

BRANCH = (
    Key("when", "condition", "The condition of this way."),
    Key("go", "target", "Where this way leads."),
    Key("otherwise", "target", "Where it leads when nothing else holds; the last entry."),
)

SLOT = (
    Key("type", "choice", "What the slot keeps.", required=True,
        choices=("choice", "choices", "text", "name", "number", "date", "yes_no")),
    Key("from", "value", "The list its ids come from; for a number the smallest.", "from: territories"),
    Key("to", "number", "The largest number."),
    Key("up to", "number", "The most characters of a text."),
    Key("earliest", "value", "The earliest date (2024-05-01 or today)."),
    Key("latest", "value", "The latest date (2024-05-01 or today)."),
    Key("depends on", "name", "The slot whose change makes this one forgotten."),
    Key("about", "text", "Why it is kept; shown by /privacy."),
)  # fmt: skip

REMIND = (
    Key("name", "name", "The name of the reminder; a second one of the same name replaces it.", required=True),
    Key("on", "value", "A date value.", "on: =deadline"),
    Key("in", "span", "A time from now.", "in: 31 days"),
    Key("do", "name", "The dialog that is called then.", required=True),
)

PACK = (
    Key("pack", "name", "The name of the pack; it is the name of the folder.", required=True),
    Key("title", "text", "What the bot is called in menus and descriptions.", required=True),
    Key("start", "name", "The dialog a conversation begins with.", required=True),
    Key("commands", "commands", "The commands that are valid everywhere.", required=True),
    Key("foreign commands", "plain", "Commands people mean for somebody else's chat, with commas.",
        "foreign commands: /reset-ai"),
    Key("phrases", "phrases", "What the bot says by itself.", required=True),
)  # fmt: skip

COMMAND = (
    Key("about", "text", "What it does, for the menu of commands.", required=True),
    Key("also", "text", "Words that mean the command when typed alone, with commas."),
    Key("do", "name", "The dialog it calls; the open question is asked again afterwards."),
    Key("go", "target", "Where it goes for good."),
    Key("clear", "choice", "Forgets all answers first.", choices=("all",)),
    Key("built in", "choice", "What the bot does by itself.", choices=("back",)),
)

PHRASES = {
    "not_understood": "An answer that was not understood.",
    "not_understood_help": "The third one in a row: what helps.",
    "not_understood_contact": "The fifth one in a row: who helps ({operator}, {operator_contact}).",
    "not_now": "An answer of this question that is not offered now.",
    "did_you_mean": "Several answers are possible; they are listed below.",
    "did_you_mean_one": "One answer is likely ({candidate}).",
    "yes": "The button that confirms it.",
    "neither": "The button that says it was none of them.",
    "yes_words": "Words people type for yes, with commas.",
    "none_words": "Words people type for none, with commas.",
    "all_words": "Words people type for all of them, with commas.",
    "negation_words": "Words that turn a sentence round (not, without), with commas.",
    "joining_words": "Words that join two answers (and, plus), with commas.",
    "old_button": "A button of an earlier question.",
    "unreadable": "A photo, a voice message, a file.",
    "unknown_command": "A command there is none of ({command}).",
    "foreign_command": "A command for somebody else's chat ({command}).",
    "too_long": "A text longer than {limit} characters.",
    "number_wanted": "Something else than a whole number.",
    "number_range": "A number outside {from} to {to}.",
    "date_wanted": "Something else than a date.",
    "date_range": "A date outside {from} to {to}.",
    "pick_at_least": "Too few were picked ({limit}).",
    "pick_at_most": "Too many were picked ({limit}).",
    "ended": "Somebody writes after the end.",
    "welcome_back": "Somebody comes back in the middle.",
    "restarted": "The conversation had to begin again.",
    "nothing_to_go_back": "There is no earlier question.",
    "stale": "An answer could not be sent in time; the open question follows.",
    "sorry": "Something went wrong inside; the open question follows.",
    "language_changed": "The language was changed.",
    "flood": "Too many messages at once.",
}
"""Every phrase a pack must have, with its meaning."""

MORE_PHRASES = {
    "encrypted": "A message whose key never came.",
    "edited": "A message was changed after it was sent.",
    "private": "Somebody writes in a group.",
    "no_private": "A private chat was asked for and the network refuses it.",
    "poll": "The question of a poll that offers the answers once more, to tap (Matrix).",
    "button_private": "The button that opens a private chat.",
    "button_copy": "The button that copies a text.",
    "short_description": "What the bot is, in a line, for its profile.",
    "description": "What the bot is, in a few lines, before somebody starts it.",
}
"""Phrases that a network can use and a pack may leave out."""

EXAMPLE = (
    Key("example", "plain", "What the conversation shows, in one line.", "example: A typing error", required=True),
    Key("language", "plain", "The language of the person (en unless said).", "language: de"),
    Key("now", "value", "When it begins (2026-11-23T09:00Z unless said).", "now: 2026-11-23T09:00+01:00"),
    Key("hints", "changes", "Answers that the link on a poster already gives.", "territory: DE"),
    Key("talk", "answers", "The conversation, step by step.", required=True),
    Key("expect", "changes", "How everything stands at the end.", "state: pets/goodbye"),
)  # fmt: skip

STEP = (
    Key("they say", "plain", "What the person types.", "they say: dgo"),
    Key("they tap", "plain", "The answer the person presses, by its id or its words.", "they tap: none"),
    Key("they react", "number", "The number a person reacts with (1 is the first answer).", "they react: 1"),
    Key("they send", "plain", "Something that is no text.", "they send: photo"),
    Key("bot", "plain", "The next message; * stands for anything, ... for any number of messages.", "bot: Hello*"),
    Key("buttons", "plain", "The answers offered, by words or ids, with commas; * stands for any.", "buttons: Yes, No"),
    Key("wait", "span", "Time goes by, and reminders come.", "wait: 31 days"),
)

EXPECT = (
    Key("state", "target", "Where the person stands: dialog/state.", "state: pets/goodbye"),
    Key("slots", "changes", "Remembered answers; an empty value says that nothing is remembered.", "animal: none"),
    Key("language", "plain", "The language at the end.", "language: de"),
    Key("ended", "choice", "Whether the conversation is over.", "ended: yes", choices=("yes", "no")),
    Key("forgotten", "choice", "Whether nothing is kept.", "forgotten: yes", choices=("yes", "no")),
)

TABLES = {
    "dialog": DIALOG, "state": STATE, "message": ITEM, "answer": ANSWER, "way": BRANCH, "slot": SLOT,
    "reminder": REMIND, "pack": PACK, "command": COMMAND,
    "example": EXAMPLE, "step": STEP, "expectation": EXPECT,
}  # fmt: skip
