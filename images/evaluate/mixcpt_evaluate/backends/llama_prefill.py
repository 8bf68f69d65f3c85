"""The last hidden state of each sequence by a plain Llama."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mixcpt_evaluate.backends.plain_llama import Llama

if TYPE_CHECKING:
    import torch


def last_hidden_states(
    llama: Llama,
    tokens: "torch.Tensor",
    last: "torch.Tensor",
    store: "Callable[[int, torch.Tensor, torch.Tensor], object]" = lambda *_: None,
) -> "torch.Tensor":
    """[rows, width] of the positions `last` [rows]; `tokens` is [rows, longest], padded on the right.

    The last layer is computed for the last positions alone.

    `store` is given each layer's number, keys and values, both [rows, heads, positions, width of a head].
    """
    import torch

    rows, longest = tokens.shape
    positions = torch.arange(longest, device=tokens.device)[None]
    hidden, rotation = llama.begin(tokens, positions)
    *lower, top = llama.layers
    for number, layer in enumerate(lower):
        queries, keys, values = layer.attention_inputs(hidden, rotation)
        store(number, keys, values)
        mixed = torch.nn.functional.scaled_dot_product_attention(queries, keys, values, is_causal=True, enable_gqa=True)
        layer.add_rest(hidden, mixed)
    queries, keys, values = top.attention_inputs(hidden, rotation)
    store(len(lower), keys, values)
    index = torch.arange(rows, device=tokens.device)
    visible = (positions <= last[:, None])[:, None, None]
    mixed = torch.nn.functional.scaled_dot_product_attention(
        queries[index, :, last][:, :, None], keys, values, attn_mask=visible, enable_gqa=True
    )
    ends = top.add_rest(hidden[index, last][:, None], mixed)
    return llama.end(ends)[:, 0]
