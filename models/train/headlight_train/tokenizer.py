"""Trains the tokenizers and writes them in Hugging Face layout."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import (
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

END_OF_TEXT = "<|endoftext|>"
PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"
BERT_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


@dataclass(frozen=True)
class SpecialIds:
    """Ids of the special tokens of an encoder–decoder model."""

    pad: int
    end: int
    unknown: int

    @staticmethod
    def of(tokenizer: Tokenizer) -> SpecialIds:
        return SpecialIds(*(tokenizer.token_to_id(token) for token in (PAD, END, UNKNOWN)))


def train_byte_tokenizer(texts: Iterable[str], vocabulary: int, context: int, folder: Path) -> None:
    """Byte-level BPE for the language model.

    All 256 bytes are in the vocabulary, so any text can be encoded. The one special
    token marks document borders in training and serves as bos, eos and padding.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(add_prefix_space=False, trim_offsets=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        min_frequency=2,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    _save(tokenizer, folder, {"bos_token": END_OF_TEXT, "eos_token": END_OF_TEXT,
                              "pad_token": END_OF_TEXT, "model_max_length": context})


def train_pair_tokenizer(texts: Iterable[str], vocabulary: int, context: int, alphabet: int,
                         folder: Path) -> None:
    """BPE over characters for an encoder–decoder model; one vocabulary for both sides.

    Spaces go with the word that follows them, as in SentencePiece. Runs of Han characters,
    single digits and single punctuation marks are words of their own, so that numbers and
    file names can be copied piece by piece. Characters beyond the `alphabet` most frequent
    ones are unknown. Every text ends with `</s>`.
    """
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="first"),
        pre_tokenizers.Split(
            Regex(r"\u2581?\p{Han}+|\u2581?\p{N}|\u2581?[^\u2581\s\p{L}\p{N}]"), "isolated"),
    ])
    tokenizer.decoder = decoders.Metaspace(replacement="\u2581", prepend_scheme="first")
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        min_frequency=2,
        special_tokens=[PAD, END, UNKNOWN],
        limit_alphabet=alphabet,
        max_token_length=16,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    end = tokenizer.token_to_id(END)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {END}", pair=f"$A $B {END}", special_tokens=[(END, end)])
    _save(tokenizer, folder, {"eos_token": END, "pad_token": PAD, "unk_token": UNKNOWN,
                              "model_max_length": context})


def train_word_piece_tokenizer(texts: Iterable[str], vocabulary: int, context: int,
                               folder: Path) -> None:
    """Lower-case WordPiece as BERT has it (Devlin et al., 2019, section 3)."""
    pad, unknown, start, end, mask = BERT_SPECIAL
    tokenizer = Tokenizer(models.WordPiece(unk_token=unknown, max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocabulary, min_frequency=2, special_tokens=list(BERT_SPECIAL),
        continuing_subword_prefix="##", show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", pair=f"{start} $A {end} $B:1 {end}:1",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in (start, end)])
    _save(tokenizer, folder, {"pad_token": pad, "unk_token": unknown, "cls_token": start,
                              "sep_token": end, "mask_token": mask, "do_lower_case": True,
                              "model_max_length": context})


def encode_documents(texts: list[str], tokenizer: Tokenizer) -> np.ndarray:
    """One stream of ids, each document preceded by the end-of-text token."""
    border = tokenizer.token_to_id(END_OF_TEXT)
    stream: list[int] = []
    for encoding in tokenizer.encode_batch(texts):
        stream.append(border)
        stream.extend(encoding.ids)
    return np.asarray(stream, dtype=np.uint16)


def _save(tokenizer: Tokenizer, folder: Path, config: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", **config,
              "clean_up_tokenization_spaces": False}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
