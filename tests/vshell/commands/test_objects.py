"""Finding an object by name or number, and what a strange answer means."""

import pytest

from tests.vshell.commands.conftest import Shell
from tests.vshell.commands.typing import Typist
from tests.vshell.web import Reply, serving
from vshell.client.client import HttpClient
from vshell.commands._objects import given, ids_or_names, row_of
from vshell.errors import Failed, NotFound


def test_an_object_is_found_by_name_and_by_number(local: Shell) -> None:
    by_name = row_of(local.session, "/roles/", "name", "csi", None)
    assert by_name == row_of(local.session, "/roles/", "name", None, 5)
    assert local.wire.asked == ["GET /roles/", "GET /roles/5/"]
    for name in ("nothing", "a&b=c", "../1", "\x1b[1m"):
        with pytest.raises(NotFound, match="There is no role named"):
            row_of(local.session, "/roles/", "name", name, None)


@pytest.mark.parametrize("answer", [["x"], {"detail": 1}, "text", [{"id": "7"}]])
def test_an_answer_of_another_shape_is_a_failure(answer: object) -> None:
    with serving(lambda asked: Reply(200, answer)) as web, pytest.raises(Failed):
        row_of(Typist(HttpClient(web.url)).session, "/roles/", "name", "csi", None)


def test_fields_without_a_value_are_left_out() -> None:
    assert given(a=None, b=0, c="", d=[], e=False) == {"b": 0, "c": "", "d": [], "e": False}


def test_digits_are_ids() -> None:
    assert ids_or_names(["5", "csi", "5a", "٥"]) == [5, "csi", "5a", "٥"]
    assert ids_or_names(None) is None
