"""The parts of a plain Llama's forward, with few passes over memory.

A small model on a CPU spends more time between its matrix products than in them. The function is that of
transformers' own forward, up to rounding.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel


def is_plain_llama(model: "PreTrainedModel") -> bool:
    """Whether these parts know all that the model does: on a CPU, float32, no biases, no dropout, SwiGLU."""
    config = model.config
    plain = config.model_type == "llama" and config.hidden_act == "silu"
    plain = plain and not (config.attention_bias or config.mlp_bias)
    return plain and model.device.type == "cpu" and str(model.dtype) == "torch.float32"


def attention_inputs(
    layer: Any, hidden: "torch.Tensor", rotation: "tuple[torch.Tensor, torch.Tensor]"
) -> "tuple[torch.Tensor, torch.Tensor, torch.Tensor]":
    """Keys, values and queries, each [rows, heads, positions, width of a head]."""
    attention = layer.self_attn
    inputs = normalised(hidden, layer.input_layernorm)
    keys, values, queries = (
        part(inputs).unflatten(-1, (-1, attention.head_dim)).transpose(1, 2)
        for part in (attention.k_proj, attention.v_proj, attention.q_proj)
    )
    return _rotated(keys, rotation), values, _rotated(queries, rotation)


def after_attention(layer: Any, hidden: "torch.Tensor", mixed: "torch.Tensor") -> "torch.Tensor":
    hidden = _added(hidden, mixed.transpose(1, 2).flatten(2), layer.self_attn.o_proj.weight)
    inputs = normalised(hidden, layer.post_attention_layernorm)
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


def normalised(hidden: "torch.Tensor", norm: Any) -> "torch.Tensor":
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
