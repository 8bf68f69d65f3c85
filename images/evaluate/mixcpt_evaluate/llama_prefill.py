"""The last hidden state of each sequence by a Llama, with few passes over memory.

A small model on a CPU spends more time between its matrix products than in them. The function is that of
transformers' own forward, up to rounding; the last layer is computed for the last positions alone.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel


def is_plain_llama(model: "PreTrainedModel") -> bool:
    """Whether `last_hidden_states` knows all that the model does: float32, no biases, no dropout, SwiGLU."""
    config = model.config
    plain = config.model_type == "llama" and config.hidden_act == "silu"
    return plain and str(model.dtype) == "torch.float32" and not (config.attention_bias or config.mlp_bias)


def last_hidden_states(model: Any, tokens: "torch.Tensor", last: "torch.Tensor") -> "torch.Tensor":
    """[rows, width] of the positions `last` [rows]; `tokens` is [rows, longest], padded on the right."""
    import torch

    rows, longest = tokens.shape
    hidden = model.model.embed_tokens(tokens)
    positions = torch.arange(longest, device=tokens.device)[None]
    rotation = model.model.rotary_emb(hidden, positions)
    *layers, top = model.model.layers
    for layer in layers:
        keys, values, queries = _attention_inputs(layer, hidden, rotation)
        mixed = torch.nn.functional.scaled_dot_product_attention(
            queries, keys, values, is_causal=True, enable_gqa=True
        )
        hidden = _after_attention(layer, hidden, mixed)
    keys, values, queries = _attention_inputs(top, hidden, rotation)
    index = torch.arange(rows, device=tokens.device)
    visible = (positions <= last[:, None])[:, None, None]
    mixed = torch.nn.functional.scaled_dot_product_attention(
        queries[index, :, last][:, :, None], keys, values, attn_mask=visible, enable_gqa=True
    )
    ends = _after_attention(top, hidden[index, last][:, None], mixed)
    return _normalised(ends, model.model.norm)[:, 0]


def _attention_inputs(
    layer: Any, hidden: "torch.Tensor", rotation: "tuple[torch.Tensor, torch.Tensor]"
) -> "tuple[torch.Tensor, torch.Tensor, torch.Tensor]":
    """Keys, values and queries, each [rows, heads, positions, width of a head]."""
    attention = layer.self_attn
    inputs = _normalised(hidden, layer.input_layernorm)
    keys, values, queries = (
        part(inputs).unflatten(-1, (-1, attention.head_dim)).transpose(1, 2)
        for part in (attention.k_proj, attention.v_proj, attention.q_proj)
    )
    return _rotated(keys, rotation), values, _rotated(queries, rotation)


def _after_attention(layer: Any, hidden: "torch.Tensor", mixed: "torch.Tensor") -> "torch.Tensor":
    hidden = _added(hidden, mixed.transpose(1, 2).flatten(2), layer.self_attn.o_proj.weight)
    inputs = _normalised(hidden, layer.post_attention_layernorm)
    gate = layer.mlp.gate_proj(inputs)
    gated = _silu(gate).mul_(layer.mlp.up_proj(inputs))
    return _added(hidden, gated, layer.mlp.down_proj.weight)


def _silu(values: "torch.Tensor") -> "torch.Tensor":
    import torch

    return torch.nn.functional.silu(values, inplace=True)


def _added(hidden: "torch.Tensor", inputs: "torch.Tensor", weight: "torch.Tensor") -> "torch.Tensor":
    """The sum comes with the product: one pass over memory less."""
    import torch

    return torch.addmm(hidden.flatten(0, 1), inputs.flatten(0, 1), weight.T).view(hidden.shape)


def _normalised(hidden: "torch.Tensor", norm: Any) -> "torch.Tensor":
    """RMSNorm."""
    import torch

    length = torch.linalg.vector_norm(hidden, dim=-1, keepdim=True)
    scale = length.square_().div_(hidden.shape[-1]).add_(norm.variance_epsilon).rsqrt_()
    return (hidden * scale).mul_(norm.weight)


def _rotated(heads: "torch.Tensor", rotation: "tuple[torch.Tensor, torch.Tensor]") -> "torch.Tensor":
    """Rotary positions: the two halves of a head are the coordinates that turn."""
    import torch

    half = heads.shape[-1] // 2
    cosine, sine = (part[:, None, :, :half] for part in rotation)
    first, second = heads.split(half, dim=-1)
    turned = torch.empty_like(heads)
    torch.mul(first, cosine, out=turned[..., :half]).addcmul_(second, sine, value=-1)
    torch.mul(second, cosine, out=turned[..., half:]).addcmul_(first, sine)
    return turned
