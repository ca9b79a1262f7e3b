"""What the recipes share that learn from documentation as it stands."""

from __future__ import annotations

from ..card import checksums, data_table
from ..data.corpus import Document, build_corpus, read_documents
from ..data.fetch import fetch
from ..data.sources import SOURCES
from .recipe import Recipe


class CorpusRecipe(Recipe):
    """Learns from the documents of one corpus; what is held out of it is the same for all."""

    def data(self) -> None:
        build_corpus(SOURCES, fetch(SOURCES, self.work / "packages"), self.work / "corpus")

    def documents(self, split: str) -> list[Document]:
        return read_documents(self.work / "corpus" / f"{split}.jsonl")

    def paragraphs(self, split: str) -> list[str]:
        return [paragraph for document in self.documents(split) for paragraph in document.paragraphs]

    def corpus_figures(self) -> dict[str, object]:
        """What `corpus.json` says of the text, under the names that templates use."""
        corpus = self.read("corpus/corpus.json")
        return {
            "data_table": data_table(SOURCES, corpus["packages"],
                                     corpus["train"]["characters_by_source"], "characters"),
            "checksums": checksums((n, p["sha256"]) for n, p in corpus["packages"].items()),
            **{f"{split}_{amount}": f"{corpus[split][amount]:,}"
               for split in ("train", "heldout") for amount in ("characters", "documents")},
        }
