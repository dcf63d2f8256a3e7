"""What is remembered of a change; the commands' own tests take it back on a real server."""

from typing import cast

import pytest

from tests.vshell.small import REGISTRY as SMALL
from tests.vshell.small import RecordingApi, Streams
from vshell.errors import NotFound, Unreachable
from vshell.language.grammar import parse
from vshell.registry.tree import Reversal, same
from vshell.run.undo import LOOK_SECONDS, MOST_REMEMBERED, take_back

LINE = "apitoken create --name x"


def change(session: Streams, undo: Reversal | str | None) -> object:
    """Run a change that is declared so."""
    line = parse(LINE, registry=SMALL)
    assert line.command is not None
    session.interactive = True
    remember = session.history.prepare(line._replace(command=line.command._replace(undo=undo)), session)
    assert remember is not None
    result = {"id": 7, "token": "secret"}
    remember(result)
    return result


def test_the_id_of_what_was_made_stands_in_the_sentence_and_no_secret() -> None:
    session = Streams()
    change(session, "Delete it with: delete {id} {token}")
    assert session.history.steps[0].instead == "Delete it with: delete 7 {token}"


def test_no_more_is_remembered_than_anybody_takes_back() -> None:
    session = Streams()
    for _ in range(MOST_REMEMBERED + 5):
        change(session, None)
    assert len(session.history.steps) == MOST_REMEMBERED


def test_a_change_that_cannot_be_looked_at_afterwards_is_done_all_the_same() -> None:
    def away(session: object, values: object) -> dict[str, object]:
        return {"id": 7}

    session = Streams()
    assert change(session, Reversal("/things/{id}/", away, same("name"))) == {"id": 7, "token": "secret"}
    assert session.history.steps[0].instead == "There is no way back for it."


def test_what_is_not_found_before_is_left_to_the_command_to_tell() -> None:
    def missing(session: object, values: object) -> dict[str, object]:
        raise NotFound("There is none.")

    session = Streams()
    change(session, Reversal("/things/{id}/", missing, same("name")))
    assert session.history.steps[0].reversal is None


HANGS = Unreachable("The server took too long to answer.", "Try again later.")
NAMED = Reversal("/things/{id}/", lambda session, values: {"id": 7, "name": "a"}, same("name"))


def test_a_server_that_hangs_before_the_change_is_not_waited_for_a_second_time() -> None:
    def hangs(session: object, values: object) -> dict[str, object]:
        raise HANGS

    session = Streams()
    with pytest.raises(Unreachable) as away:
        change(session, Reversal("/things/{id}/", hangs, same("name")))
    assert away.value.hint == "Nothing was changed. Try again later."
    assert session.history.steps == [], "the change was not sent"


def test_one_that_hangs_at_the_look_of_an_undo_is_waited_for_briefly_and_asked_for_nothing_more() -> None:
    session = Streams({("GET", "/things/7/"): {"id": 7, "name": "b"}}).answering(True, True)
    recording = cast("RecordingApi", session.client)
    change(session, NAMED)
    recording.sent.clear()
    recording.answers = {("GET", "/things/7/"): HANGS}
    with pytest.raises(Unreachable) as away:
        take_back(session)
    assert away.value.hint == "Nothing was undone; type undo again when the server answers."
    assert ([each.timeout for each in recording.sent], recording.timeout) == ([LOOK_SECONDS], 30.0)
    recording.answers = {("GET", "/things/7/"): {"id": 7, "name": "b"}, ("PATCH", "/things/7/"): None}
    assert take_back(session) == {"undone": LINE, "restored": "name back to a"}
    assert [method for method, *_ in recording.asked] == ["GET", "GET", "GET", "PATCH"]
    assert [each.timeout for each in recording.sent[1:]] == [LOOK_SECONDS, None]
