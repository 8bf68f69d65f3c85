"""The last hidden state of each sequence by a Llama; the last layer is computed for the last positions alone."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mixcpt_evaluate.llama_layers import after_attention, attention_inputs, normalised

if TYPE_CHECKING:
    import torch


def last_hidden_states(
    model: Any,
    tokens: "torch.Tensor",
    last: "torch.Tensor",
    store: "Callable[[int, torch.Tensor, torch.Tensor], object]" = lambda *_: None,
) -> "torch.Tensor":
    """[rows, width] of the positions `last` [rows]; `tokens` is [rows, longest], padded on the right.

    `store` is given each layer's number, keys and values, both [rows, heads, positions, width of a head].
    """
    import torch

    rows, longest = tokens.shape
    hidden = model.model.embed_tokens(tokens)
    positions = torch.arange(longest, device=tokens.device)[None]
    rotation = model.model.rotary_emb(hidden, positions)
    *layers, top = model.model.layers
    for number, layer in enumerate(layers):
        keys, values, queries = attention_inputs(layer, hidden, rotation)
        store(number, keys, values)
        mixed = torch.nn.functional.scaled_dot_product_attention(
            queries, keys, values, is_causal=True, enable_gqa=True
        )
        hidden = after_attention(layer, hidden, mixed)
    keys, values, queries = attention_inputs(top, hidden, rotation)
    store(len(layers), keys, values)
    index = torch.arange(rows, device=tokens.device)
    visible = (positions <= last[:, None])[:, None, None]
    mixed = torch.nn.functional.scaled_dot_product_attention(
        queries[index, :, last][:, :, None], keys, values, attn_mask=visible, enable_gqa=True
    )
    ends = after_attention(top, hidden[index, last][:, None], mixed)
    return normalised(ends, model.model.norm)[:, 0]
