import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.base import errors
from server_stub.domain.base.errors import Conflict, Forbidden, QuotaExceeded, Refusal, SlowDown, quote
from vshell.formats.text import without_token_forms

SORTS = [
    (errors.Invalid, "invalid"),
    (errors.Unauthenticated, "not_authenticated"),
    (errors.Forbidden, "permission_denied"),
    (errors.NotFound, "not_found"),
    (errors.Conflict, "conflict"),
    (errors.QuotaExceeded, "quota_exceeded"),
    (errors.Unavailable, "unavailable"),
]


@pytest.mark.parametrize(("sort", "code"), SORTS)
def test_each_sort_has_its_code(sort: type[Refusal], code: str) -> None:
    refusal = sort("It is so.", "Do this.")
    assert (refusal.code, refusal.sentence, refusal.hint, str(refusal)) == (
        code,
        "It is so.",
        "Do this.",
        "It is so.",
    )


def test_every_sort_is_in_the_table() -> None:
    def below(sort: type[Refusal]) -> set[type[Refusal]]:
        return {sort}.union(*(below(child) for child in sort.__subclasses__()))

    assert below(Refusal) == {sort for sort, _ in SORTS} | {Refusal, SlowDown}


def test_a_code_of_its_own_wins() -> None:
    assert Forbidden("no", code="password_expired").code == "password_expired"
    assert Forbidden("no").code == "permission_denied"


def test_a_full_quota_is_a_conflict() -> None:
    assert issubclass(QuotaExceeded, Conflict)


@pytest.mark.parametrize(("seconds", "told"), [(-1, 1), (0, 1), (1, 1), (60, 60)])
def test_slow_down_never_says_at_once(seconds: int, told: int) -> None:
    assert SlowDown("wait", retry_after_seconds=seconds).retry_after_seconds == told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bob", '"bob"'),
        ("", '""'),
        ("müller", '"müller"'),
        ("a\x1b[2Jb", '"a\\x1b[2Jb"'),
        ("a\u202eb", '"a\\u202eb"'),
        ("a\nb", '"a\\nb"'),
        ("\ud800", '"\\ud800"'),
        ("x" * 60, '"' + "x" * 60 + '"'),
        ("x" * 61, '"' + "x" * 60 + '..."'),
    ],
)
def test_quoted(text: str, shown: str) -> None:
    assert quote(text) == shown


@given(st.text())
def test_nothing_quoted_steers_a_terminal(text: str) -> None:
    assert quote(text).isprintable()


@pytest.mark.parametrize("token", ["JhxND7ci.AWrRmHXRtbcjUSCANl9KLrxRT6sMqesu", "L7k8ljIC." + "0" * 32])
def test_nothing_quoted_holds_a_token(token: str) -> None:
    assert quote(f"vgot_{token}") == '"vgot_***"'
    assert quote("x" * 55 + token) == '"' + "x" * 55 + '***"'
    assert without_token_forms(f"GET /{token}/") == "GET /***/"
    assert without_token_forms(token[:-1]) == token[:-1]
