"""The comparison of two tokenizers over texts."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import tokenizers

from mixcpt_train.tokenizer_check import find_first_difference, require_matching_tokenizer


def test_finds_the_first_text_with_different_tokens() -> None:
    def encode_without_spaces(text: str) -> list[int]:
        return list(text.replace(" ", "").encode())

    assert find_first_difference(["a", "b c", "d e"], lambda text: list(text.encode()), encode_without_spaces) == 2
    assert find_first_difference(["a", "b"], lambda text: list(text.encode()), encode_without_spaces) is None


class _LoadedTokenizer:
    """Imitates transformers' tokenizer: it treats spaces after a parsed special token unlike tokenizer.json."""

    def __init__(self, written: "tokenizers.Tokenizer") -> None:
        self._written = written

    def __call__(self, text: str, *, add_special_tokens: bool, split_special_tokens: bool = False) -> SimpleNamespace:
        self._written.encode_special_tokens = split_special_tokens
        ids = self._written.encode(text, add_special_tokens=add_special_tokens).ids
        return SimpleNamespace(input_ids=ids if split_special_tokens or "<s>" not in text else [*ids, 0])


def test_a_literal_special_token_in_a_row_is_compared_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = tokenizers.Tokenizer(tokenizers.models.BPE())
    written.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(special_tokens=["<s>"], initial_alphabet=alphabet, show_progress=False)
    written.train_from_iterator([], trainer)
    written.save(str(tmp_path / "tokenizer.json"))
    loaded = _LoadedTokenizer(tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json")))
    auto_tokenizer = SimpleNamespace(from_pretrained=lambda _model: loaded)
    monkeypatch.setitem(sys.modules, "transformers", SimpleNamespace(AutoTokenizer=auto_tokenizer))
    (tmp_path / "train.jsonl").write_text(json.dumps({"text": "The price is <s>90</s> 80 euros today."}) + "\n")
    require_matching_tokenizer(tmp_path / "train.jsonl", tmp_path)
