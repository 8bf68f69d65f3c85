"""A random Llama of a few thousand weights, for tests that need torch."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM


def build_tiny_llama() -> "LlamaForCausalLM":
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=128, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        num_key_value_heads=2, initializer_range=0.2, max_position_embeddings=512,
    )  # fmt: skip
    return LlamaForCausalLM(config).float().eval()
