"""The architecture of the completion model."""

from __future__ import annotations

from transformers import LlamaConfig, LlamaForCausalLM

VOCABULARY = 4096
CONTEXT = 512


def completion_config(end_of_text: int) -> LlamaConfig:
    """A Llama of about 3.4 million parameters: small enough to bundle, and to read."""
    return LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=192,
        intermediate_size=512,
        num_hidden_layers=6,
        num_attention_heads=6,
        num_key_value_heads=6,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        bos_token_id=end_of_text,
        eos_token_id=end_of_text,
        pad_token_id=end_of_text,
    )


def build_model(config: LlamaConfig, attention: str = "sdpa") -> LlamaForCausalLM:
    """The model in fp32 with the given attention implementation ("sdpa" or "eager")."""
    config._attn_implementation = attention
    return LlamaForCausalLM(config).float()
