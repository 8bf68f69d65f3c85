"""The errors of vLLM's engine, which runs in processes of its own.

The process that starts the engine learns only that it failed ("See root cause above"): the cause is in the log of the
engine. Each exception that the engine or one of its workers logs is therefore also written into a file, and so is the
end of a process that was killed. `read_engine_error` builds the first one again.
"""

import builtins
import json
import logging
import logging.config
import os
import tempfile
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import Any

from mixcpt_evaluate.engine_ends import EngineEndedError, count_oom_kills, find_failed_process
from mixcpt_evaluate.error_places import find_place
from mixcpt_store.errors import find_errno

# vLLM reads its logging configuration from the file that this variable names, in each of its processes.
_CONFIG_VARIABLE = "VLLM_LOGGING_CONFIG_PATH"
_RECORD_VARIABLE = "MIXCPT_ENGINE_ERRORS"
# Loggers of the processes that end with the errors that they log. Others log exceptions that vLLM recovers from.
_ENGINE_LOGGERS = ("vllm.v1.engine", "vllm.v1.executor")
# Parts of the messages of vLLM 0.23 that say no more than that the engine has ended, in lower case.
_ENGINE_ENDS = ("engine core initialization failed", "enginecore encountered an issue")


class ErrorRecorder(logging.Handler):
    """Appends each logged exception to the file of this engine, as one line of JSON."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        path = os.environ.get(_RECORD_VARIABLE)
        if error is None or not path:
            return
        try:
            _append_error(Path(path), error)
        except OSError:
            self.handleError(record)


def record_engine_end(end: EngineEndedError, environment: Mapping[str, str]) -> None:
    """Appends the end of a process behind what it logged itself. A full disk only costs the reason.

    `environment` is that in which its engine started: another engine may have started since.
    """
    if record := environment.get(_RECORD_VARIABLE):
        with suppress(OSError):
            _append_error(Path(record), end)


def _append_error(path: Path, error: BaseException) -> None:
    types = [kind.__name__ for kind in type(error).__mro__]
    content = {"types": types, "text": str(error), "errno": find_errno(error), "place": find_place(error)}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(content) + "\n")


def record_engine_errors(vllm: ModuleType, environment: MutableMapping[str, str] = os.environ) -> None:
    """Adds ErrorRecorder to vLLM's logging, in this process and in those that it starts, with a new file.

    A logging configuration that was set from outside stays: an error in the engine is then in the log only.
    """
    earlier = environment.get(_RECORD_VARIABLE)
    folder = Path(earlier).parent if earlier else Path(tempfile.mkdtemp(prefix="mixcpt-engine-"))
    descriptor, environment[_RECORD_VARIABLE] = tempfile.mkstemp(suffix=".jsonl", dir=folder)
    os.close(descriptor)
    if earlier:
        return
    defaults = getattr(getattr(vllm, "logger", None), "DEFAULT_LOGGING_CONFIG", None)
    if defaults is None or environment.get(_CONFIG_VARIABLE) or environment.get("VLLM_CONFIGURE_LOGGING") == "0":
        return
    config = _add_recorder(defaults)
    (folder / "logging.json").write_text(json.dumps(config), encoding="utf-8")
    logging.config.dictConfig(config)  # for processes that are forked
    environment[_CONFIG_VARIABLE] = str(folder / "logging.json")  # for those that are spawned


def _add_recorder(defaults: Mapping[str, Any]) -> dict[str, Any]:
    config = deepcopy(dict(defaults))
    recorder = {"class": f"{__name__}.{ErrorRecorder.__name__}"}
    config["handlers"] = {**config["handlers"], "mixcpt": recorder}
    config["loggers"] = {**config["loggers"], **{name: {"handlers": ["mixcpt"]} for name in _ENGINE_LOGGERS}}
    return config


@contextmanager
def raise_engine_errors() -> Iterator[None]:
    """Raises the engine's own error, or what ended it, in place of vLLM's message that the engine has ended."""
    oom_kills = count_oom_kills()
    try:
        yield
    except Exception as error:
        cause = read_engine_error(error) or find_failed_process(error, count_oom_kills() - oom_kills)
        if cause is None:
            raise
        raise cause from error


def read_engine_error(error: BaseException, environment: Mapping[str, str] = os.environ) -> Exception | None:
    """Returns the error that ended the engine; None if `error` is no end of an engine, or no reason was recorded.

    It has the name, the text and the nearest built-in type of the original. The first error that was recorded is the
    cause: a worker's end then ends the engine.
    """
    record = environment.get(_RECORD_VARIABLE)
    if record is None or not any(part in str(error).lower() for part in _ENGINE_ENDS):
        return None
    try:
        first = Path(record).read_text(encoding="utf-8").splitlines()[0]
        return _rebuild_error(json.loads(first))
    except (OSError, IndexError, ValueError):  # the engine was killed at its start, or while it wrote the line
        return None


def _rebuild_error(content: Mapping[str, Any]) -> Exception:
    types, text = content["types"], content["text"]
    base = next(kind for name in types if isinstance(kind := getattr(builtins, name, None), type))
    namespace = {"__init__": lambda self: None, "__str__": lambda self: text, "engine_place": content["place"]}
    error: Exception = type(types[0], (base,), namespace)()
    if isinstance(error, OSError):
        error.errno = content["errno"]
    return error
