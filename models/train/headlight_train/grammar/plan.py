"""In which order the slots of a frame are drawn: verbs first, then what they take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .pattern import NOUNS, VERBS, Frame, Slot


@dataclass(frozen=True)
class VerbGroup:
    """The verbs of one subject: they need a common actor."""

    subject: str | None
    verbs: tuple[Slot, ...]


@dataclass(frozen=True)
class Plan:
    """A frame with the order in which its slots are drawn."""

    frame: Frame
    groups: tuple[VerbGroup, ...]
    nouns: tuple[tuple[Slot, str | None], ...]
    """Each noun slot with the verb whose object it is, if any."""
    others: tuple[Slot, ...]
    """Second verbs of an object, numbers, names, adverbials."""
    actions: frozenset[str]
    """The verbs that must be actions, since they are ordered, suffered or in progress."""

    @staticmethod
    def of(frame: Frame, bound: Sequence[str] = ()) -> Plan:
        """Plans a frame; `bound` are the variables that are given from outside."""
        declared = frame.declared()
        known = {*declared, *bound}
        groups: dict[str, tuple[str | None, list[Slot]]] = {}
        for slot in declared.values():
            if slot.sort not in ("V", "I"):
                continue
            number = slot.variable[1:]
            subject = next((s for s in (f"S{number}", "S") if s in known), None)
            groups.setdefault(subject or slot.variable, (subject, []))[1].append(slot)
        nouns: list[tuple[Slot, str | None]] = []
        for slot in declared.values():
            if slot.sort not in NOUNS or slot.variable in bound:
                continue
            verb = None
            if slot.sort == "O":
                verb = next((v for v in (f"V{slot.variable[1:]}", "V") if v in known), None)
                if verb is None:
                    raise ValueError(f"{frame.id}: {slot.variable} has no verb.")
            nouns.append((slot, verb))
        taking = {verb for _, verb in nouns} | ({"V"} if "O" in bound else set())
        for slot in declared.values():
            if slot.sort == "V" and slot.variable not in taking and not slot.objects:
                raise ValueError(f"{frame.id}: {slot.variable} has no object.")
        others = [s for s in declared.values() if s.sort not in (*NOUNS, "V", "I")]
        return Plan(frame, tuple(VerbGroup(s, tuple(verbs)) for s, verbs in groups.values()),
                    tuple(nouns), tuple(others),
                    frozenset(_actions(frame, bool(bound))))


def _actions(frame: Frame, clause: bool) -> Iterator[str]:
    """The verbs that a frame uses in a form states do not go well in.

    "The tool needs the file" but not "Need the file!"; within a clause "that you need" is good.
    """
    fitting = ("s", "past", "third", "") if clause else ("s", "past", "third")
    for token in frame.english:
        if isinstance(token, Slot) and token.sort in VERBS and token.form not in fitting:
            yield token.variable
