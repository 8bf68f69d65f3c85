"""The bound of the bench: counts that can be checked by hand."""

from mixcpt_evaluate.bench.cost_model import Shape, classify_flops, decode_seconds, decode_step, prefill_flops
from mixcpt_evaluate.bench.synthetic_models import NumberTokenizer, prompts

SHAPE = Shape(
    layers=2,
    layer_weights=100,
    top_key_value_weights=10,
    attention_width=8,
    key_value_width=4,
    output_weights=50,
    bytes_per_number=4,
)


def test_a_prompt_costs_two_operations_a_weight_and_attention_to_what_stands_before() -> None:
    assert prefill_flops(SHAPE, [3]) == 2 * 100 * 3 + 4 * 8 * (1 + 2 + 3)
    assert prefill_flops(SHAPE, [3, 3]) == 2 * prefill_flops(SHAPE, [3])


def test_an_answer_needs_of_the_last_layer_keys_and_values_and_one_position() -> None:
    first_layer = 2 * 50 * 3 + 4 * 4 * (1 + 2 + 3)
    last_layer = 2 * 10 * 3 + 2 * 40 + 4 * 4 * 3
    assert classify_flops(SHAPE, [3]) == first_layer + last_layer


def test_a_step_reads_the_weights_once_for_all_sequences_and_each_cache_once() -> None:
    one, both = decode_step(SHAPE, [10]), decode_step(SHAPE, [10, 10])
    assert both[0] == 2 * one[0]
    assert both[1] - one[1] == 4 * 2 * 4 * 10


def test_each_step_is_bound_by_the_scarcer_of_arithmetic_and_memory() -> None:
    slow_memory = decode_seconds(SHAPE, [10], 2, 1e12, 1.0)
    slow_arithmetic = decode_seconds(SHAPE, [10], 2, 1.0, 1e12)
    assert round(slow_memory) == decode_step(SHAPE, [11])[1]
    assert round(slow_arithmetic) == prefill_flops(SHAPE, [10]) + decode_step(SHAPE, [11])[0]


def test_prompts_are_as_long_as_the_benchmarks_and_the_same_each_time() -> None:
    lengths = [len(NumberTokenizer()(text).input_ids) for text in prompts(50, seed=1)]
    assert all(150 <= length <= 330 for length in lengths)
    assert prompts(5, seed=1) == prompts(5, seed=1) != prompts(5, seed=2)
