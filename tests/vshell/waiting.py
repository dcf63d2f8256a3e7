"""Waiting in tests for what another thread does."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 10.0


def eventually(holds: Callable[[], object], what: str = "it") -> None:
    """Wait until ``holds`` returns something true, and fail when that takes too long."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, f"{what} never came"
        time.sleep(0.005)
