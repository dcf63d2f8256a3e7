"""How a parameter is called, and whether it may be repeated."""

import pytest

from tests.vshell import small


@pytest.mark.parametrize(
    ("command", "name", "label", "repeatable"),
    [
        ("apitoken create", "expiry_date", "--expiry-date", False),
        ("apitoken revoke", "id", "--id", False),
        ("manager create", "roles", "--roles", True),
        ("manager create", "login", "--enable-login", False),
        ("send", "path", "PATH", False),
        ("help", "words", "COMMAND", True),
    ],
)
def test_a_parameter_has_a_label(command: str, name: str, label: str, repeatable: bool) -> None:
    found = small.REGISTRY.find(command)
    assert found is not None
    (parameter,) = [parameter for parameter in found.parameters if parameter.name == name]
    assert (parameter.label, parameter.repeatable) == (label, repeatable)
