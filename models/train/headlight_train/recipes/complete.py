"""The recipe of `headlight-complete`, a causal language model of software English."""

from __future__ import annotations

import numpy as np
from transformers import LlamaConfig

from ..card import inline, table, write_card
from ..data.sources import SOURCES
from ..evaluation import language_model as evaluation
from ..evaluation.domain import characters_per_token
from ..export.configuration import write_configuration, write_domain
from ..export.decoder import check_decoder, decoder_graph
from ..export.graph import quantized
from ..models import VOCABULARY, completion_config
from ..reference import write_completion_reference
from ..tokenizer import END_OF_TEXT, encode_documents, train_byte_tokenizer
from ..training.loop import Run, TrainingOptions
from ..training.next_token import NextToken
from .corpus import CorpusRecipe

CONTEXT = 512
INT8_DOCUMENTS = 12
LONGEST_REPEAT = 4
AGAINST_LOOPS: dict[str, object] = {
    "repetition_penalty": 1.2, "no_repeat_ngram_size": LONGEST_REPEAT,
}
SAMPLING: dict[str, object] = {
    "do_sample": True, "temperature": 0.7, "top_k": 0, "top_p": 0.9, **AGAINST_LOOPS,
}
WAYS_OF_GENERATING: dict[str, dict[str, object]] = {
    "greedy, nothing else": {"do_sample": False, "repetition_penalty": 1.0},
    "greedy, repetition penalty 1.2": {"do_sample": False, "repetition_penalty": 1.2},
    "greedy as recommended: with the penalty, no four tokens twice":
        {"do_sample": False, **AGAINST_LOOPS},
    "sampled as recommended": SAMPLING,
}
REFERENCE_PROMPTS = [
    "Returns the number of bytes written to the file",
    "If the timeout is reached before the connection is closed, the",
    "The caf\u00e9's na\u00efve parser \u2013 it reads \u201c\U0001f642\u201d as one character \u2013 "
    "returns",
]


class CompleteRecipe(CorpusRecipe):
    """Documentation of programming languages and tools, as one stream of tokens."""

    name = "headlight-complete"
    steps = 2962

    def tokenizer(self) -> None:
        documents = self.documents("train")
        train_byte_tokenizer((d.text for d in documents), VOCABULARY, CONTEXT,
                             self.work / "tokenizer")
        for split in ("train", "heldout"):
            texts = [document.text for document in self.documents(split)]
            np.save(self.work / "corpus" / f"{split}.npy",
                    encode_documents(texts, self.trained_tokenizer()))

    def train(self, run: Run) -> None:
        options = TrainingOptions(run, learning_rate=2e-3 if run.first_weights else 3e-3)
        task = NextToken(self._stream("train"), CONTEXT, 8, run.seed)
        self.fit(task, options)

    def export(self) -> None:
        model = self.trained_model()
        graph = decoder_graph(model)
        held_out = self._stream("heldout")[:2 * 200].astype(np.int64).reshape(2, 200)
        differences = check_decoder(model, graph, held_out)
        self.publish_tokenizer()
        write_configuration(model, SAMPLING, self.published)
        paragraphs = self.paragraphs("heldout")
        write_domain(self.published, "complete", {
            "code": False,
            "minimumCharactersPerToken": characters_per_token(paragraphs, self.trained_tokenizer()),
            "minimumLogprob": evaluation.usual_logprob(model, self.trained_tokenizer(), paragraphs)})
        self.publish_graph("model", graph)
        self.write("export.json", {"differences": differences, "files": self.file_sizes()})

    def evaluate(self) -> None:
        model, tokenizer = self.trained_model(), self.trained_tokenizer()
        documents = self.documents("heldout")
        training_text = "\n\n".join(document.text for document in self.documents("train"))
        self.write("evaluation.json", {
            "prediction": evaluation.prediction(evaluation.torch_logits(model), CONTEXT, tokenizer,
                                                documents),
            "baseline": evaluation.baseline_prediction(self._stream("train"), tokenizer, documents),
            "int8": {name: evaluation.prediction(logits, CONTEXT, tokenizer,
                                                 documents[:INT8_DOCUMENTS])["all"]
                     for name, logits in (
                         ("fp32", evaluation.torch_logits(model)),
                         ("int8", evaluation.onnx_logits(quantized(decoder_graph(model)))))},
            "previous_token": evaluation.previous_token_heads(model, self._stream("heldout")),
            "loops": evaluation.loops(model, tokenizer, documents, WAYS_OF_GENERATING),
            "copies": evaluation.copies(model, tokenizer, documents, training_text),
            "samples": evaluation.samples(model, tokenizer, documents, SAMPLING),
        })

    def reference(self) -> None:
        write_completion_reference(self.trained_model(), self.trained_tokenizer(),
                                   REFERENCE_PROMPTS, LONGEST_REPEAT,
                                   self.fixtures / "complete" / "reference.json")

    def card(self) -> None:
        evaluated, run = self.read("evaluation.json"), self.read("checkpoints/run.json")
        overall, baseline = evaluated["prediction"]["all"], evaluated["baseline"]
        previous, loops, copies = (evaluated[k] for k in ("previous_token", "loops", "copies"))
        packages = {source.name: source.package for source in SOURCES}
        write_card("complete", self.published / "MODEL_CARD.md", {
            **self.figures(),
            **self.corpus_figures(),
            "passes": f"{run['progress']['tokens'] / len(self._stream('train')):.1f}",
            "context": CONTEXT,
            # To the nearest hundred: how much held-out text fills the context.
            "context_characters":
                f"{round(CONTEXT * overall['characters'] / overall['tokens'], -2):,.0f}",
            "heldout_tokens": f"{overall['tokens']:,}",
            "scores": table(("", "Bits per character", "Bits per byte"), (
                ("headlight-complete", f"{overall['bits_per_character']:.3f}",
                 f"{overall['bits_per_byte']:.3f}"),
                (f"Kneser–Ney, order {baseline['order']}, same tokens and training text",
                 f"{baseline['bits_per_character']:.3f}", f"{baseline['bits_per_byte']:.3f}"))),
            "gain": f"{1 - overall['bits_per_character'] / baseline['bits_per_character']:.1%}",
            "next_first": f"{overall['next_token_first']:.1%}",
            "next_five": f"{overall['next_token_among_five']:.1%}",
            "source_scores": table(("Held-out text of", "Characters", "Bits per character"), (
                (f"`{packages[name]}`", f"{score['characters']:,}",
                 f"{score['bits_per_character']:.3f}")
                for name, score in evaluated["prediction"]["by_source"].items())),
            "int8_scores": table(("Weights", "Bits per character"), (
                (name, f"{score['bits_per_character']:.4f}")
                for name, score in evaluated["int8"].items())),
            "loop_table": table(("Generated", "Outputs that end in a loop"), (
                (name, f"{count} of {loops['prompts']}")
                for name, count in loops["looping"].items())),
            "loop_prompts": loops["prompts"],
            "loop_tokens": loops["tokens"],
            "copying": copies["copying"],
            "copy_prompts": copies["prompts"],
            "copy_words": copies["words"],
            "head_score": f"{previous['best_score']:.3f}",
            "head_layer": previous["best_layer"],
            "head_number": previous["best_head"],
            "head_windows": previous["windows"],
            "head_tokens": previous["tokens_per_window"],
            "samples": "\n".join(
                f"{n}. **{inline(s['prompt'])}**\n   - greedy: …{inline(s['greedy'])}\n"
                f"   - sampled: …{inline(s['sampled'])}"
                for n, s in enumerate(evaluated["samples"], start=1)),
        })

    def config(self) -> LlamaConfig:
        return completion_config(self.trained_tokenizer().token_to_id(END_OF_TEXT))

    def _stream(self, split: str) -> np.ndarray:
        return np.load(self.work / "corpus" / f"{split}.npy")
