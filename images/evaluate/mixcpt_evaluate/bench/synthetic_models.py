"""Random Llamas of the sizes that are measured, and a tokenizer whose words are the numbers of its tokens."""

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from mixcpt_evaluate.bench.cost_model import Shape

if TYPE_CHECKING:
    from transformers import PreTrainedModel

VOCABULARY = 8000
SIZES = {
    "10M": {"hidden_size": 256, "num_hidden_layers": 8, "num_attention_heads": 8, "intermediate_size": 704},
    "100M": {
        "hidden_size": 768,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "intermediate_size": 2048,
    },
}


@dataclass(frozen=True)
class Encoding:
    input_ids: list[int]


class NumberTokenizer:
    """`7 12` is the tokens 7 and 12. No text of it holds a stop: every translation has full length."""

    unk_token_id = None
    eos_token_id = VOCABULARY

    def __call__(self, text: str) -> Encoding:
        return Encoding([int(word) for word in text.split()])

    def decode(self, tokens: list[int], **_: object) -> str:
        return "".join(f"{token} " for token in tokens)


def prompts(count: int, seed: int) -> list[str]:
    """As long as SIB-200's and FLORES-200's three-shot prompts are with a multilingual tokenizer."""
    random = Random(seed)
    lengths = [random.randint(150, 330) for _ in range(count)]
    return [" ".join(str(random.randrange(3, VOCABULARY)) for _ in range(length)) for length in lengths]


def random_llama(size: str, device: str) -> "PreTrainedModel":
    """Float32, so that what is compared can be compared exactly."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(vocab_size=VOCABULARY, max_position_embeddings=2048, initializer_range=0.05, **SIZES[size])
    return LlamaForCausalLM(config).float().eval().to(device)


def shape_of(model: "PreTrainedModel") -> Shape:
    config = model.config
    layers = config.num_hidden_layers
    head = config.hidden_size // config.num_attention_heads
    weights = sum(weight.numel() for weight in model.model.layers.parameters() if weight.dim() == 2)
    return Shape(
        layers=layers,
        layer_weights=weights,
        top_key_value_weights=2 * config.hidden_size * config.num_key_value_heads * head,
        attention_width=layers * config.hidden_size,
        key_value_width=layers * config.num_key_value_heads * head,
        output_weights=model.get_output_embeddings().weight.numel(),
        bytes_per_number=4,
    )
