"""The architectures: one of each kind of Transformer, small enough to bundle and to read."""

from __future__ import annotations

import torch
from torch import nn
from transformers import (
    BertConfig,
    BertForMaskedLM,
    LlamaConfig,
    LlamaForCausalLM,
    MarianConfig,
    MarianMTModel,
    PretrainedConfig,
    PreTrainedModel,
    T5Config,
    T5ForConditionalGeneration,
)

from .tokenizer import SpecialIds

VOCABULARY = 4096

_CLASSES: dict[str, type[PreTrainedModel]] = {
    "llama": LlamaForCausalLM,
    "marian": MarianMTModel,
    "t5": T5ForConditionalGeneration,
    "bert": BertForMaskedLM,
}


def completion_config(end_of_text: int) -> LlamaConfig:
    """A decoder-only Llama of 3.4 million parameters, with rotary positions."""
    return LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=192,
        intermediate_size=512,
        num_hidden_layers=6,
        num_attention_heads=6,
        num_key_value_heads=6,
        max_position_embeddings=512,
        tie_word_embeddings=True,
        bos_token_id=end_of_text,
        eos_token_id=end_of_text,
        pad_token_id=end_of_text,
    )


def translation_config(ids: SpecialIds) -> MarianConfig:
    """An encoder–decoder as in Vaswani et al., "Attention Is All You Need", 2017, in small.

    Sinusoidal positions, norms after each block; a deep encoder and a shallow decoder.
    """
    return MarianConfig(
        vocab_size=VOCABULARY,
        d_model=160,
        encoder_layers=4,
        decoder_layers=2,
        encoder_attention_heads=5,
        decoder_attention_heads=5,
        encoder_ffn_dim=512,
        decoder_ffn_dim=512,
        max_position_embeddings=128,
        activation_function="gelu",
        dropout=0.05,
        attention_dropout=0.0,
        scale_embedding=True,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
        pad_token_id=ids.pad,
        eos_token_id=ids.end,
        decoder_start_token_id=ids.pad,
        forced_eos_token_id=None,
    )


def summarization_config(ids: SpecialIds) -> T5Config:
    """An encoder–decoder with the relative positions of Raffel et al., 2020 (T5)."""
    return T5Config(
        vocab_size=VOCABULARY,
        d_model=128,
        d_kv=32,
        d_ff=512,
        num_layers=3,
        num_decoder_layers=2,
        num_heads=4,
        n_positions=320,
        relative_attention_num_buckets=32,
        relative_attention_max_distance=128,
        dropout_rate=0.0,
        feed_forward_proj="relu",
        tie_word_embeddings=True,
        pad_token_id=ids.pad,
        eos_token_id=ids.end,
        decoder_start_token_id=ids.pad,
    )


def fill_mask_config(pad: int) -> BertConfig:
    """An encoder with learned positions, as in Devlin et al., 2019 (BERT)."""
    return BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=128,
        num_hidden_layers=4,
        num_attention_heads=4,
        intermediate_size=512,
        max_position_embeddings=128,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=pad,
    )


def build_model(config: PretrainedConfig, attention: str = "sdpa") -> PreTrainedModel:
    """The model in fp32 with the given attention implementation ("sdpa" or "eager")."""
    config._attn_implementation = attention
    model = _CLASSES[config.model_type](config).float()
    if config.model_type in ("marian", "bert"):
        _start_wide(model, model.get_input_embeddings())
    if config.model_type == "bert":
        _start_with_waves(model.bert.embeddings.position_embeddings)
    return model


def _start_wide(model: PreTrainedModel, embedding: nn.Embedding) -> None:
    """Glorot's uniform distribution for the layers.

    With the narrower one of `transformers` an earlier translator collapsed to one sentence for
    every input, since hardly anything passed through the attention.
    """
    for module in model.modules():
        if isinstance(module, nn.Linear) and module.weight is not embedding.weight:
            nn.init.xavier_uniform_(module.weight)
    nn.init.normal_(embedding.weight, std=embedding.embedding_dim ** -0.5)


def _start_with_waves(positions: nn.Embedding) -> None:
    """Lets learned positions start from sinusoidal ones (Vaswani et al., 2017, section 3.5).

    From random ones each position would have to learn its neighbours by itself.
    """
    count, width = positions.weight.shape
    rates = 10_000 ** (-torch.arange(0, width, 2) / width)
    angles = torch.arange(count)[:, None] * rates
    waves = torch.stack([angles.sin(), angles.cos()], -1).reshape(count, width)
    with torch.no_grad():
        positions.weight.copy_(waves * width ** -0.5)
