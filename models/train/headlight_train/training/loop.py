"""The training loop of every model: warm-up and cosine decay, resumable checkpoints.

The schedule follows the share of the budget that is spent. A budget is either a
number of steps, which repeats a run, or minutes of training time, which makes a
run of unknown speed end on time with its learning rate fully decayed.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

import torch
from transformers import PreTrainedModel

from .optimizer import MuonWithAdamW

Inputs = dict[str, torch.Tensor]


class Task(Protocol):
    """What a model learns: where its batches come from, and what it minimises."""

    def batches(self, start_step: int) -> Iterator[Inputs]:
        """One batch a step, for ever; the same for the same step, so that runs can resume."""

    def loss(self, model: PreTrainedModel, inputs: Inputs) -> tuple[torch.Tensor, int]:
        """The mean loss per predicted token, and how many tokens the model read."""


@dataclass(frozen=True)
class Budget:
    """What a run may spend; exactly one of the two is given."""

    steps: int | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        if (self.steps is None) == (self.minutes is None):
            raise ValueError("give either a number of steps or of minutes")

    def share(self, steps: int, seconds: float) -> float:
        """The part of the budget that is spent, from 0 to 1."""
        spent = steps / self.steps if self.steps else seconds / (self.minutes * 60)
        return min(spent, 1.0)


@dataclass(frozen=True)
class Run:
    """One training run: how long it may take, and what it starts from."""

    budget: Budget
    first_weights: str | None = None
    """A checkpoint of an earlier run, whose weights this one starts from."""
    seed: int = 20261123
    """Of random weights and of the order of the data: one that goes on wants another."""


@dataclass(frozen=True)
class TrainingOptions:
    """Hyper-parameters of a run."""

    run: Run
    learning_rate: float
    final_learning_rate: float = 3e-5
    warmup_steps: int = 100
    weight_decay: float = 0.1
    gradient_clip: float = 1.0
    checkpoint_steps: int = 100


@dataclass
class Progress:
    """What a run has spent and seen so far; saved with every checkpoint."""

    steps: int = 0
    tokens: int = 0
    seconds: float = 0.0
    earlier_tokens: int = 0
    """What the runs had read from whose weights this one started."""
    losses: list[tuple[int, float]] = field(default_factory=list)
    """(step, mean training loss in nats per token since the entry before)."""


def learning_rate(options: TrainingOptions, steps: int, share: float) -> float:
    """Linear warm-up by steps, then a cosine over the budget down to the final rate."""
    warmup = min(1.0, (steps + 1) / options.warmup_steps)
    cosine = 0.5 * (1 + math.cos(math.pi * share))
    peak, final = options.learning_rate, options.final_learning_rate
    return warmup * (final + (peak - final) * cosine)


def train(model: PreTrainedModel, task: Task, options: TrainingOptions, folder: Path) -> None:
    """Trains until the budget is spent; goes on from the newest checkpoint in `folder`."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = model.to(device).train()
    optimizer = MuonWithAdamW(model, options.weight_decay)
    progress = Progress()
    newest = latest_checkpoints(folder, 1)
    if newest:
        progress = _load_checkpoint(newest[0], model, optimizer, device)
        print(f"resumed at step {progress.steps}", flush=True)
    elif options.run.first_weights:
        state = torch.load(options.run.first_weights, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        earlier = Progress(**state["progress"])
        progress.earlier_tokens = earlier.earlier_tokens + earlier.tokens

    running: list[float] = []
    clock = time.monotonic()
    for inputs in task.batches(progress.steps):
        share = options.run.budget.share(progress.steps, progress.seconds)
        if share >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(options, progress.steps, share)
        # Dropout and masks depend on the step alone, so that a resumed run repeats them.
        torch.manual_seed(options.run.seed + progress.steps)
        loss, tokens = task.loss(model, {name: t.to(device) for name, t in inputs.items()})
        if not torch.isfinite(loss):
            raise RuntimeError(f"loss is not finite at step {progress.steps}")
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), options.gradient_clip)
        optimizer.step()

        running.append(loss.item())
        progress.steps += 1
        progress.tokens += tokens
        now = time.monotonic()
        progress.seconds += now - clock
        clock = now
        if progress.steps % 50 == 0:
            mean = sum(running) / len(running)
            running.clear()
            progress.losses.append((progress.steps, round(mean, 4)))
            print(f"step {progress.steps} loss {mean:.4f} lr {optimizer.param_groups[0]['lr']:.2e} "
                  f"budget {share:.3f} {progress.tokens / progress.seconds:.0f} tokens/s", flush=True)
        if progress.steps % options.checkpoint_steps == 0:
            _save_checkpoint(folder, model, optimizer, progress)
    _save_checkpoint(folder, model, optimizer, progress)
    (folder / "run.json").write_text(json.dumps(
        {"options": asdict(options), "progress": asdict(progress), "device": device.type,
         "threads": torch.get_num_threads()}, indent=1) + "\n")


def latest_checkpoints(folder: Path, count: int) -> list[Path]:
    """The newest checkpoints, newest first."""
    return sorted(folder.glob("step-*.pt"), reverse=True)[:count]


def averaged_model(build: Callable[[], PreTrainedModel], folder: Path, count: int,
                   ) -> PreTrainedModel:
    """The mean of the weights of the newest `count` checkpoints, ready for inference."""
    checkpoints = latest_checkpoints(folder, count)
    if not checkpoints:
        raise FileNotFoundError(f"no checkpoint in {folder}")
    states = [torch.load(path, map_location="cpu", weights_only=True)["model"]
              for path in checkpoints]
    mean = {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}
    model = build()
    model.load_state_dict(mean)
    return model.eval()


def _save_checkpoint(folder: Path, model: PreTrainedModel, optimizer: torch.optim.Optimizer,
                     progress: Progress) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"step-{progress.steps:07d}.pt"
    partial = path.with_suffix(".partial")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(),
                "progress": asdict(progress)}, partial)
    os.replace(partial, path)


def _load_checkpoint(path: Path, model: PreTrainedModel, optimizer: torch.optim.Optimizer,
                     device: torch.device) -> Progress:
    state = torch.load(path, map_location=device, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return Progress(**state["progress"])
