"""What the recipes share whose models write a target for a source."""

from __future__ import annotations

import torch
from transformers import PreTrainedModel

from ..evaluation.generation import Generated, generate, generate_onnx
from ..export.configuration import write_configuration
from ..export.encoder_decoder import (
    EncoderDecoderGraphs,
    check_encoder_decoder,
    encoder_decoder_graphs,
)
from ..reference import write_pair_reference
from ..tokenizer import SpecialIds
from .recipe import Recipe


class PairRecipe(Recipe):
    """An encoder–decoder model and a tokenizer that both of its sides use."""

    context = 0
    """Tokens of a source at most."""
    longest_output = 0
    """Tokens."""
    generation = {"num_beams": 4}
    """How the model writes, here and as it is published: settings of `transformers`."""

    def export_pair(self, source: str, target: str) -> None:
        """Publishes the model, checked with a row."""
        model, tokenizer = self.trained_model(), self.trained_tokenizer()
        ids = SpecialIds.of(tokenizer)
        graphs = encoder_decoder_graphs(model)
        differences = check_encoder_decoder(
            model, graphs, *(torch.tensor([tokenizer.encode(text).ids])
                             for text in (source, target)))
        self.publish_tokenizer()
        write_configuration(model, {"max_length": self.longest_output, **self.generation,
                                    "suppress_tokens": [ids.pad, ids.unknown]}, self.published)
        small = graphs.quantized()
        self.publish_graph("encoder_model", graphs.encoder, small.encoder)
        self.publish_graph("decoder_model_merged", graphs.merged, small.merged)
        self.write("export.json", {"differences": differences, "files": self.file_sizes()})

    def written(self, model: PreTrainedModel, sources: list[str]) -> list[Generated]:
        """What the model writes for each source, as it is published."""
        return generate(model, self.trained_tokenizer(), sources, self.longest_output,
                        self.context, self.generation)

    def written_by_runtime(self, graphs: EncoderDecoderGraphs, sources: list[str]) -> list[str]:
        """What ONNX Runtime writes greedily, to compare weights of other precision."""
        return generate_onnx(graphs, self.trained_tokenizer(), sources, self.longest_output,
                             self.context)

    def write_reference(self, name: str, texts: list[str]) -> None:
        """Writes `NAME/reference.json`."""
        write_pair_reference(self.trained_model(), self.trained_tokenizer(), texts, self.generation,
                             self.fixtures / name / "reference.json")
