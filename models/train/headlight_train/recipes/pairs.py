"""What the recipes share whose models write a target for a source."""

from __future__ import annotations

import torch

from ..export.configuration import write_configuration
from ..export.encoder_decoder import check_encoder_decoder, encoder_decoder_graphs
from ..tokenizer import SpecialIds
from .recipe import Recipe


class PairRecipe(Recipe):
    """An encoder–decoder model and a tokenizer that both of its sides use."""

    def export_pair(self, source: str, target: str, longest: int) -> None:
        """Publishes the model, checked with a row; it writes `longest` tokens at most."""
        model, tokenizer = self.trained_model(), self.trained_tokenizer()
        ids = SpecialIds.of(tokenizer)
        graphs = encoder_decoder_graphs(model)
        differences = check_encoder_decoder(
            model, graphs, *(torch.tensor([tokenizer.encode(text).ids])
                             for text in (source, target)))
        self.publish_tokenizer()
        write_configuration(model, {"max_length": longest, "num_beams": 1,
                                    "suppress_tokens": [ids.pad, ids.unknown]}, self.published)
        small = graphs.quantized()
        self.publish_graph("encoder_model", graphs.encoder, small.encoder)
        self.publish_graph("decoder_model_merged", graphs.merged, small.merged)
        self.write("export.json", {"differences": differences, "files": self.file_sizes()})
