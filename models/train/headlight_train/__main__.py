"""Makes a bundled model: `python -m headlight_train MODEL STEP --work FOLDER`."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from .recipes.complete import CompleteRecipe
from .recipes.fill_mask import FillMaskRecipe
from .recipes.recipe import STEPS, Recipe
from .recipes.summarize import SummarizeRecipe
from .recipes.translate import TranslateRecipe
from .training.loop import Budget, Run

_REPOSITORY = Path(__file__).resolve().parents[3]
_RECIPES: dict[str, type[Recipe]] = {
    "complete": CompleteRecipe,
    "fill-mask": FillMaskRecipe,
    "summarize": SummarizeRecipe,
    "translate": TranslateRecipe,
}


def main() -> None:
    arguments = _parse()
    recipe = _RECIPES[arguments.model](
        work=arguments.work.resolve(),
        models=_REPOSITORY / "models",
        fixtures=_REPOSITORY / "test" / "fixtures",
    )
    # Numbers too small for their format cost a CPU a hundred times as much as others.
    torch.set_flush_denormal(True)
    for step in STEPS if arguments.step == "all" else (arguments.step,):
        if step == "train":
            minutes, steps = arguments.minutes, arguments.steps
            budget = Budget(minutes=minutes) if minutes else Budget(steps=steps or recipe.steps)
            recipe.train(Run(budget, arguments.first_weights, arguments.seed))
        else:
            getattr(recipe, step)()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="headlight_train", description=__doc__)
    parser.add_argument("model", choices=sorted(_RECIPES))
    parser.add_argument("step", choices=[*STEPS, "all"])
    parser.add_argument("--work", type=Path, required=True,
                        help="folder outside the repository for data and checkpoints")
    budget = parser.add_mutually_exclusive_group()
    budget.add_argument("--steps", type=int,
                        help="training steps (default: those of the published model)")
    budget.add_argument("--minutes", type=float, help="training time instead of steps")
    parser.add_argument("--from", dest="first_weights", metavar="CHECKPOINT",
                        help="start a new run from the weights of an earlier one")
    parser.add_argument("--seed", type=int, default=Run.seed,
                        help="another order of the data, for a run that goes on from an earlier one")
    return parser.parse_args()


if __name__ == "__main__":
    main()
