"""One line for an error that no code expected: its type, its text, and the place in this project's code."""

import re
import traceback

_MAX_TEXT_LENGTH = 300
# A frame as Python prints it, of a file of one of the packages mixcpt_*.
_OWN_FRAME = re.compile(r'File "[^"]*?(mixcpt_\w+/[^"]+)", line (\d+), in (\w+)')


def describe_unexpected(error: BaseException) -> str:
    """Formats the error on one line, with the last frame of this project that it passed through."""
    text = " ".join(str(error).split())[:_MAX_TEXT_LENGTH]
    frames = _OWN_FRAME.findall(_format_frames(error))
    place = " in {}, line {} ({})".format(*frames[-1]) if frames else ""
    hint = (
        "the operating system failed, so another attempt may succeed"
        if isinstance(error, OSError) and error.errno is not None
        else "a bug, or an input that is damaged in a way that no check looks for"
    )
    return f"unexpected {type(error).__name__}{place}: {text or 'no message'}; {hint}"


def _format_frames(error: BaseException) -> str:
    """Returns the frames as text. An exception of a worker process has them in its cause, as text only."""
    remote = getattr(error.__cause__, "tb", None)
    return remote if isinstance(remote, str) else "".join(traceback.format_tb(error.__traceback__))
