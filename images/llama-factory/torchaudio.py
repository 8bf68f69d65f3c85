"""Stands in for torchaudio, which LLaMA-Factory imports unconditionally and uses for audio data only.

This image trains on text: whatever is asked of the module is refused by name.
"""

__version__ = "0"


def __getattr__(name: str) -> object:
    raise AttributeError(f"torchaudio.{name} is not available: this image trains on text only")
