"""Trains a byte-level BPE tokenizer: every text can be written in it, whatever its script."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mixcpt_data.benchmarks.topics import LABELS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BOS, EOS, PAD = "<s>", "</s>", "<pad>"
SPECIAL_TOKENS = [BOS, EOS, PAD]
# 256 bytes, the special tokens, and room for the labels.
LEAST_VOCABULARY = 320


def train_tokenizer(texts: Iterable[str], vocabulary_size: int) -> "Tokenizer":
    """Every sequence gets BOS in front, as with Llama.

    The labels of SIB-200 are seen often enough that each ends in a token of its own: the evaluation tells
    them apart by that token.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary_size,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([*texts, *_label_texts()], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A", pair=f"{BOS} $A {BOS} $B", special_tokens=[(BOS, tokenizer.token_to_id(BOS))]
    )
    return tokenizer


def _label_texts() -> list[str]:
    return [f" {label}" for label in LABELS] * 500
