"""Random Llamas of the sizes that are measured, and a tokenizer whose words are the numbers of its tokens."""

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from mixcpt_evaluate.bench.cost_model import ModelShape

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_VOCABULARY_SIZE = 8000
MODEL_SIZES = {
    "10M": {"hidden_size": 256, "num_hidden_layers": 8, "num_attention_heads": 8, "intermediate_size": 704},
    "100M": {
        "hidden_size": 768,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "intermediate_size": 2048,
    },
}


@dataclass(frozen=True)
class NumberEncoding:
    input_ids: list[int]


class NumberTokenizer:
    """Encodes `7 12` as the tokens 7 and 12.

    Its texts contain no stop string, so every translation has full length.
    """

    unk_token_id = None
    eos_token_id = _VOCABULARY_SIZE

    def __call__(self, text: str) -> NumberEncoding:
        return NumberEncoding([int(word) for word in text.split()])

    def decode(self, tokens: list[int], **_: object) -> str:
        return "".join(f"{token} " for token in tokens)


def generate_prompts(count: int, seed: int) -> list[str]:
    """Returns prompts as long as the three-shot prompts of SIB-200 and FLORES-200 with a multilingual tokenizer."""
    random = Random(seed)
    lengths = [random.randint(150, 330) for _ in range(count)]
    return [" ".join(str(random.randrange(3, _VOCABULARY_SIZE)) for _ in range(length)) for length in lengths]


def build_random_llama(size: str, device: str) -> "PreTrainedModel":
    """Returns a model of one of MODEL_SIZES in float32, so that answers can be compared exactly."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=_VOCABULARY_SIZE, max_position_embeddings=2048, initializer_range=0.05, **MODEL_SIZES[size]
    )
    return LlamaForCausalLM(config).float().eval().to(device)


def read_model_shape(model: "PreTrainedModel") -> ModelShape:
    config = model.config
    layers = config.num_hidden_layers
    head = config.hidden_size // config.num_attention_heads
    weights = sum(weight.numel() for weight in model.model.layers.parameters() if weight.dim() == 2)
    return ModelShape(
        layers=layers,
        layer_weights=weights,
        top_key_value_weights=2 * config.hidden_size * config.num_key_value_heads * head,
        attention_width=layers * config.hidden_size,
        key_value_width=layers * config.num_key_value_heads * head,
        output_weights=model.get_output_embeddings().weight.numel(),
        bytes_per_number=4,
    )
