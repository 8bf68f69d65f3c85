"""One step of a small model under ZeRO-3, as trainings take it; under DDP where DeepSpeed is not installed."""

import importlib.util
import math
import os
import shutil
import time
from typing import TYPE_CHECKING, Any

from mixcpt_store.check_result import CheckResult

if TYPE_CHECKING:
    import torch

_WIDTH = 256
_LAYERS = 4
_BATCH = 4


def take_optimizer_step(device: "torch.device") -> dict[str, Any]:
    """Takes a step; returns its time, the loss before and after, and the method."""
    import torch

    torch.manual_seed(0)
    method = "ZeRO-3" if can_use_deepspeed(device.type) else "DDP"
    step = _build_zero_step(device) if method == "ZeRO-3" else _build_ddp_step(device)
    first = step()
    started = time.perf_counter()
    second = step()
    return {"method": method, "seconds": time.perf_counter() - started, "losses": [first, second]}


def can_use_deepspeed(device_type: str) -> bool:
    """Returns whether DeepSpeed can start: on a processor it compiles its communication with ninja and a compiler."""
    if importlib.util.find_spec("deepspeed") is None:
        return False
    return device_type == "cuda" or all(shutil.which(program) for program in ("ninja", "c++"))


def _build_model() -> "torch.nn.Module":
    import torch

    layers = [torch.nn.Sequential(torch.nn.Linear(_WIDTH, _WIDTH), torch.nn.GELU()) for _ in range(_LAYERS)]
    return torch.nn.Sequential(*layers)


def _build_zero_step(device: "torch.device") -> Any:
    """Uses torch's optimizer as trainings do, so that no kernel has to be compiled."""
    import deepspeed
    import torch

    on_gpu = device.type == "cuda"
    config = {
        "train_micro_batch_size_per_gpu": _BATCH,
        "zero_optimization": {"stage": 3},
        "zero_allow_untested_optimizer": True,
        "bf16": {"enabled": on_gpu},
    }
    model = _build_model()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    engine, *_ = deepspeed.initialize(model=model, optimizer=optimizer, config=config, dist_init_required=False)
    batch = torch.randn(_BATCH, _WIDTH, device=device, dtype=torch.bfloat16 if on_gpu else torch.float32)

    def step() -> float:
        loss = engine(batch).float().pow(2).mean()
        engine.backward(loss)
        engine.step()
        return float(loss)

    return step


def _build_ddp_step(device: "torch.device") -> Any:
    import torch

    on_gpu = device.type == "cuda"
    devices = [int(os.environ["LOCAL_RANK"])] if on_gpu else None
    model = torch.nn.parallel.DistributedDataParallel(_build_model().to(device), device_ids=devices)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    batch = torch.randn(_BATCH, _WIDTH, device=device)

    def step() -> float:
        loss = model(batch).pow(2).mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return float(loss)

    return step


def rate_optimizer_step(measurement: dict[str, Any], *, on_gpu: bool) -> CheckResult:
    """Rates a step: its losses must be numbers, and on a GPU it must be the step that trainings take."""
    losses, method, seconds = measurement["losses"], measurement["method"], measurement["seconds"]
    if not all(math.isfinite(loss) for loss in losses):
        advice = "check that overlap_comm is off, and the versions of DeepSpeed and RCCL"
        return CheckResult("optimizer-step", "fail", f"{method}: losses {losses}", seconds, "s", advice)
    detail = f"{method}: loss {losses[0]:.4f}, then {losses[1]:.4f}"
    if method == "ZeRO-3":
        return CheckResult("optimizer-step", "pass", detail, seconds, "s")
    without = f"{detail}; DeepSpeed is not in the image, or cannot start there, so DDP took the step"
    if on_gpu:
        return CheckResult("optimizer-step", "fail", without, seconds, "s", "use an image with DeepSpeed")
    return CheckResult("optimizer-step", "pass", without, seconds, "s")
