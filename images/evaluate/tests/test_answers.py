"""From logits and tokens to answers, and from lengths to batches."""

from mixcpt_evaluate.backends.batching import batches
from mixcpt_evaluate.backends.protocols import best_label, is_close, up_to_stop


def test_the_highest_logit_wins_and_a_tie_goes_to_the_later_label() -> None:
    assert best_label([0.1, 0.9, 0.2], ["health", "politics", "travel"]) == "politics"
    assert best_label([0.5, 0.5, 0.1], ["travel", "health", "sports"]) == "travel"


def test_a_translation_ends_at_the_first_newline_of_either_spelling() -> None:
    assert up_to_stop(" one\ntwo") == " one"
    assert up_to_stop(r" one\ntwo") == " one"
    assert up_to_stop(" one") == " one"


def test_batches_hold_every_index_once_and_respect_the_budget() -> None:
    lengths = [5, 900, 30, 31, 7, 2000]
    result = batches(lengths, 1000)
    assert sorted(index for batch in result for index in batch) == list(range(len(lengths)))
    assert result[0] == [5]
    assert all(len(batch) * max(lengths[i] for i in batch) <= 1000 for batch in result[1:])


def test_only_different_tokens_within_rounding_are_close() -> None:
    assert is_close([1.0, 1.00001, 0.2], [4, 5, 6], 1e-4)
    assert not is_close([1.0, 1.1, 0.2], [4, 5, 6], 1e-4)
    assert not is_close([1.0, 1.0, 0.2], [4, 4, 6], 1e-4)
    assert is_close([100.0, 99.995], [4, 5], 1e-4)
