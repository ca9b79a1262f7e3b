"""Command line of the recipe: `python -m headlight_train complete STEP --work FOLDER`."""

from __future__ import annotations

import argparse
from pathlib import Path

from .recipes.complete import PUBLISHED_STEPS, CompletionRecipe
from .train import Budget

_STEPS = ("data", "tokenizer", "train", "export", "evaluate", "reference", "card")
_REPOSITORY = Path(__file__).resolve().parents[3]


def main() -> None:
    arguments = _parse()
    recipe = CompletionRecipe(
        work=arguments.work.resolve(),
        models=_REPOSITORY / "models",
        fixtures=_REPOSITORY / "test" / "fixtures",
    )
    steps = _STEPS if arguments.step == "all" else (arguments.step,)
    for step in steps:
        if step == "train":
            recipe.train(Budget(steps=arguments.steps, minutes=arguments.minutes))
        else:
            getattr(recipe, step)()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="headlight_train", description=__doc__)
    parser.add_argument("model", choices=["complete"])
    parser.add_argument("step", choices=[*_STEPS, "all"])
    parser.add_argument("--work", type=Path, required=True,
                        help="folder outside the repository for data and checkpoints")
    budget = parser.add_mutually_exclusive_group()
    budget.add_argument("--steps", type=int, help=f"training steps (default {PUBLISHED_STEPS})")
    budget.add_argument("--minutes", type=float, help="training time instead of steps")
    arguments = parser.parse_args()
    if arguments.steps is None and arguments.minutes is None:
        arguments.steps = PUBLISHED_STEPS
    return arguments


if __name__ == "__main__":
    main()
