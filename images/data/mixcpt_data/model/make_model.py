"""The verb `model`: a small tokenizer and a Llama with random weights, from which a run can start."""

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from mixcpt_data.model.tokenizer import BOS, EOS, MIN_VOCABULARY_SIZE, PAD, train_tokenizer
from mixcpt_data.sources.python_code_source import PythonCodeSource
from mixcpt_data.sources.udhr_sources import UdhrSource, check_udhr_languages, read_held_out_articles
from mixcpt_store.complete import is_complete, write_directory
from mixcpt_store.spec import Spec

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_ARCHITECTURE_KEYS = (
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
    "max_position_embeddings",
)
_CODE_MEGABYTES = 0.2


def make_model(spec: Spec) -> None:
    output = spec.get_path("output")
    seed = spec.get_integer("seed")
    vocabulary_size = spec.get_integer("vocabularySize", minimum=MIN_VOCABULARY_SIZE)
    languages = spec.get_texts("languages")
    check_udhr_languages(spec, "languages", languages)
    held_out = read_held_out_articles(spec)
    architecture = _read_architecture(spec.get_child("architecture"))
    spec.finish()
    if is_complete(output):
        return
    texts = [row.texts[0] for row in UdhrSource(tuple(languages), held_out).read_rows(Random(seed))]
    texts += [row.texts[0] for row in PythonCodeSource(_CODE_MEGABYTES).read_rows(Random(f"{seed}/code"))]
    write_model(output, train_tokenizer(texts, vocabulary_size), architecture, seed=seed)


def write_model(output: Path, tokenizer: "Tokenizer", architecture: dict[str, int], *, seed: int) -> None:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=BOS,
        eos_token=EOS,
        pad_token=PAD,
        model_max_length=architecture["max_position_embeddings"],
    )
    config = LlamaConfig(
        vocab_size=len(wrapped),
        bos_token_id=wrapped.bos_token_id,
        eos_token_id=wrapped.eos_token_id,
        pad_token_id=wrapped.pad_token_id,
        tie_word_embeddings=True,
        **architecture,
    )
    torch.manual_seed(seed)
    model = LlamaForCausalLM(config)
    with write_directory(output, {"parameters": model.num_parameters(), "vocabulary": len(wrapped)}) as directory:
        model.save_pretrained(directory)
        wrapped.save_pretrained(directory)
    print(f"{output}: {model.num_parameters()} parameters, vocabulary of {len(wrapped)}")


def _read_architecture(spec: Spec) -> dict[str, int]:
    sizes = {key: spec.get_integer(key, minimum=1) for key in _ARCHITECTURE_KEYS}
    heads = sizes["num_attention_heads"]
    if sizes["hidden_size"] % heads and not spec.problems:
        spec.add_problem(
            "hidden_size",
            f"is {sizes['hidden_size']}; it must be a multiple of num_attention_heads ({heads})",
        )
    return sizes
