"""A stub of torchaudio, which LLaMA-Factory imports unconditionally and uses only for audio data.

This image trains on text: reading any attribute of the module raises an error that names it.
"""

__version__ = "0"


def __getattr__(name: str) -> object:
    raise AttributeError(f"torchaudio.{name} is not available: this image trains on text only")
