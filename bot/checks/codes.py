"""What the codes mean that are raised while files are read, compiled and resolved."""

from __future__ import annotations

from dataclasses import dataclass

from bot.texts.errors import CODES as TEXT_CODES


@dataclass(frozen=True, slots=True)
class Coded:
    """One code: the finding in a sentence, its level, and what to do."""

    title: str
    level: str
    explanation: str


GROUPS = {
    "Y": "Y – YAML: can the file be read",
    "D0": "D0 – dialogs: keys, names and values",
    "P": "P – pack.yaml",
    "D1": "D1 – the way through the dialogs",
    "D2": "D2 – words",
    "D3": "D3 – limits of the networks",
    "T": "T – translations",
    "G": "G – the glossary",
    "L": "L – letters",
    "F": "F – facts",
    "X": "X – example conversations",
    "I": "I – remarks to the checks",
}
"""The chapters of the page, by the beginning of the codes."""

_ERRORS: dict[str, tuple[str, str]] = {
    "Y001": ("The file cannot be read as YAML.", "Look at indentation, quotes and «: » here and one line above."),
    "Y002": ("The file is empty.", "Write at least its first line, or delete the file."),
    "Y003": ("The file is too large.", "A dialog file has a few kilobytes. Split it by topic."),
    "Y004": ("The file is not UTF-8 text.", "Save it with the encoding UTF-8."),
    "Y005": ("A line begins with a tab.", "Indent with spaces, two for each level."),
    "Y006": ("A control character stands in the file.", "Delete it; it often comes along when text is pasted."),
    "Y007": ("A character turns the reading direction.", "Delete it. The bot isolates foreign words by itself."),
    "Y008": ("A merge left its conflict marks behind.", "Choose one of the two versions and delete the marks."),
    "Y010": ("A text contains a second «: ».", "Put the text in quotes, or write it below the key after «|»."),
    "Y011": ("A text begins with a character that YAML keeps for itself.", "Put the text in quotes."),
    "Y012": ("A text begins with *, & or !.", "Put the text in quotes; `**bold**` at the beginning needs them too."),
    "Y013": ("A quotation mark is opened and not closed.", "Close it, or write the text below the key after «|»."),
    "Y014": ("A line does not fit to the ones around it.", "Look at its indentation and that of the line above."),
    "Y015": ("A backslash in a text in double quotes.", "Use single quotes, or write two backslashes."),
    "Y016": ("A text begins with a bracket.", "Put the text in quotes: `'{name}, hello'`."),
    "Y017": ("A text follows «|» or «>» on the same line.", "It begins on the next line, indented."),
    "Y018": ("A list begins on the line of its key.", "Begin it on the next line, indented."),
    "Y020": ("Something is nested too deeply.", "Nothing in our files needs more than eight levels."),
    "Y021": ("An alias or merge key is used.", "Write the piece out; copies are easier to read than references."),
    "Y022": ("A text is cut off by « #».", "What follows is a comment. Put the text in quotes if it belongs to it."),
    "Y023": ("A key is not a simple word.", "A text that begins with a bracket needs quotes."),
    "Y024": ("The same key stands twice.", "Keep one of them; the second would silently replace the first."),
    "Y025": ("A tag («!…») is used.", "Delete it; every value is text."),
    "Y026": ("An anchor («&name») is used.", "Delete it; put the text in quotes if it begins with &."),
    "Y027": ("A list or mapping stands on one line.", "Write one entry a line; quote texts that begin with a bracket."),
    "Y028": ("A second document begins («---»).", "Keep one document in a file."),
    "Y030": ("A link leads out of the pack.", "Put the file itself into the folder."),
    "Y031": ("Something named like a file cannot be read.", "Delete it, or look at its rights."),
    "D001": ("Keys were expected below this one.", "Write them on the next lines, indented."),
    "D002": ("A key is not known here.", "The message names the nearest right one; keys are listed in the README."),
    "D003": ("A key is missing.", "Add it; the message says what it is for."),
    "D004": ("One text was expected.", "A text that begins with a bracket or a dash needs quotes."),
    "D005": ("A value is empty.", "Write its text, or delete the key."),
    "D006": ("This is no name.", "Names are lower-case letters, digits and _, and begin with a letter."),
    "D007": ("A whole number was expected.", "Write digits only."),
    "D008": ("This word is not one of those that are possible here.", "The message lists them or names the nearest."),
    "D009": ("This is no state.", "Write the name of a state of this dialog, or dialog/state."),
    "D010": ("A condition cannot be read.", "Conditions look like `right is yes and land is known`."),
    "D011": ("This is no time.", "Write a number and a unit: `31 days`."),
    "D012": ("This is no answer id.", "Give an `id` of letters, digits, _ and -; at most 32."),
    "D013": ("The bot uses this answer id itself.", "Choose another id."),
    "D014": ("A list was expected.", "Begin each entry on a new line with «- »."),
    "D015": ("A dialog and its file have different names.", "Rename one of them."),
    "D016": ("The dialog starts with a state that is not there.", "Correct `start`, or add the state."),
    "D017": ("A state was renamed to one that is not there.", "Correct the right side of `renamed`."),
    "D018": ("This is no date.", "Write 2024-05-01, or today."),
    "D020": ("A state does two things.", "A state asks, says and goes on, branches, calls or ends. Split it."),
    "D021": ("A question is not certain to be said.", "The last message of `say` is the question; it has no `when`."),
    "D022": ("A state has two of choose, pick and write.", "Keep one; make a second state for the other."),
    "D023": ("A question does not say where its answer is kept.", "Add `save: slot`."),
    "D024": ("A multiple choice has no button to end it.", "Add `done: That is all`."),
    "D025": ("It does not say where to go on.", "Add `next`, or `go` to each answer, or `end: done`."),
    "D026": ("A state has both write and save.", "`write` names the slot already."),
    "D027": ("A key only makes sense in a question.", "Delete it, or let the state ask."),
    "D028": ("A key is never reached.", "Delete it, or move it to a state of its own."),
    "D029": ("A branch has no otherwise.", "Add `- otherwise: state` as the last way."),
    "D030": ("A slot is declared twice.", "Slots are known in the whole pack; keep one declaration."),
    "D031": ("A message needs exactly one of text, show, attach.", "Make two messages of it."),
    "D032": ("Plural forms are not complete.", "They need `by`, `one` and `other`."),
    "D033": ("Two answers have the same id.", "Give one of them another `id`."),
    "D034": ("«otherwise» is not the last way.", "Move it to the end; nothing after it is reached."),
    "D035": ("A way is not complete.", "It needs `when` and `go`, or `otherwise`."),
    "D036": ("A reminder needs one of on and in.", "`on: =deadline` or `in: 31 days`."),
    "D037": ("A reminder's «on» is no date value.", "Name one with a leading =, such as `on: =deadline`."),
    "D038": ("A range is empty.", "Its end lies before its beginning; swap the two."),
    "D039": ("A key has no effect here.", "It belongs to another key or type; delete it."),
    "D040": ("There is no such dialog.", "Correct the name, or write the dialog."),
    "D041": ("There is no such state.", "Correct the name, or write the state."),
    "D042": ("There is no such list.", "Lists come from facts; the message names the nearest."),
    "D043": ("There is no such slot.", "Correct the name, or declare it under `slots`."),
    "D044": ("A slot has the name of a value of the facts.", "Give the slot another name."),
    "D045": ("There is no such block.", "Blocks are composed by facts and letters; the message names the nearest."),
    "D046": ("There is no such file.", "Files are made by the letters; a path cannot be attached."),
    "D047": ("There is no such answer or value.", "Correct the name; slots and values of the facts are known."),
    "D048": ("The type of a slot does not fit to its use.", "Change the `type` of the slot, or the state."),
    "D049": ("The type does not fit to the condition.", "`is` for one answer, `has` for several, < > = for numbers."),
    "D050": ("A condition asks for an answer that cannot be.", "Correct the answer id; the message names the nearest."),
    "D051": ("A slot is set to a value it cannot hold.", "Correct the value, or the slot's type."),
    "P001": ("The pack has no pack.yaml.", "Write one: commands and phrases stand there."),
    "P002": ("The pack is not named like its folder.", "Give both the same name."),
    "P003": ("A phrase is never said.", "Correct its name, or delete it."),
    "P004": ("A phrase is missing.", "Write it; the message says when it is said."),
    "P005": ("This is no command.", "A command has 1–32 of a–z, 0–9 and _."),
    "P006": ("A command needs exactly one of do, go, built in.", "Say what it does."),
    "P010": ("The pack starts with a dialog that is not there.", "Correct `start` in pack.yaml."),
    "G001": ("The glossary is no list of terms.", "Write `terms:` and below it one `- id: …` for each."),
    "G002": ("A key of the glossary is not known.", "Keys are id, about, avoid and languages such as de or pt_BR."),
    "G003": ("A term is not complete.", "It needs an id and English words; every language needs words."),
    "G004": ("A term stands twice.", "Keep one of them."),
    "L001": ("A letters file does not begin with keys.", "Begin with `parts:`, `reasons:` or another group."),
    "L002": ("There are no letters.", "Add `letters/letters.yaml`."),
    "L003": ("A part stands twice.", "Keep one of them."),
    "L010": ("A key is not known in the letters.", "The message names the nearest."),
    "L011": ("Something is missing in the letters.", "Add it."),
    "L012": ("This is no name.", "Lower-case letters, digits and _ only."),
    "L013": ("A value of the letters cannot be used.", "The message says what was expected."),
    "L014": ("There is no such part.", "Correct the name, or write the part."),
    "L015": ("The short form has no such part.", "Correct the step of shortening."),
    "L016": ("There are no such follow-ups.", "Correct the name, or write the follow-ups."),
    "L017": ("The marks of a letter's text cannot be read.", "The message says where."),
    "L018": ("A letter has no such fill-in.", "The message names the nearest."),
    "L019": ("A version is never used, or one is missing.", "A version without `when` comes last."),
    "L020": ("No provision of the facts has this role.", "Correct the name after `law_`, or add the law to the facts."),
    "L021": ("A condition of the letters names nothing that is known.", "Correct the name."),
    "L022": ("A condition of the letters asks for an answer that cannot be.", "Correct the answer id."),
    "L023": ("The letters name something that the facts do not have.", "Correct the name, or delete the text."),
    "L024": ("Something of the facts has no text in the letters.", "Add one."),
    "F001": ("A file of facts cannot be read.", "Look at the indentation, at quotes and colons."),
    "F002": ("A key of the facts stands twice.", "Keep one of them."),
    "F003": ("A key of the facts is no simple word.", "Write a short name before the colon."),
    "F004": ("Anchors, aliases, tags and second documents are not used.", "Write the text out."),
    "F005": ("A file of facts is too large or too deep.", "Split it, or make it flatter."),
    "F006": ("An invisible character stands in the facts.", "Delete it."),
    "F007": ("A file of facts is missing, or nobody reads it.", "The message names the files there must be."),
    "F010": ("A key of the facts is not known.", "The message names the nearest."),
    "F011": ("A key of the facts is missing.", "Add it."),
    "F012": ("A value of the facts cannot be used.", "The message says what was expected."),
    "F020": ("The facts name something that is not there.", "Correct the id; the message names the nearest."),
    "F021": ("A territory has no regime, or two.", "Every territory belongs to exactly one regime."),
    "F030": ("A link or its host is not allowed.", "Only hosts that hosts.yaml allows may be named."),
    "F040": ("A claim has no source.", "Every claim needs a source and a date."),
    "F041": ("A fact is past its review date.", "Look it up again, then set the new date."),
    "F042": ("Two facts contradict each other.", "The message shows both."),
    "F043": ("The wording does not fit to the confidence.", "What is not confirmed must say so."),
    "F044": ("A summary is too long.", "Shorten it; details have their own place."),
    "F050": ("Something in the facts is worth a look.", "The message says what."),
    "I901": ("A remark to the checks cannot be read, or gives no reason.", "`# check: ignore D012 because …`"),
    "I903": ("A remark ignores what cannot be ignored.", "Mend the problem; the bot could not use the file."),
}  # fmt: skip

_WARNINGS = {"Y022", "P003", "F041", "F050"}

CODED: dict[str, Coded] = {
    **{
        code: Coded(title, "warning" if code in _WARNINGS else "error", what) for code, (title, what) in _ERRORS.items()
    },
    **{
        code: Coded(title, "warning" if code >= "T206" or code in {"T106", "T107"} else "error", _hint)
        for code, title in TEXT_CODES.items()
        for _hint in (
            "The finding stands at the line of the `.po` file; until it is mended, people read the English text.",
        )
    },
    "I902": Coded("A remark ignores nothing any more.", "warning", "Delete it, so that it hides nothing new."),
}
"""Every code that is not a check of its own, with its meaning."""
