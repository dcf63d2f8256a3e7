"""What is remembered of a change; the commands' own tests take it back on a real server."""

from tests.vshell.small import REGISTRY as SMALL
from tests.vshell.small import Streams
from vshell.errors import Unreachable
from vshell.grammar import read
from vshell.reversal import Reversal, same
from vshell.undoing import MOST_REMEMBERED, remembered

LINE = "apitoken create --name x"


def change(session: Streams, undo: Reversal | str | None) -> object:
    """Run a change that is declared so."""
    reading = read(LINE, registry=SMALL)
    assert reading.command is not None
    return remembered(reading.command._replace(undo=undo), reading, session, lambda: {"id": 7, "token": "secret"})


def test_the_id_of_what_was_made_stands_in_the_sentence_and_no_secret() -> None:
    session = Streams()
    change(session, "Delete it with: delete {id} {token}")
    assert session.undoable[0].instead == "Delete it with: delete 7 {token}"


def test_no_more_is_remembered_than_anybody_takes_back() -> None:
    session = Streams()
    for _ in range(MOST_REMEMBERED + 5):
        change(session, None)
    assert len(session.undoable) == MOST_REMEMBERED


def test_a_change_that_cannot_be_looked_at_afterwards_is_done_all_the_same() -> None:
    def away(session: object, values: object) -> dict[str, object]:
        return {"id": 7}

    session = Streams()
    assert change(session, Reversal("/things/{id}/", away, same("name"))) == {"id": 7, "token": "secret"}
    assert session.undoable[0].instead == "There is no way back for it."


def test_what_is_not_found_before_is_left_to_the_command_to_tell() -> None:
    def missing(session: object, values: object) -> dict[str, object]:
        raise Unreachable("No server answers.")

    session = Streams()
    change(session, Reversal("/things/{id}/", missing, same("name")))
    assert session.undoable[0].reversal is None
