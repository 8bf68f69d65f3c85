"""The forward pass of a plain Llama in few matrix products and few passes over memory.

A small model on a CPU spends as much time between its matrix products as in them. The result is that of
transformers' own forward pass, up to rounding.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel


def is_plain_llama(model: "PreTrainedModel") -> bool:
    """Returns whether `PlainLlama` covers all that the model does: CPU, float32, SwiGLU, no biases, no dropout."""
    config = model.config
    plain = config.model_type == "llama" and config.hidden_act == "silu"
    plain = plain and not (config.attention_bias or config.mlp_bias)
    return plain and model.device.type == "cpu" and str(model.dtype) == "torch.float32"


@dataclass(frozen=True)
class LlamaLayer:
    """A layer whose weights are joined into one matrix where they read the same input.

    Hidden states are [rows, positions, width]; queries, keys and values are [rows, heads, positions, head width].
    """

    modules: Any
    query_heads: int
    key_heads: int
    head_width: int
    input_weights: "torch.Tensor"
    gate_weights: "torch.Tensor"

    @classmethod
    def join_weights(cls, modules: Any) -> "LlamaLayer":
        """Builds the layer of transformers' `modules`, which from then on share the joined matrices."""
        import torch

        attention, mlp = modules.self_attn, modules.mlp
        queries, keys = attention.q_proj.weight, attention.k_proj.weight
        width = attention.head_dim
        rotary = _reorder_for_rotary(torch.cat([queries, keys]), width)
        inputs = torch.cat([rotary, attention.v_proj.weight])
        gates = torch.cat([mlp.gate_proj.weight, mlp.up_proj.weight])
        # The model's own modules become views of the joined matrices, so that weights which only moved exist once.
        attention.v_proj.weight.data = inputs[len(rotary) :]
        mlp.gate_proj.weight.data, mlp.up_proj.weight.data = gates.chunk(2)
        return cls(modules, len(queries) // width, len(keys) // width, width, inputs, gates)

    def compute_attention_inputs(
        self, hidden: "torch.Tensor", rotary: "torch.Tensor"
    ) -> "tuple[torch.Tensor, torch.Tensor, torch.Tensor]":
        """Returns queries, keys and values."""
        import torch

        heads = (self.query_heads, self.key_heads, self.key_heads)
        normalized = _apply_rms_norm(hidden, self.modules.input_layernorm)
        parts = torch.nn.functional.linear(normalized, self.input_weights).unflatten(-1, (sum(heads), -1))
        pairs = parts[:, :, : self.query_heads + self.key_heads].unflatten(-1, (-1, 2))
        torch.view_as_complex(pairs).mul_(rotary)
        queries, keys, values = parts.transpose(1, 2).split(heads, dim=1)
        return queries, keys, values

    def add_attention_and_mlp(self, hidden: "torch.Tensor", attended: "torch.Tensor") -> "torch.Tensor":
        """Adds to `hidden`, in place, the projection of the attended values and then the MLP; returns `hidden`."""
        import torch

        _add_product(hidden, attended.transpose(1, 2).flatten(2), self.modules.self_attn.o_proj.weight)
        normalized = _apply_rms_norm(hidden, self.modules.post_attention_layernorm)
        gate, up = torch.nn.functional.linear(normalized, self.gate_weights).chunk(2, dim=-1)
        gated = torch.nn.functional.silu(gate, inplace=True).mul_(up)
        return _add_product(hidden, gated, self.modules.mlp.down_proj.weight)


@dataclass(frozen=True)
class PlainLlama:
    model: Any
    layers: list[LlamaLayer]

    @classmethod
    def from_model(cls, model: Any) -> "PlainLlama":
        import torch

        with torch.inference_mode(False), torch.no_grad():
            return cls(model, [LlamaLayer.join_weights(modules) for modules in model.model.layers])

    def embed(self, tokens: "torch.Tensor", positions: "torch.Tensor") -> "tuple[torch.Tensor, torch.Tensor]":
        """Returns the hidden states of `tokens` [rows, positions] and the rotary embedding of their `positions`.

        The rotary embedding is complex numbers that multiply queries and keys: [rows, positions, 1, head width / 2].
        """
        import torch

        hidden = self.model.model.embed_tokens(tokens)
        cosine, sine = self.model.model.rotary_emb(hidden, positions)
        half = cosine.shape[-1] // 2  # the second half repeats the first
        return hidden, torch.complex(cosine[..., :half], sine[..., :half])[:, :, None]

    def final_norm(self, hidden: "torch.Tensor") -> "torch.Tensor":
        return _apply_rms_norm(hidden, self.model.model.norm)


def compute_last_hidden_states(
    llama: PlainLlama,
    tokens: "torch.Tensor",
    last: "torch.Tensor",
    *,
    store: "Callable[[int, torch.Tensor, torch.Tensor], object]" = lambda *_: None,
) -> "torch.Tensor":
    """Returns the hidden states [rows, width] at the positions `last` [rows].

    `tokens` is [rows, longest], padded on the right. The last layer is computed at the last positions only.
    `store` receives each layer's number, keys and values, both [rows, heads, positions, head width].
    """
    import torch

    rows, longest = tokens.shape
    positions = torch.arange(longest, device=tokens.device)[None]
    hidden, rotary = llama.embed(tokens, positions)
    *lower, top = llama.layers
    for number, layer in enumerate(lower):
        queries, keys, values = layer.compute_attention_inputs(hidden, rotary)
        store(number, keys, values)
        attended = torch.nn.functional.scaled_dot_product_attention(
            queries, keys, values, is_causal=True, enable_gqa=True
        )
        layer.add_attention_and_mlp(hidden, attended)
    queries, keys, values = top.compute_attention_inputs(hidden, rotary)
    store(len(lower), keys, values)
    index = torch.arange(rows, device=tokens.device)
    visible = (positions <= last[:, None])[:, None, None]
    attended = torch.nn.functional.scaled_dot_product_attention(
        queries[index, :, last][:, :, None], keys, values, attn_mask=visible, enable_gqa=True
    )
    ends = top.add_attention_and_mlp(hidden[index, last][:, None], attended)
    return llama.final_norm(ends)[:, 0]


def _apply_rms_norm(hidden: "torch.Tensor", module: Any) -> "torch.Tensor":
    import torch

    length = torch.linalg.vector_norm(hidden, dim=-1, keepdim=True)
    scale = length.square_().div_(hidden.shape[-1]).add_(module.variance_epsilon).rsqrt_()
    return (hidden * scale).mul_(module.weight)


def _reorder_for_rotary(weight: "torch.Tensor", width: int) -> "torch.Tensor":
    """Returns the rows of `weight` with the two coordinates of each rotation side by side, as a complex number.

    transformers rotates coordinate i of a head together with i + width / 2. The reordering does not change the
    products of queries and keys.
    """
    return weight.unflatten(0, (-1, 2, width // 2)).transpose(1, 2).flatten(0, 2)


def _add_product(hidden: "torch.Tensor", inputs: "torch.Tensor", weight: "torch.Tensor") -> "torch.Tensor":
    """Adds the product of `inputs` and `weight` to `hidden` in place, which saves one pass over memory."""
    hidden.view(-1, hidden.shape[-1]).addmm_(inputs.flatten(0, 1), weight.T)
    return hidden
