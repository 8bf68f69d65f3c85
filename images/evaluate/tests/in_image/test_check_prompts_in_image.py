"""Ten prompts through the image's backend."""

from mixcpt_evaluate.check_prompts import check_prompts


def test_the_backend_of_the_image_answers_ten_prompts() -> None:
    result = check_prompts(on_gpu=False, seconds=300.0)
    assert result.status == "pass", result.detail
