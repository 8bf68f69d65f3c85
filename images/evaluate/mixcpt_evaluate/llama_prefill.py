"""The last hidden state of each sequence by a Llama; the last layer is computed for the last positions alone."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mixcpt_evaluate.llama_layers import Layer, norm, rotation

if TYPE_CHECKING:
    import torch


def last_hidden_states(
    model: Any,
    layers: list[Layer],
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
    turns = rotation(model, hidden, positions)
    *lower, top = layers
    for number, layer in enumerate(lower):
        queries, keys, values = layer.attention_inputs(hidden, turns)
        store(number, keys, values)
        mixed = torch.nn.functional.scaled_dot_product_attention(
            queries, keys, values, is_causal=True, enable_gqa=True
        )
        layer.add_rest(hidden, mixed)
    queries, keys, values = top.attention_inputs(hidden, turns)
    store(len(lower), keys, values)
    index = torch.arange(rows, device=tokens.device)
    visible = (positions <= last[:, None])[:, None, None]
    mixed = torch.nn.functional.scaled_dot_product_attention(
        queries[index, :, last][:, :, None], keys, values, attn_mask=visible, enable_gqa=True
    )
    ends = top.add_rest(hidden[index, last][:, None], mixed)
    return norm(ends, model.model.norm)[:, 0]
