"""A monitor whose pod is told to stop."""

import signal
from collections.abc import Mapping

import pytest

from mixcpt_monitor import main


def test_a_monitor_that_is_told_to_stop_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    former = signal.getsignal(signal.SIGTERM)

    def stop(_environment: Mapping[str, str]) -> None:
        assert callable(signal.getsignal(signal.SIGTERM)), "the first process of a pod ignores it without a handler"
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(main, "run_monitor", stop)
    try:
        with pytest.raises(SystemExit, match="143"):
            main.main()
    finally:
        signal.signal(signal.SIGTERM, former)
