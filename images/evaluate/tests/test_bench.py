"""The bound of the bench, on counts that can be checked by hand."""

from mixcpt_evaluate.bench.cost_model import (
    ModelShape,
    count_classification_flops,
    count_decode_step,
    count_prefill_flops,
    estimate_decode_seconds,
)
from mixcpt_evaluate.bench.synthetic_models import NumberTokenizer, generate_prompts

SHAPE = ModelShape(
    layers=2,
    layer_weights=100,
    top_key_value_weights=10,
    attention_width=8,
    key_value_width=4,
    output_weights=50,
    bytes_per_number=4,
)


def test_counts_two_operations_a_weight_and_attention_to_all_earlier_tokens_in_a_prefill() -> None:
    assert count_prefill_flops(SHAPE, [3]) == 2 * 100 * 3 + 4 * 8 * (1 + 2 + 3)
    assert count_prefill_flops(SHAPE, [3, 3]) == 2 * count_prefill_flops(SHAPE, [3])


def test_counts_keys_values_and_one_position_of_the_last_layer_in_a_classification() -> None:
    first_layer = 2 * 50 * 3 + 4 * 4 * (1 + 2 + 3)
    last_layer = 2 * 10 * 3 + 2 * 40 + 4 * 4 * 3
    assert count_classification_flops(SHAPE, [3]) == first_layer + last_layer


def test_counts_the_weights_once_for_all_sequences_and_each_cache_once_in_a_decode_step() -> None:
    one, both = count_decode_step(SHAPE, [10]), count_decode_step(SHAPE, [10, 10])
    assert both[0] == 2 * one[0]
    assert both[1] - one[1] == 4 * 2 * 4 * 10


def test_bounds_each_decode_step_by_the_slower_of_arithmetic_and_memory() -> None:
    slow_memory = estimate_decode_seconds(SHAPE, [10], 2, flops_per_second=1e12, bytes_per_second=1.0)
    slow_arithmetic = estimate_decode_seconds(SHAPE, [10], 2, flops_per_second=1.0, bytes_per_second=1e12)
    assert round(slow_memory) == count_decode_step(SHAPE, [11])[1]
    assert round(slow_arithmetic) == count_prefill_flops(SHAPE, [10]) + count_decode_step(SHAPE, [11])[0]


def test_generates_the_same_prompts_each_time_with_the_lengths_of_the_benchmarks() -> None:
    lengths = [len(NumberTokenizer()(text).input_ids) for text in generate_prompts(50, seed=1)]
    assert all(150 <= length <= 330 for length in lengths)
    assert generate_prompts(5, seed=1) == generate_prompts(5, seed=1) != generate_prompts(5, seed=2)
