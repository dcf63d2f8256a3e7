"""What is written down of a line: no secret, however it was typed."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vshell.kinds import Json, Secret, Text
from vshell.language.grammar import parse
from vshell.language.masking import mask_line
from vshell.registry.tree import Registry
from vshell.registry.view import TEXT
from vshell.session import Session

TYPED = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"

REGISTRY = Registry()


@REGISTRY.command("manager create", view=TEXT, examples=("manager create --username bob",))
def _create(
    session: Session,
    /,
    *,
    username: Annotated[str, Text(), "The name."],
    password: Annotated[str | None, Secret(), "The password."] = None,
) -> None:
    """Create a manager."""


@REGISTRY.command("api", view=TEXT, examples=("api GET /vms/",))
def _api(
    session: Session,
    method: Annotated[str, Text(), "The method."],
    path: Annotated[str, Text(), "The path."],
    body: Annotated[object, Json(), "The body."] = None,
    /,
) -> None:
    """Send a request."""


def masked(line: str) -> str | None:
    return mask_line(parse(line, registry=REGISTRY))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("manager create --username bob", "manager create --username bob"),
        ("manager create --username bob  ", "manager create --username bob"),
        ("manager create --username bob --password hunter2", "manager create --username bob --password ***"),
        ("manager create --username bob --password=hunter2", "manager create --username bob --password=***"),
        ("manager create --username bob --password 'two words'", "manager create --username bob --password ***"),
        ("manager create --username bob --pass hunter2", "manager create --username bob --pass ***"),
        ("manager creat --user bob --password hunter2", "manager creat --user bob --password ***"),
        ("mangler create --password hunter2", "mangler create --password ***"),
        ("vcli -u admin -p hunter2 -c api", "vcli -u admin -p *** -c api"),
        ("login --old-password 'a b' --x", "login --old-password *** --x"),
        ("dragon --max-api-tokens 7", "dragon --max-api-tokens 7"),
        ("""api POST /token/ '{"username": "bob", "password": "hunter2"}'""",
         """api POST /token/ '{"username": "bob", "password": "***"}'"""),
        ("""api POST /token/refresh/ '{"refresh":"hunter2"}'""", """api POST /token/refresh/ '{"refresh":"***"}'"""),
        ('api POST /token/ "{\\"password\\": \\"hunter2\\"}"', 'api POST /token/ "{\\"password\\": "***"}"'),
        (f"api GET /x/{TYPED}", "api GET /x/***"),
        ("api GET /x # it's fine", "api GET /x # it's fine"),
    ],
)  # fmt: skip
def test_a_line_is_shown_without_its_secrets(line: str, expected: str) -> None:
    assert masked(line) == expected
    assert "hunter2" not in expected


@given(
    st.sampled_from(["{}", "'{}'", '"{}"', "x {} y", "api GET {}", "api GET --x={}", "#{}", "manager create --pa {}"]),
    st.integers(0, 40),
    st.sampled_from(["", "''", "\\", '""']),
)
def test_no_way_to_write_a_token_gets_it_in(form: str, at: int, between: str) -> None:
    text = masked(form.format(TYPED[:at] + between + TYPED[at:]))
    assert text is None or TYPED[20:] not in text
