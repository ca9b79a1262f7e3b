"""The generator: endless training pairs, and test sets of what training never shows."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random

from .draw import Draw, Spoken
from .nounphrase import DeadEnd
from .pattern import FRAMES_FOLDER, Frame, read_frames
from .plan import Plan
from .split import Combination, is_held_out
from .tables import Tables
from .words import Lexicon

_MODIFIERS = {"modifiers_of_objects": "O", "modifiers_of_subjects": "S"}
"""Frame files of clauses inside noun phrases, and the part their noun plays in them."""


@dataclass(frozen=True)
class Example:
    """A pair of sentences, and what is known about it.

    `alignment` holds (en_start, en_end, zh_start, zh_end), character ranges of words that
    translate one another, ordered by the English.
    """

    en: str
    zh: str
    frame: str
    combinations: frozenset[Combination]
    alignment: tuple[tuple[int, int, int, int], ...]


class _FrameSet:
    """Frames that are drawn by weight."""

    def __init__(self, plans: list[Plan]) -> None:
        self.plans = plans
        self._cumulative = list(accumulate(plan.frame.weight for plan in plans))

    def draw(self, rng: Random) -> Plan:
        return self.plans[bisect(self._cumulative, rng.random() * self._cumulative[-1])]


class Generator:
    """Generates examples from a lexicon.

    `seed` fixes the split into training and test, before and apart from anything generated, and
    the test sets themselves; training examples have a seed of their own.
    """

    def __init__(self, lexicon: Lexicon, seed: int = 1,
                 frames_folder: Path = FRAMES_FOLDER) -> None:
        self.lexicon = lexicon
        self.seed = seed
        self.frames: list[Frame] = []
        self._modifiers: dict[str, list[Plan]] = {role: [] for role in _MODIFIERS.values()}
        for path in sorted(frames_folder.glob("*.txt")):
            role = _MODIFIERS.get(path.stem)
            if role:
                for frame in read_frames(path):
                    # As often in the list as it weighs.
                    self._modifiers[role] += [Plan.of(frame, (role,))] * round(frame.weight)
            else:
                self.frames += read_frames(path)
        plans = [Plan.of(frame) for frame in self.frames]
        self.plans = {plan.frame.id: plan for plan in plans}
        self._seen = _FrameSet([plan for plan in plans if not plan.frame.held_out])
        self._unseen = _FrameSet([plan for plan in plans if plan.frame.held_out])
        self._training = Tables(lexicon, lambda combination: not self.is_held_out(combination))
        self._open = Tables(lexicon, lambda _: True)

    def is_held_out(self, combination: Combination) -> bool:
        """Whether a combination of words is kept for the test."""
        return is_held_out(combination, self.seed)

    def training_examples(self, seed: int) -> Iterator[Example]:
        """Endless examples without any held-out frame or combination of words."""
        rng = Random(f"training {seed}")
        while True:
            yield self._example(rng, self._seen, self._training)

    def held_out_combinations(self, n: int) -> list[Example]:
        """Sentences of seen frames, each with at least one combination training never has."""
        rng = Random(f"combinations {self.seed}")
        found: dict[str, Example] = {}
        while len(found) < n:
            example = self._example(rng, self._seen, self._open)
            if any(map(self.is_held_out, example.combinations)):
                found.setdefault(example.en, example)
        return list(found.values())

    def held_out_frames(self, n: int) -> list[Example]:
        """Sentences of frames training never has, their combinations of words all seen."""
        rng = Random(f"frames {self.seed}")
        found: dict[str, Example] = {}
        while len(found) < n:
            example = self._example(rng, self._unseen, self._training)
            found.setdefault(example.en, example)
        return list(found.values())

    def from_frame(self, frame: str, rng: Random) -> Example:
        """An example of the frame with this id."""
        return self._example(rng, _FrameSet([self.plans[frame]]), self._training)

    def _example(self, rng: Random, frames: _FrameSet, tables: Tables) -> Example:
        while True:
            plan = frames.draw(rng)
            draw = Draw(rng, tables, self._modifiers)
            try:
                spoken: Spoken = draw.sentence(plan)
            except DeadEnd:
                continue
            return Example(spoken.en, spoken.zh, plan.frame.id, frozenset(draw.combinations),
                           tuple(sorted(spoken.alignment)))
