"""What a session is where nobody sits in front of it."""

from tests.vshell.small import Streams


def test_nobody_confirms_and_nobody_knows_a_secret() -> None:
    session = Streams()
    assert not session.interactive
    assert not session.confirm("Delete all?")
    assert session.ask_secret("Password: ") == ""
    assert list(session.names.rows("managers")) == []


def test_variables_are_not_in_the_representation() -> None:
    session = Streams()
    session.variables["t"] = {"token": "hunter2"}
    assert repr(session) == "Session(interactive=False)"
