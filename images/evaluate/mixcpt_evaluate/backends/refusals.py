"""Isolates prompts that a backend refuses, so that all others are answered."""

from collections.abc import Callable, Sequence

from mixcpt_evaluate.backends.protocols import Answer, Unanswered
from mixcpt_evaluate.library_errors import describe_library_error
from mixcpt_evaluate.memory_errors import is_out_of_memory

# Exceptions with which tokenizers, transformers and vLLM reject an input. A failed device raises others.
REFUSALS = (ValueError, TypeError, IndexError, OverflowError)


def answer_or_refuse(indices: Sequence[int], answer: Callable[[Sequence[int]], Sequence[Answer]]) -> dict[int, Answer]:
    """Returns an answer for each prompt in `indices`, with Unanswered for those that `answer` raises a refusal for.

    A library refuses a whole call for the sake of one prompt. The call is then split in halves until that prompt is
    alone.
    """
    try:
        return dict(zip(indices, answer(indices), strict=True))
    except REFUSALS as error:
        if is_out_of_memory(error):
            raise
        if len(indices) == 1:
            return {indices[0]: Unanswered(describe_library_error(error))}
    middle = len(indices) // 2
    return answer_or_refuse(indices[:middle], answer) | answer_or_refuse(indices[middle:], answer)
