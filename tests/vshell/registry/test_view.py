"""What a view is when little is said about it."""

from vshell.registry.view import TEXT, Column, View


def test_a_view_is_a_table_of_its_columns() -> None:
    view = View((Column("id"),))
    assert (view.layout, view.sentence, view.more) == ("table", None, ())
    assert view.columns[0] == Column("id", title=None, kind=None)
    assert TEXT.columns == ()
