from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.accounts.managers import (
    BUILT_IN,
    Manager,
    check_person_name,
    check_username,
    find_username,
    require_not_built_in,
    require_not_reduced,
)
from server_stub.domain.accounts.permissions import ALL_RIGHTS
from server_stub.domain.base.errors import Conflict, Invalid

BOB = Manager(9, "bob", "", "", True, False, frozenset(), 0, None, "$argon2id$hash", 0)
ROOT = replace(BOB, id=1, username="root", built_in=True)


@given(st.text(max_size=20))
def test_a_username_that_is_accepted_is_kept_as_it_is(text: str) -> None:
    username = find_username(text)
    if username is not None:
        assert username.isascii()
        assert find_username(username) == check_username(text) == check_username(username) == username


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("bob", "bob"),
        ("Admin", "admin"),
        ("ＡＤＭＩＮ", "admin"),
        ("ᴮᴵᴳ", "big"),
        ("ﬁona", "fiona"),
        ("\u212aate", "kate"),
        ("admin_jb", "admin_jb"),
        ("bob@example.org", "bob@example.org"),
        ("a+b-c.d", "a+b-c.d"),
        ("_", "_"),
        ("5", "5"),
        ("a" * 64, "a" * 64),
    ],
)
def test_usernames(typed: str, kept: str) -> None:
    assert check_username(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        " bob",
        "bob ",
        "bob.",
        ".bob",
        "-bob",
        "bob-",
        "@",
        "b ob",
        "bob\n",
        "bob\x00",
        "b\u200dob",
        "bob\xad",
        "аdmin",
        "αdmin",
        "ınes",
        "müller",
        "bob/eve",
        "bob:x",
        "bob'",
        'b"',
        "$(x)",
        "a" * 65,
        "ﷺ" * 64,
        "x" * 10**6,
        "local-admin",
        "LOCALHOST",
        "Ｌocal-Admin",
        None,
        5,
        True,
        ["bob"],
    ],
)
def test_no_usernames(typed: object) -> None:
    with pytest.raises(Invalid):
        check_username(typed)
    assert not isinstance(typed, str) or find_username(typed) is None


def test_a_reserved_name_is_told_apart() -> None:
    with pytest.raises(Invalid, match="is reserved"):
        check_username("localhost")


@pytest.mark.parametrize("name", ["", "Anna Maria", "Ünal", "李"])
def test_person_names(name: str) -> None:
    assert check_person_name("first_name", name) == name


@pytest.mark.parametrize("name", ["x" * 65, "a\x1b]52;c;", " a", None, 1])
def test_no_person_names(name: object) -> None:
    with pytest.raises(Invalid, match=r"^first_name"):
        check_person_name("first_name", name)


@pytest.mark.parametrize("fate", ["deleted", "disabled", "renamed"])
def test_built_in_managers_are_spared(fate: str) -> None:
    require_not_built_in(BOB, fate)
    with pytest.raises(Conflict, match=f"^root is a built-in manager and cannot be {fate}"):
        require_not_built_in(ROOT, fate)


def test_built_in_managers_are_not_reduced() -> None:
    fewer = ALL_RIGHTS - {("edit", "vms")}
    require_not_reduced(BOB, ALL_RIGHTS, fewer)
    require_not_reduced(ROOT, ALL_RIGHTS, ALL_RIGHTS)
    require_not_reduced(ROOT, fewer, ALL_RIGHTS)
    with pytest.raises(Conflict, match="given fewer permissions"):
        require_not_reduced(ROOT, ALL_RIGHTS, fewer)


def test_the_built_in_managers_have_good_names() -> None:
    assert [check_username(name) for name, _ in BUILT_IN] == ["root", "admin", "support"]


def test_no_repr_shows_a_hash() -> None:
    assert "argon2" not in repr(BOB)
