"""The small tokenizer is lossless and distinguishes the labels of SIB-200."""

import pytest
import tokenizers

from mixcpt_data.benchmarks.topics import TOPIC_LABELS
from mixcpt_data.model.tokenizer import train_tokenizer


@pytest.fixture(scope="module")
def tokenizer() -> object:
    return train_tokenizer(["All human beings are born free and equal in dignity and rights."] * 3, 512)


def test_every_script_survives_a_round_trip(tokenizer: "tokenizers.Tokenizer") -> None:
    for text in ("មនុស្សទាំងអស់", "人人生而自由", "Ọmọ ènìyàn", "def f(x):\n    return x\n"):
        assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=True) == text


def test_the_labels_end_in_seven_different_tokens(tokenizer: "tokenizers.Tokenizer") -> None:
    assert len({tokenizer.encode(f" {label}").ids[-1] for label in TOPIC_LABELS}) == len(TOPIC_LABELS)


def test_every_sequence_starts_with_bos(tokenizer: "tokenizers.Tokenizer") -> None:
    assert tokenizer.encode("free").tokens[0] == "<s>"
