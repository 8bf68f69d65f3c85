"""A plain Llama's forward in few products and few passes over memory.

A small model on a CPU spends as much time between its matrix products as in them. The function is that of
transformers' own forward, up to rounding.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel


def is_plain_llama(model: "PreTrainedModel") -> bool:
    """Whether `Llama` knows all that the model does: on a CPU, float32, no biases, no dropout, SwiGLU."""
    config = model.config
    plain = config.model_type == "llama" and config.hidden_act == "silu"
    plain = plain and not (config.attention_bias or config.mlp_bias)
    return plain and model.device.type == "cpu" and str(model.dtype) == "torch.float32"


@dataclass(frozen=True)
class Layer:
    """Weights that read the same input lie in one matrix. Hidden states are [rows, positions, width];
    queries, keys and values are [rows, heads, positions, width of a head]."""

    modules: Any
    query_heads: int
    key_heads: int
    head_width: int
    inputs: "torch.Tensor"
    gates: "torch.Tensor"

    @classmethod
    def of(cls, modules: Any) -> "Layer":
        import torch

        attention, mlp = modules.self_attn, modules.mlp
        queries, keys = attention.q_proj.weight, attention.k_proj.weight
        width = attention.head_dim
        turning = _in_pairs(torch.cat([queries, keys]), width)
        inputs = torch.cat([turning, attention.v_proj.weight])
        gates = torch.cat([mlp.gate_proj.weight, mlp.up_proj.weight])
        # The model's own modules look into the joined matrices: what is only moved is held once.
        attention.v_proj.weight.data = inputs[len(turning) :]
        mlp.gate_proj.weight.data, mlp.up_proj.weight.data = gates.chunk(2)
        return cls(modules, len(queries) // width, len(keys) // width, width, inputs, gates)

    def attention_inputs(
        self, hidden: "torch.Tensor", rotation: "torch.Tensor"
    ) -> "tuple[torch.Tensor, torch.Tensor, torch.Tensor]":
        """Queries, keys and values."""
        import torch

        heads = (self.query_heads, self.key_heads, self.key_heads)
        normalised = _norm(hidden, self.modules.input_layernorm)
        parts = torch.nn.functional.linear(normalised, self.inputs).unflatten(-1, (sum(heads), -1))
        pairs = parts[:, :, : self.query_heads + self.key_heads].unflatten(-1, (-1, 2))
        torch.view_as_complex(pairs).mul_(rotation)
        queries, keys, values = parts.transpose(1, 2).split(heads, dim=1)
        return queries, keys, values

    def add_rest(self, hidden: "torch.Tensor", mixed: "torch.Tensor") -> "torch.Tensor":
        """`hidden` itself, to which all is added that comes after the values are mixed."""
        import torch

        _add(hidden, mixed.transpose(1, 2).flatten(2), self.modules.self_attn.o_proj.weight)
        normalised = _norm(hidden, self.modules.post_attention_layernorm)
        gate, up = torch.nn.functional.linear(normalised, self.gates).chunk(2, dim=-1)
        gated = torch.nn.functional.silu(gate, inplace=True).mul_(up)
        return _add(hidden, gated, self.modules.mlp.down_proj.weight)


@dataclass(frozen=True)
class Llama:
    model: Any
    layers: list[Layer]

    @classmethod
    def of(cls, model: Any) -> "Llama":
        import torch

        with torch.inference_mode(False), torch.no_grad():
            return cls(model, [Layer.of(modules) for modules in model.model.layers])

    def begin(self, tokens: "torch.Tensor", positions: "torch.Tensor") -> "tuple[torch.Tensor, torch.Tensor]":
        """Hidden states of `tokens` [rows, positions], and how their `positions` turn queries and keys:
        complex numbers, [rows, positions, 1, half the width of a head]."""
        import torch

        hidden = self.model.model.embed_tokens(tokens)
        cosine, sine = self.model.model.rotary_emb(hidden, positions)
        half = cosine.shape[-1] // 2  # the other half repeats it
        return hidden, torch.complex(cosine[..., :half], sine[..., :half])[:, :, None]

    def end(self, hidden: "torch.Tensor") -> "torch.Tensor":
        return _norm(hidden, self.model.model.norm)


def _norm(hidden: "torch.Tensor", module: Any) -> "torch.Tensor":
    """RMSNorm."""
    import torch

    length = torch.linalg.vector_norm(hidden, dim=-1, keepdim=True)
    scale = length.square_().div_(hidden.shape[-1]).add_(module.variance_epsilon).rsqrt_()
    return (hidden * scale).mul_(module.weight)


def _in_pairs(weight: "torch.Tensor", width: int) -> "torch.Tensor":
    """transformers turns coordinate i of a head with i + width / 2; here they are neighbours, a complex
    number. Products of queries and keys stay as they are."""
    return weight.unflatten(0, (-1, 2, width // 2)).transpose(1, 2).flatten(0, 2)


def _add(hidden: "torch.Tensor", inputs: "torch.Tensor", weight: "torch.Tensor") -> "torch.Tensor":
    """The sum comes with the product, in place: one pass over memory less."""
    hidden.view(-1, hidden.shape[-1]).addmm_(inputs.flatten(0, 1), weight.T)
    return hidden
