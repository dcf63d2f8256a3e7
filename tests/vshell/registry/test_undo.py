"""The declaration of how a change is taken back."""

from tests.vshell.small import declare, plain
from vshell.registry.undo import KEEP, Reversal

NAME = Reversal("/things/{id}/", lambda session, values: {"id": 1}, {"name": lambda row: row.get("name", KEEP)})


def test_it_stands_beside_the_command() -> None:
    (command,) = declare(plain, undo=NAME, changes=True)
    assert command.undo is NAME


def test_a_sentence_stands_where_there_is_no_way_back() -> None:
    (command,) = declare(plain, undo="It is gone for good.", changes=True)
    assert command.undo == "It is gone for good."


def test_a_former_value_that_cannot_be_sent_is_told_from_none() -> None:
    assert NAME.fields["name"]({}) is KEEP
    assert NAME.fields["name"]({"name": None}) is None
