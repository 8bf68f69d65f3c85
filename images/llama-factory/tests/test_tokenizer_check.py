"""The comparison of two tokenizers over texts."""

from mixcpt_train.tokenizer_check import find_first_difference


def test_finds_the_first_text_with_different_tokens() -> None:
    def encode_without_spaces(text: str) -> list[int]:
        return list(text.replace(" ", "").encode())

    assert find_first_difference(["a", "b c", "d e"], lambda text: list(text.encode()), encode_without_spaces) == 2
    assert find_first_difference(["a", "b"], lambda text: list(text.encode()), encode_without_spaces) is None
