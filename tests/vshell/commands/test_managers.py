"""What the manager's commands are declared with."""

import pytest

import vshell.commands  # noqa: F401 (declares them)
from vshell.commands._managers import BACK, CHANGEABLE, OwnQuota
from vshell.registry.tree import REGISTRY


@pytest.mark.parametrize(("text", "value"), [("default", "default"), ("0", 0), ("20", 20)])
def test_a_quota_of_ones_own_is_a_number_or_the_default(text: str, value: object) -> None:
    assert OwnQuota(maximum=100).parse(text) == value


@pytest.mark.parametrize("text", ["none", "-1", "101", ""])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        OwnQuota(maximum=100).parse(text)


def test_everything_that_modify_changes_has_a_way_back() -> None:
    modify = REGISTRY.find("manager modify")
    assert modify is not None
    given = {parameter.name for parameter in modify.parameters} - {"username", "id", "new_username"}
    assert given | {"username"} == set(CHANGEABLE) == set(BACK.fields)
