"""Ids that are numbers, as they come in: kept within what every database and every JSON reader holds exactly."""

from typing import Annotated

import msgspec

from server_stub.domain.base.errors import NotFound

LARGEST = 2**53 - 1  # RFC 7493, section 2.2

Number = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
"""An id in a body or behind the ``?``."""


def require_number(number: int) -> int:
    """Return an id out of an address; raise NotFound for one that nothing can have."""
    if not 1 <= number <= LARGEST:
        raise NotFound(f"there is nothing with the id {number}"[:80], "Ids are whole numbers from 1 on.")
    return number
