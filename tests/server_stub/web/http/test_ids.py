"""Ids that are numbers: from 1 to what every JSON reader holds exactly."""

import msgspec
import pytest

from server_stub.domain.base.errors import NotFound
from server_stub.web.http.ids import LARGEST, Number, require_number


@pytest.mark.parametrize("number", [1, LARGEST])
def test_what_can_be_an_id_is_taken(number: int) -> None:
    assert require_number(number) == number == msgspec.convert(number, Number)


@pytest.mark.parametrize("number", [0, -1, LARGEST + 1, 10**100])
def test_what_cannot_is_not_found_in_an_address_and_wrong_in_a_body(number: int) -> None:
    with pytest.raises(NotFound) as refused:
        require_number(number)
    assert len(refused.value.sentence) < 100
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(str(number), type=Number)
