# ruff: noqa: E501 – a line is one key; broken up, the list could not be read
"""Say what every key of facts and letters means, with an example: what an editor shows while somebody types.

A line is `key: what it means | an example`; `Record.key` is for the key of one record, `key` for all others. Keys whose
words are listed in the schema, and tables of whole records, need none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from yaml import BaseLoader, load

_LINES = """
sources: Ids of the sources that show it, from sources.yaml. | [brightnote_policy]
confidence: How sure this is. high: the company, a law, a court or an authority says so itself; medium: good reports; low: everything else, and then the words have to say so.
regimes: Regimes it holds in, or names of groups, from regimes.yaml. | [european, uk]
checked_on: The day on which somebody last looked at it; people are shown it. | 2026-11-23
review_by: By when somebody has to look again. | 2027-02-28
remarks: For maintainers; never shown to anybody. | Looked at the archived copy of August.
also: Words that people type for it, with commas. A word stands for one entry of the list only. | note, notebook
text: What people read: a short English sentence or two, without web addresses. | Private notes are left out, Brightnote says.
number: How many. | 1
unit: Of what.
note: A sentence that is shown with it. | It passes your case on.
post: The lines of its postal address. | [6 Pembroke Row, Dublin 2, Ireland]
names: Its names by language. | {en: Data Protection Commission}
territory: Where it is: a code of ISO 3166-1. | IE
Pack.company: The company, as a text names it. | Brightnote
Pack.language: The language the facts are written in. | en
Pack.compiled_on: The day on which these facts were put together. | 2026-11-23
Pack.contact_form: The page for everything that has no form of its own, from forms.yaml. | privacy_hub
Pack.others_product: The product that stands for what others post, from products.yaml. | third_party
Pack.licence: Under which licence others may take the facts. | CC0-1.0
Pack.id: The name of these facts: that of the pack. | brightnote
Hosts.forms: Hosts of the company's own pages. A new one needs a second person: a look-alike is what this list is for. | [brightnote.example]
Hosts.authorities: own: each authority has its hosts in its own record.
Hosts.sources: as_cited: sources may lie anywhere, and are shown only under «sources».
Hosts.shorteners: Hosts that hide where a link leads; refused everywhere. | [bit.ly]
Sources.sources: Texts the facts rest on, by id.
Source.url: Its address; leave it out where it has none. | https://eur-lex.europa.eu/eli/reg/2016/679/oj
Source.publisher: Who says so. | Court of Justice of the European Union
Source.via: Who keeps the copy that was read, if it is not the publisher. | Internet Archive
Source.about: Whose statement it reports. | a statement of Brightnote
Source.date: The date of the text itself: year, month or day, or undated. | 2026-07
Source.kind: primary: the company, law, court or authority itself; secondary: a report.
Source.shows: What it shows, in a few words. | Training began on 27 May 2025
Source.note: For maintainers: what to keep in mind. | Read in an archived copy.
Products.products: What people use of the company's, by id.
Products.situations: In which roles a person asks, by id.
Product.name: What people call it. | Notes
Product.linked: Whether one objection covers it together with the other linked accounts: yes or no.
Product.same_as: The product whose objection covers it too. | notes
Situation.products: Products offered in this situation. | [notes, diary]
Situation.always: Products that are taken without asking. | [third_party]
Situation.default: Products that are taken where nobody was asked. | [notes]
Controllers.controllers: Companies that answer for the data, by id.
Controller.name: Its full name, for a letter. | Brightnote Europe Limited
Controller.contact: The page to reach it, from forms.yaml. | privacy_hub
Regimes.groups: Short names for several regimes. | {european: [gdpr_eea, switzerland]}
Regimes.regimes: The rules for each group of territories, by id.
Regime.name: What it is called. | EU and EEA
Regime.right: Whether people may object. no: the company or a court says there is none; unknown: none is known to us.
Regime.forms_open: Whether the company's forms for own posts open there.
Regime.letter: Which letter fits.
Regime.controllers: Who answers: main, and others that a form names as addressee. | {main: brightnote_europe}
Regime.forms: Pages to offer for each product, the best one first. | {notes: [notes_objection]}
Regime.try_form: The page to try where it is not known whether it opens. | notes_objection
Regime.laws: Provisions that a letter may cite; only with a source.
Regime.deadline: By when an answer is due. Leave it out where no source says so.
Regime.acknowledgement: By when a receipt is due, where a law says so.
Law.cite: How it is cited. | GDPR Art. 21(1)
Law.use: What it gives a person. | the right to object, on grounds of your own situation
Law.role: What a letter uses it for; «{law_objection}» in a letter is the law of the role objection. | objection
Deadline.from_event: From when it is counted.
Deadline.extension: By how much it may be prolonged. | {number: 2, unit: months}
Deadline.words: The same in words, as people read it. | one month after they receive it
Claims.claims: What is told about a regime, a sentence each, by id.
Claim.topic: Where it is said. since, used, not_used, changes and cannot make the summary, one each.
Claim.situations: Situations it is said in; leave it out for all. | [own, creator]
Claim.date: The date of its newest source; check tells which. | 2026-08-22
Forms.forms: The company's pages, by id.
Forms.paths: The ways to them through menus, by id.
Form.name: What it is for, as people read it. | Notes: objection to training
Form.product: The product it belongs to, from products.yaml. | notes
Form.addressee: Which controller of the regime gets it. | main
Form.url: Its address, on a host of hosts.yaml. | https://www.brightnote.example/objection
Form.regions: Regimes or groups where it opens, or worldwide, or unknown; never a guess. | [european, uk]
Form.regions_unconfirmed: Where it is said to open, without a good source. | [japan]
Form.login: Whether one has to be logged in.
Form.covers: What an objection there covers.
Form.reason: Whether it asks for a reason, by regime or group. | {european: no, brazil: yes}
Form.code: Whether a code comes by e-mail, by regime or group. | {european: sometimes}
Form.asks: The fields it has, in order, and what to put there. | {email: {text: Use the one of your account.}}
Form.paths: Ways to it through menus, from paths. | [web_centre]
Form.instead: What to try where it does not open, the best first. | [privacy_hub]
Form.confirmed_live: The day on which a person opened it, signed in, in its region; null for never. | 2026-11-23
Form.status: gone: it is never offered, and the next one under instead is.
MenuPath.place: Where the way begins, as people read it. | In the app
MenuPath.where: In a browser or in the app.
MenuPath.steps: What to tap, one after the other. | [Settings, Privacy Centre]
Grounds.grounds: Reasons people may give, by id.
Grounds.follow_ups: Further questions that make a reason personal, by id.
Ground.label: The words on the button. | There are pictures of my children
Ground.summary: What it means, in a sentence. | Children cannot decide this themselves.
Ground.kind: A reason of one's own life, or one of law.
Ground.applies_to: Situations it is offered in. | [own, child]
Ground.request: Whether it fits a mere request too, where there is no right: yes or no.
Ground.follow_up: The further question, from follow_ups. | fears
Ground.own_reason: Whether it asks for words of one's own: yes or no.
FollowUp.slot: The slot that keeps the answer. | fear
FollowUp.options: The answers, by id. | {voice: {label: My voice}}
Option.label: The words on the button. | My voice
Steps.steps: What else helps, by id.
Step.kind: self_help: one can do it oneself; after: something to do after sending.
Timeline.events: What happened so far, by id.
StoryEvent.date: When it happened: year, month or day. | 2025-05-27
Authorities.directories: Lists that the details come from, by id.
Authorities.authorities: Where to complain, by id.
Authority.subdivision: The part of the territory it is for, from territories.yaml. | DE-BE
Authority.also_for: Other territories it is for. | [AX]
Authority.level: national, or that of a part. | national
Authority.role: What it is in a case: lead_authority, concerned_authority … | concerned_authority
Authority.takes_complaints: no keeps the record, so that a wrong address is recognised; it is never offered.
Authority.name: Its name in English. | Data Protection Commission
Authority.abbreviation: Its short name. | DPC
Authority.hosts: Hosts its own addresses may lie on. | [dataprotection.ie]
Authority.website: Its site. | https://www.dataprotection.ie
Authority.form: Its page for complaints. | https://forms.dataprotection.ie/contact
Authority.info: The page that explains how to complain. | https://www.dataprotection.ie/en/contact
Authority.email: Its address for e-mail. | info@dataprotection.ie
Authority.phone: Its telephone number, with the code of the country. | +353 1 765 0100
Authority.visit: The lines of the address where people may come. | [Main Street 1, Dublin]
Authority.languages: Languages it takes complaints in. | [en, ga]
Authority.how: How it likes to be reached. | The web form is the way it prefers.
Authority.language_note: What to know about languages. | English is answered more slowly.
Authority.phone_note: What to know about calling. | For information only.
Authority.company_first: Whether one has to write to the company first: yes or no.
Authority.before: What has to be done before a complaint. | Write to the company first, and wait a month.
Authority.wait: How long the company has before it. | {number: 30, unit: days}
Authority.law: The law it watches over. | GDPR
Authority.checks: Which details rest on which list, and how old they are there. | [{source: dade, fields: [email], date: 2023-02-10}]
Authority.check_again: What to look up first; people are told so. | [phone]
Check.source: The list, from directories. | dade
Check.fields: The details that rest on it. | [email, phone]
Check.date: How old they are there. | 2025
Directory.what: What it is and where it lies. | Datenanfragen.de, supervisory-authority records
Directory.version: Which version was read. | commit 0a29c3d of 2026-07-21
Directory.licence: Its licence. | CC0-1.0
Territories.territories: Every code of ISO 3166-1, and XK. | {FI: {alpha3: FIN, regime: gdpr_eea}}
Territories.not_codes: Codes that are words in some language, and are not understood as territories. | [IT, AM]
Territories.likely: What is offered first, by the person's language. | {de: [DE, AT, CH]}
Territories.subdivisions: Parts of a territory that have an authority of their own, by code.
Territory.alpha3: Its three letters, understood when typed. | FIN
Territory.regime: The rules that hold there, from regimes.yaml. | gdpr_eea
Territory.native: What people there call it. | [Suomi]
Territory.words: Everyday names, parts and larger towns by language; any for every language. | {en: [UAE, Dubai]}
Subdivision.names: Its name by language, English always. | {en: Bavaria, de: Bayern}
Subdivision.words: Words people type for it. | [Munich, Nuremberg]
Phrases.fields: What the details of an authority are called. | {email: the e-mail address}
Phrases.unconfirmed_words: Words one of which a sentence of low confidence must have. | [could not confirm]
Phrases.objection_words: Words that a sentence must not have where there is no right to object. | [objection]
Phrases.last_checked: When all was last looked at. | Last checked on {date}; the newest source is of {newest}.
Phrases.source_line: How a source stands behind a sentence. | ({source})
Phrases.source_via: A source that somebody else keeps. | {publisher}, kept by {via}
Phrases.source_about: A source that reports somebody's words. | {publisher}, reporting {about}
Phrases.source_dated: A source with its date. | {source} ({date})
Phrases.source_undated: A source without a date. | {source} (undated)
Phrases.sources_details: The heading of sources about the rules. | **More about the rules**
Phrases.sources_story: The heading of sources about what happened. | **About what happened**
Phrases.sources_forms: The heading of sources about the forms. | **About the forms**
Phrases.event: How the date of an event is shown. | **{date}**
Phrases.deadline_unknown: What is said where no time limit is known. | no time limit that we could confirm
Phrases.not_seen: What is said of a form whose fields nobody saw. | We have not seen this page.
Phrases.path_head: The heading of a way through menus, or of an authority. | **{place}**
Phrases.law_item: A law in a list. | **{cite}**: {use}
Phrases.authority_site: An authority's site. | Site: {link}
Phrases.authority_form: Its page for complaints. | Complaint page: {link}
Phrases.authority_info: Its page about complaints. | How to complain: {link}
Phrases.authority_email: Its address for e-mail. | E-mail: {email}
Phrases.authority_phone: Its telephone number. | Telephone: {phone}
Phrases.authority_languages: Its languages. | Languages: {languages}.
Phrases.authority_post: What stands above its postal address. | By post:
Phrases.authority_checked: When its details were looked at. | These details were last checked on {date}.
Phrases.authority_medium: What is said of details that rest on little. | Some of these details rest on an older list.
Phrases.authority_again: What to look up first. | Please look up first: {fields}.
Phrases.authority_none: What is said where no authority is known. | No authority is known to us for this place.
Letters.format: The version of this form of writing.
Letters.names: How a letter names what was chosen, by slot. | {accounts: {notes: Notes}}
Letters.letters: The kinds of letter, by name.
Letters.parts: What a letter consists of: for each part its versions, the first that fits is taken.
Letters.reasons: The arguments, by ground, each with its versions.
Letters.follow_ups: What an answer to a further question adds to the argument, by slot.
Recipe.file: The name of the file that is made of it. | objection
Recipe.subject: The part that is its subject. | subject
Recipe.limit: Most characters of the short form. | 900
Recipe.short: The paragraphs of the short form, each a list of parts with commas. | ["who, claim, scope"]
Recipe.shorten: What to shorten, one step after the other, until it fits. | [thanks to nothing, who to brief]
Recipe.long: The paragraphs of the long letter. | [sender, "who, claim"]
full: The text for the long letter. | I write for my child, whose privacy I have to look after.
short: The text for a form box. | I write for my child.
brief: The text when space is short. | For my child.
when: When this version fits. | situation is child and tone is firm
"""


def _read(lines: str) -> Mapping[str, tuple[str, str]]:
    made = {}
    for line in lines.strip().splitlines():
        key, _, rest = line.partition(": ")
        about, _, example = rest.partition(" | ")
        made[key] = (about, example)
    return made


_WHOLE = re.compile(r"\[|\{\w+: ")
"""How a list or a mapping begins, unlike a fill-in."""
DESCRIBED = _read(_LINES)


def described(record: str, key: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Give the schema of a key with what it means and, if there is one, an example."""
    about, example = DESCRIBED.get(f"{record}.{key}") or DESCRIBED[key]
    made = {"allOf": [dict(schema)]} if "$ref" in schema else dict(schema)  # beside a reference nothing counts
    # An editor puts an example in as it stands: a list has to be a list.
    value = load(example, BaseLoader) if _WHOLE.match(example) else example  # noqa: S506 – it makes nothing but text
    return {**made, "description": about, **({"examples": [value]} if example else {})}
