"""Writes a model card: fixed prose from a template, every figure from a measurement file."""

from __future__ import annotations

import json
from pathlib import Path
from string import Template

from .data.sources import SOURCES

_TEMPLATES = Path(__file__).parent / "cards"


def write_completion_card(work: Path, parameters: int, stream_tokens: int, averaged: int,
                          path: Path) -> None:
    """Fills `cards/complete.md` from the JSON files that earlier steps left in `work`."""
    corpus = _read(work / "corpus" / "corpus.json")
    run = _read(work / "checkpoints" / "run.json")
    export = _read(work / "export.json")
    evaluation = _read(work / "evaluation.json")
    options, progress = run["options"], run["progress"]
    overall, baseline = evaluation["prediction"]["all"], evaluation["baseline"]
    previous, loops, copies = (evaluation[k] for k in ("previous_token", "loops", "copies"))
    # To the nearest hundred: how much held-out text fills the context.
    context_characters = round(options["context"] * overall["characters"] / overall["tokens"], -2)
    text = Template((_TEMPLATES / "complete.md").read_text(encoding="utf-8")).substitute(
        parameters=f"{parameters:,}",
        model_bytes=f"{export['bytes']:,}",
        data_table=_data_table(corpus),
        checksums="\n".join(f"- `{name}`: `{package['sha256']}`"
                            for name, package in corpus["packages"].items()),
        train_characters=f"{corpus['train']['characters']:,}",
        train_documents=f"{corpus['train']['documents']:,}",
        heldout_characters=f"{corpus['heldout']['characters']:,}",
        heldout_documents=f"{corpus['heldout']['documents']:,}",
        device=run["device"].upper(),
        threads=run["threads"],
        steps=f"{progress['steps']:,}",
        tokens=f"{progress['tokens'] / 1e6:.1f} million",
        passes=f"{progress['tokens'] / stream_tokens:.1f}",
        schedule=_schedule(options["budget"]),
        verdict=_verdict(overall["bits_per_character"], baseline["bits_per_character"]),
        minutes=f"{progress['seconds'] / 60:.0f}",
        batch=options["batch"],
        context=options["context"],
        peak_rate=f"{options['learning_rate']:g}",
        final_rate=f"{options['final_learning_rate']:g}",
        warmup=options["warmup_steps"],
        weight_decay=options["weight_decay"],
        averaged=averaged,
        spacing=options["checkpoint_steps"],
        final_loss=f"{progress['losses'][-1][1]:.2f}",
        bits_per_character=f"{overall['bits_per_character']:.3f}",
        bits_per_byte=f"{overall['bits_per_byte']:.3f}",
        baseline_order=baseline["order"],
        baseline_bits_per_character=f"{baseline['bits_per_character']:.3f}",
        baseline_bits_per_byte=f"{baseline['bits_per_byte']:.3f}",
        next_first=f"{overall['next_token_first']:.1%}",
        next_five=f"{overall['next_token_among_five']:.1%}",
        context_characters=f"{context_characters:,.0f}",
        heldout_tokens=f"{overall['tokens']:,}",
        source_scores=_source_scores(evaluation["prediction"]["by_source"]),
        loop_table=_loop_table(loops),
        loop_prompts=loops["prompts"],
        loop_tokens=loops["tokens"],
        copying=copies["copying"],
        copy_prompts=copies["prompts"],
        copy_words=copies["words"],
        head_score=f"{previous['best_score']:.3f}",
        head_layer=previous["best_layer"],
        head_number=previous["best_head"],
        head_windows=previous["windows"],
        head_tokens=previous["tokens_per_window"],
        parity="\n".join(f"| {name} | {value:.1e} |"
                         for name, value in export["differences"].items()),
        samples=_samples(evaluation["samples"]),
    )
    path.write_text(text, encoding="utf-8")


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _data_table(corpus: dict) -> str:
    rows = ["| Package | Version | Used | Licence | Copyright | Training characters |",
            "|---|---|---|---|---|---:|"]
    used = {"html": "prose of the pages", "doc-comments": "documentation comments",
            "rust-comments": "documentation comments", "diagnostics": "diagnostic messages"}
    for source in SOURCES:
        package = corpus["packages"][source.package]
        characters = corpus["train"]["characters_by_source"].get(source.name, 0)
        rows.append(f"| `{source.package}` ({package['registry']}) | {package['version']} "
                    f"| {used[source.reader]} | {source.licence} | {source.holder} "
                    f"| {characters:,} |")
    return "\n".join(rows)


def _schedule(budget: dict) -> str:
    if budget["minutes"] is None:
        return "The schedule followed the number of steps."
    return ("The schedule followed the clock, so the same number of steps on another machine "
            "gives a model of the same kind, not the same weights.")


def _verdict(model: float, baseline: float) -> str:
    """The comparison in words; differences below one per cent count as none."""
    if model < 0.99 * baseline:
        return "The model predicts this text better than the n-gram baseline does."
    if model > 1.01 * baseline:
        return "The model predicts this text worse than the n-gram baseline does: it is undertrained."
    return "The model predicts this text no better than the n-gram baseline does: it is undertrained."


def _source_scores(by_source: dict) -> str:
    packages = {source.name: source.package for source in SOURCES}
    rows = ["| Held-out text of | Characters | Bits per character |", "|---|---:|---:|"]
    rows += [f"| `{packages[name]}` | {score['characters']:,} | {score['bits_per_character']:.3f} |"
             for name, score in by_source.items()]
    return "\n".join(rows)


def _loop_table(loops: dict) -> str:
    rows = ["| Generated | Outputs that end in a loop |", "|---|---:|"]
    rows += [f"| {name} | {count} of {loops['prompts']} |"
             for name, count in loops["looping"].items()]
    return "\n".join(rows)


def _samples(samples: list[dict[str, str]]) -> str:
    blocks: list[str] = []
    for number, sample in enumerate(samples, start=1):
        lines = [f"{number}. **{_inline(sample['prompt'])}**",
                 f"   - greedy: …{_inline(sample['greedy'])}",
                 f"   - sampled: …{_inline(sample['sampled'])}"]
        blocks.append("\n".join(lines))
    return "\n".join(blocks)


def _inline(text: str) -> str:
    """Generated text on one line, with line breaks shown and Markdown marks kept literal."""
    for mark in "\\`*_[]<>|#~":
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", " ⏎ ")
