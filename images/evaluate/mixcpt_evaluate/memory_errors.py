"""Messages about a lack of memory, of the device or of the machine, and what helps."""

_SERVING = "of `serving` in the cluster's file"
# Texts are parts of messages in lower case: of torch, ROCm, CUDA, glibc; vLLM's are those of 0.23 unless a comment says
# otherwise.
_SHARE_TOO_LARGE = (
    "less than desired gpu memory utilization",
    "less than desired cpu memory utilization",
    "on kv cache allocation is less than requested",
)
_SHARE_TOO_SMALL = (
    "no available memory for the cache blocks",
    "kv cache is needed, which is larger than the available",
    "stored in kv cache",  # before 0.10
)
_ALLOCATION_FAILED = (
    "out of memory",
    "outofmemory",
    "can't allocate memory",
    "cannot allocate memory",
)
_MEMORY_ADVICE = {
    _SHARE_TOO_LARGE: (
        f"give vLLM less of the device (gpuMemoryUtilization {_SERVING}), or end the other programs that use it"
    ),
    _SHARE_TOO_SMALL: (
        f"give vLLM more of the device (gpuMemoryUtilization {_SERVING}), use a device with more memory, or lower "
        "max_position_embeddings in the checkpoint's config.json, from which vLLM takes max_model_len"
    ),
    _ALLOCATION_FAILED: (
        f"use a smaller batch (spec.batchTokens; with vLLM, maxNumSeqs or gpuMemoryUtilization {_SERVING}), "
        "a device with more memory or, with vLLM, a smaller max_model_len, "
        "which vLLM takes from max_position_embeddings in the checkpoint's config.json"
    ),
}


def find_memory_advice(error: BaseException | str) -> str | None:
    """Returns what helps against the lack of memory that the error reports; None if it reports another failure."""
    if isinstance(error, MemoryError):
        return _MEMORY_ADVICE[_ALLOCATION_FAILED]
    text = (error if isinstance(error, str) else f"{type(error).__name__} {error}").lower()
    return next((advice for parts, advice in _MEMORY_ADVICE.items() if any(part in text for part in parts)), None)


def is_out_of_memory(error: BaseException) -> bool:
    """Returns whether the device or the machine has no room for what was asked."""
    return find_memory_advice(error) is not None


def is_share_too_small(error: BaseException) -> bool:
    """Returns whether vLLM's share of the device cannot hold one request, as it will be the next time."""
    return find_memory_advice(error) == _MEMORY_ADVICE[_SHARE_TOO_SMALL]
