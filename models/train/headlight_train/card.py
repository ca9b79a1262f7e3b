"""Writes a model card: fixed prose from a template, every figure from a measurement file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template

_TEMPLATES = Path(__file__).parent / "cards"


def write_card(template: str, path: Path, figures: dict[str, object]) -> None:
    """Fills `cards/TEMPLATE.md`; raises KeyError if it names a figure that is not there."""
    text = Template((_TEMPLATES / f"{template}.md").read_text(encoding="utf-8"))
    path.write_text(text.substitute(figures), encoding="utf-8")


def training_figures(run: dict, averaged: int) -> dict[str, object]:
    """What `run.json` says of the training, under the names that templates use."""
    options, progress = run["options"], run["progress"]
    return {
        "device": run["device"].upper(),
        "threads": run["threads"],
        "start": _start(progress["earlier_tokens"]),
        "steps": f"{progress['steps']:,}",
        "tokens": f"{progress['tokens'] / 1e6:.1f} million",
        "minutes": f"{progress['seconds'] / 60:.0f}",
        "schedule": _schedule(options["run"]["budget"]),
        "peak_rate": f"{options['learning_rate']:g}",
        "final_rate": f"{options['final_learning_rate']:g}",
        "warmup": options["warmup_steps"],
        "weight_decay": options["weight_decay"],
        "averaged": averaged,
        "spacing": options["checkpoint_steps"],
        "final_loss": f"{progress['losses'][-1][1]:.2f}",
    }


def export_figures(export: dict) -> dict[str, object]:
    """What `export.json` says of the graphs."""
    return {
        "parity": "\n".join(f"| {name} | {value:.1e} |"
                            for name, value in export["differences"].items()),
        "files": table(("File", "Bytes"), ((f"`onnx/{name}`", f"{size:,}")
                                           for name, size in export["files"].items())),
    }


def table(head: Sequence[str], rows: Iterable[Sequence[object]], texts: int = 1) -> str:
    """A Markdown table: text in the first columns, figures in the others."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * texts + "---:|" * (len(head) - texts)]
    lines += [f"| {' | '.join(map(str, row))} |" for row in rows]
    return "\n".join(lines)


def inline(text: str) -> str:
    """Generated text on one line, with line breaks shown and Markdown marks kept literal."""
    for mark in "\\`*_[]<>|#~":
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", " ⏎ ")


def data_table(sources: Iterable, packages: dict[str, dict[str, str]], amounts: dict[str, int],
               unit: str) -> str:
    """The packages of documentation, their licences, and how much came from each source."""
    used = {"html": "prose of the pages", "doc-comments": "documentation comments",
            "rust-comments": "documentation comments", "diagnostics": "diagnostic messages"}
    return table(("Package", "Version", "Used", "Licence", "Copyright", f"Training {unit}"), (
        (f"`{source.package}` ({packages[source.package]['registry']})",
         packages[source.package]["version"], used[source.reader], source.licence, source.holder,
         f"{amounts[source.name]:,}")
        for source in sources if source.name in amounts), texts=5)


def checksums(packages: Iterable[tuple[str, str]]) -> str:
    """A list of (package, SHA-256)."""
    return "\n".join(f"- `{name}`: `{digest}`" for name, digest in packages)


def _start(earlier_tokens: int) -> str:
    if earlier_tokens == 0:
        return "From random weights"
    return (f"From the weights of an earlier run of ours, which had read "
            f"{earlier_tokens / 1e6:.1f} million tokens of the same text")


def _schedule(budget: dict) -> str:
    if budget["minutes"] is None:
        return "The schedule followed the number of steps."
    return ("The schedule followed the clock, so the same number of steps on another machine "
            "gives a model of the same kind, not the same weights.")
