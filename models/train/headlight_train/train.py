"""The training loop: AdamW, warm-up and cosine decay, resumable checkpoints.

The schedule follows the share of the budget that is spent. A budget is either a
number of steps, which repeats a run, or minutes of training time, which makes a
run of unknown speed end on time with its learning rate fully decayed.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from .model import build_model


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
class TrainingOptions:
    """Hyper-parameters of a run."""

    budget: Budget
    context: int = 512
    batch: int = 4
    learning_rate: float = 3e-3
    final_learning_rate: float = 3e-5
    warmup_steps: int = 200
    weight_decay: float = 0.1
    gradient_clip: float = 1.0
    seed: int = 20261123
    checkpoint_steps: int = 250


@dataclass
class Progress:
    """What a run has spent and seen so far; saved with every checkpoint."""

    steps: int = 0
    tokens: int = 0
    seconds: float = 0.0
    losses: list[tuple[int, float]] = field(default_factory=list)
    """(step, mean training loss in nats per token since the entry before)."""


def learning_rate(options: TrainingOptions, steps: int, share: float) -> float:
    """Linear warm-up by steps, then a cosine over the budget down to the final rate."""
    warmup = min(1.0, (steps + 1) / options.warmup_steps)
    cosine = 0.5 * (1 + math.cos(math.pi * share))
    peak, final = options.learning_rate, options.final_learning_rate
    return warmup * (final + (peak - final) * cosine)


def window_batches(stream_length: int, options: TrainingOptions, start_step: int,
                   ) -> Iterator[np.ndarray]:
    """Yields arrays of window starts, one a step, the same for the same seed and step.

    Each epoch cuts the stream into windows at its own random offset and visits them
    in its own random order, so that windows do not start at the same tokens twice.
    """
    per_epoch = (stream_length - 2 * options.context) // (options.context * options.batch)
    if per_epoch < 1:
        raise ValueError("the training text is shorter than one batch")
    step = start_step
    while True:
        epoch = step // per_epoch
        random = np.random.default_rng((options.seed, epoch))
        offset = int(random.integers(options.context))
        order = random.permutation(per_epoch * options.batch)
        starts = (offset + order * options.context).reshape(per_epoch, options.batch)
        for batch in starts[step % per_epoch:]:
            yield batch
            step += 1


def train(config: LlamaConfig, stream: np.ndarray, options: TrainingOptions, folder: Path) -> None:
    """Trains until the budget is spent; goes on from the newest checkpoint in `folder`."""
    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = build_model(config).to(device).train()
    optimizer = torch.optim.AdamW(_parameter_groups(model, options.weight_decay),
                                  lr=0.0, betas=(0.9, 0.95), eps=1e-8)
    progress = Progress()
    newest = latest_checkpoints(folder, 1)
    if newest:
        progress = _load_checkpoint(newest[0], model, optimizer, device)
        print(f"resumed at step {progress.steps}", flush=True)

    window = np.arange(options.context + 1)
    running: list[float] = []
    clock = time.monotonic()
    for starts in window_batches(len(stream), options, progress.steps):
        share = options.budget.share(progress.steps, progress.seconds)
        if share >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(options, progress.steps, share)
        tokens = torch.from_numpy(stream[starts[:, None] + window].astype(np.int64)).to(device)
        logits = model(input_ids=tokens[:, :-1], use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
        if not torch.isfinite(loss):
            raise RuntimeError(f"loss is not finite at step {progress.steps}")
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), options.gradient_clip)
        optimizer.step()

        running.append(loss.item())
        progress.steps += 1
        progress.tokens += tokens[:, 1:].numel()
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


def averaged_model(config: LlamaConfig, folder: Path, count: int, attention: str = "sdpa",
                   ) -> LlamaForCausalLM:
    """The mean of the weights of the newest `count` checkpoints, ready for inference."""
    checkpoints = latest_checkpoints(folder, count)
    if not checkpoints:
        raise FileNotFoundError(f"no checkpoint in {folder}")
    states = [torch.load(path, map_location="cpu", weights_only=True)["model"]
              for path in checkpoints]
    mean = {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}
    model = build_model(config, attention)
    model.load_state_dict(mean)
    return model.eval()


def _parameter_groups(model: LlamaForCausalLM, weight_decay: float) -> list[dict]:
    """Weight decay on matrices only, not on the gains of the norms."""
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    gains = [p for p in model.parameters() if p.dim() < 2]
    return [{"params": matrices, "weight_decay": weight_decay},
            {"params": gains, "weight_decay": 0.0}]


def _save_checkpoint(folder: Path, model: LlamaForCausalLM, optimizer: torch.optim.Optimizer,
                     progress: Progress) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"step-{progress.steps:07d}.pt"
    partial = path.with_suffix(".partial")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(),
                "progress": asdict(progress)}, partial)
    os.replace(partial, path)


def _load_checkpoint(path: Path, model: LlamaForCausalLM, optimizer: torch.optim.Optimizer,
                     device: torch.device) -> Progress:
    state = torch.load(path, map_location=device, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return Progress(**state["progress"])
