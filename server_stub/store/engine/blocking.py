"""Who may wait: a thread that serves many requests must not, so what would wait there is begun again in another.

A quick look is answered on the event loop itself (see ``web.gateway``). Most of them only read a few rows. The rare one
that has something to write first, or a password to check, finds out here, before anything is done.
"""

import threading
from collections.abc import Callable


class WouldBlock(BaseException):
    """What is being done has to wait, and may not here. No handler takes it for a failure: it is no Exception."""


_here = threading.local()


def try_inline(run: Callable[[], None]) -> bool:
    """Run something that must not wait; tell whether it came to its end."""
    _here.forbidden = True
    try:
        run()
    except WouldBlock:
        return False
    finally:
        _here.forbidden = False
    return True


def about_to_block() -> None:
    """Say that this thread is about to wait; raise MustWait where that is forbidden."""
    if getattr(_here, "forbidden", False):
        raise WouldBlock
