"""Shortens the opening sentence of an entry, and a heading, to a summary by fixed rules.

The rules make summaries of all sources alike, so that a tiny model has one style to learn:
third person (`Return the size` becomes `Returns the size`), no remark in brackets, no clause that
only explains, no `The size() method` in front.
"""

from __future__ import annotations

import re

from ..grammar.morphology import third_person
from .sentences import split_sentences

_IMPERATIVES = frozenset("""
abort accept access accumulate acquire activate adapt add adjust advance aggregate allocate
allow analyze append apply assert assign associate attach attempt authenticate begin bind
block build cache calculate call cancel cast cause change check clean clear clone close collapse
collect combine commit compare compile complete compress compute concatenate configure connect
construct consume contain control convert copy count create customize deallocate decode
decompress decrease decrement decrypt define delete deliver deny deprecate describe deserialize
destroy detach detect determine disable discard display divide drain drop dump duplicate emit
empty enable encode encrypt end enforce ensure enter establish evaluate examine exchange execute
exit expand expose extend extract fetch fill filter find finish flush force format free generate
get give grant group handle hide hold identify ignore implement import include increase
increment indicate inform initialize insert inspect install instruct interpret intersect
invalidate invert invoke iterate join keep kill launch list listen load locate lock log look
lower make manage mark match merge modify move multiply negate normalize notify obtain open
optimize override pack parse partition pass patch pause peek perform permit place pop populate
post prepare prepend present press prevent print process produce promote provide push put query
raise read receive reclaim record redirect reduce refresh register reindex release reload remove
rename render reopen repeat replace report represent request require reset resize resolve
restart restore restrict resume retrieve return reverse revert revoke rewind roll rotate round
run save scan schedule search seek select send serialize set show shuffle shut shutdown signal
skip sleep sort spawn specify split start stop store stringify submit subtract suspend swap
switch synchronize take tell terminate test throw toggle trace transfer transform translate
traverse trigger truncate try turn undo uninstall unload unlock unpack unregister unset update
upgrade use validate verify wait wake walk warn watch wrap write yield
""".split())
_AFTER_IMPERATIVE = frozenset("""
a all an and another any back both data each every exactly False how if information items its
like multiple n new None objects on one only or out several some that the this True true two up
values whether
""".split())
_ALSO_NOUNS = frozenset("""
block build cache call cast change check control copy count display divide drain drop dump
duplicate end escape exit export extract fill filter format free group handle hold import
increase index initial join launch list load lock log look mark match merge move override pack
pass pause place pop post present press print process produce push query raise record register
release repeat report request reset result return reverse run search select set show shuffle
signal skip sleep sort split start stop store submit subtract suspend switch test throw toggle
trace transfer transform trigger try turn update upgrade use wait wake walk watch wrap yield
""".split())
_AFTER_NOUN = frozenset("""
are as at be been by can class event for from has if in is may method module must of on only
operation or parameter property than that to type was were when where which will with
""".split())
_SUBJECT = re.compile(
    r"^(?:The|This)\s(?:[\w.:\-()\[\]'@/]+\s){0,2}?(?:API|attribute|class|command|constructor|"
    r"decorator|event|field|flag|function|interface|macro|method|module|option|package|"
    r"parameter|program|property|setting|struct|tag|trait|type|utility|variable|view)\s"
    r"(?:can be used to\s|is used to\s|(?=(?!(?:as|does|has|is|its|this|was)\b)\w+s\s))"
)
_CALLED = re.compile(r"^(?:\w+(?:[._:]+\w+)+(?:\(\))?|\w+\(\)|[A-Z][A-Z ]+[A-Z])\s(\w+s)\s")
_REMARK = re.compile(r"\s+\([^()]*(?:\([^()]*\)[^()]*)*\)")
_EXPLANATION = re.compile(
    r"(?:, which|;|, such as|, e\.g\.|, i\.e\.|, for example|, for instance|, including|"
    r", where| - ).*$"
)
_SMALLEST_HEAD = 5
"""Words that must stay when an explaining clause is cut off."""

_TITLE_CASE = re.compile(r"^[A-Z][a-z]+(?:[-'][A-Za-z]?[a-z]+)?$")
_HEADING_LABEL = re.compile(r"^(?:DEP\d+|CVE-[\d-]+|PEP \d+|bpo-\d+|Issue \d+|Step \d+): ")


def compressed_sentence(sentence: str) -> str:
    """The sentence without remarks, explaining clauses and a subject that only names the entry."""
    text = _REMARK.sub("", sentence.rstrip(".!? "))
    head = _EXPLANATION.sub("", text)
    if len(head.split()) >= _SMALLEST_HEAD:
        text = head
    called = _CALLED.match(text)
    if called and called.group(1) in {third_person(verb) for verb in _IMPERATIVES}:
        text = text[called.start(1):]
    else:
        text = _SUBJECT.sub("", text)
    text = _described(_capitalised(" ".join(text.split())))
    return text.rstrip(".,;: ") + "."


def heading_phrase(heading: str, prose: str) -> str:
    """The heading as a phrase in sentence case; words that `prose` capitalises inside a sentence,
    as it does names, keep their capital."""
    heading = _HEADING_LABEL.sub("", heading).rstrip(".: ")
    names = {
        word.strip("\"'(),.:;")
        for sentence in split_sentences(prose)
        for word in sentence.split()[1:]
    }
    phrase = [word if index == 0 or word in names or not _TITLE_CASE.match(word) else word.lower()
              for index, word in enumerate(heading.split())]
    return _capitalised(" ".join(phrase))


def _described(text: str) -> str:
    """The text with its leading commands as descriptions: `Return` becomes `Returns`."""
    parts = text.split(" ")
    first = parts[0].lower()
    if len(parts) < 3 or first not in _IMPERATIVES or not _follows_verb(first, parts[1]):
        return text
    parts[0] = third_person(parts[0])
    for index in range(1, len(parts) - 1):
        joined = parts[index - 1] in ("and", "or") or parts[index - 1].endswith(",")
        if joined and parts[index] in _IMPERATIVES and _follows_verb(first, parts[index + 1]):
            parts[index] = third_person(parts[index])
    return " ".join(parts)


def _follows_verb(verb: str, word: str) -> bool:
    """Whether `word` after `verb` shows that this is a verb, not a noun (`Test case`)."""
    if word in _AFTER_IMPERATIVE or (verb in ("attempt", "try") and word == "to"):
        return True
    return verb not in _ALSO_NOUNS and word.isalpha() and word not in _AFTER_NOUN


def _capitalised(text: str) -> str:
    """The text with a capital first letter, unless it starts with an identifier."""
    first = text.split(" ", 1)[0]
    if re.search(r"[._()]|[a-z][A-Z]", first):
        return text
    return text[:1].upper() + text[1:]
