"""Trains a byte-level BPE tokenizer, which can encode every text in every script."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mixcpt_data.benchmarks.topics import TOPIC_LABELS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BOS, EOS, PAD = "<s>", "</s>", "<pad>"
_SPECIAL_TOKENS = [BOS, EOS, PAD]
# 256 bytes, the special tokens, and room for the labels.
MIN_VOCABULARY_SIZE = 320
# Occurrences of each label in the training texts.
_LABEL_REPETITIONS = 500


def train_tokenizer(texts: Iterable[str], vocabulary_size: int) -> "Tokenizer":
    """Trains on `texts` and on the labels of SIB-200. Every encoded sequence starts with BOS, as with Llama.

    Each label occurs often enough to end in a token that no other label ends in: the evaluation distinguishes the
    labels by that token.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary_size,
        special_tokens=_SPECIAL_TOKENS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([*texts, *_build_label_texts()], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A", pair=f"{BOS} $A {BOS} $B", special_tokens=[(BOS, tokenizer.token_to_id(BOS))]
    )
    return tokenizer


def _build_label_texts() -> list[str]:
    return [f" {label}" for label in TOPIC_LABELS] * _LABEL_REPETITIONS
