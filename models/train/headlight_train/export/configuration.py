"""Writes what stands beside the graphs: `config.json`, `generation_config.json`, `headlight.json`."""

from __future__ import annotations

import json
from pathlib import Path

from transformers import GenerationConfig, PreTrainedModel


def write_configuration(model: PreTrainedModel, generation: dict[str, object], folder: Path,
                        ) -> None:
    """Writes both configuration files of Hugging Face."""
    folder.mkdir(parents=True, exist_ok=True)
    config = model.config
    config.architectures = [type(model).__name__]
    config.dtype = "float32"
    config.save_pretrained(folder)
    if generation:
        special = {name: getattr(config, name, None) for name in (
            "bos_token_id", "eos_token_id", "pad_token_id", "decoder_start_token_id")}
        GenerationConfig(**{name: value for name, value in special.items() if value is not None},
                         **generation).save_pretrained(folder)


def write_domain(folder: Path, task: str, domain: dict[str, float],
                 languages: dict[str, str] | None = None, reliable: bool = True) -> None:
    """Writes `headlight.json`: what the model is for, and by what a strange text shows.

    Results of a model that is not `reliable` are never shown without saying so.
    """
    description = {"task": task, **({"languages": languages} if languages else {}),
                   **({} if reliable else {"reliable": False}),
                   "domain": {"name": "software English", **domain}}
    (folder / "headlight.json").write_text(json.dumps(description, indent=2) + "\n")
