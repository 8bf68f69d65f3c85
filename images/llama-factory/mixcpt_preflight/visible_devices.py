"""The devices that torch sees in this pod."""

from mixcpt_preflight.torch_process import ask_torch


def count_visible_devices() -> int:
    """Counts in another process, which a broken driver may hang or crash. Raises BrokenNodeError if it does."""
    return int(ask_torch("torch.cuda.device_count()", "the number of devices"))
