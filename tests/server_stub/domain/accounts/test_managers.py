from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.accounts.managers import (
    BUILT_IN,
    Manager,
    PasswordSettings,
    change_timeout,
    check_person_name,
    check_username,
    expiration_timeout,
    find_username,
    history_depth,
    merge_password_settings,
    normalize_password,
    password_ends_at,
    password_state,
    require_change_due,
    require_not_built_in,
    require_not_reduced,
    require_strong_password,
    require_unused_password,
    require_usable_password,
)
from server_stub.domain.accounts.permissions import ALL_RIGHTS
from server_stub.domain.base.errors import Conflict, Invalid, Unauthenticated
from server_stub.domain.base.timestamps import DAY, HOUR

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


DEFAULTS = PasswordSettings()
EXPIRING = PasswordSettings(pwd_expiration_timeout_enabled=True)
STRICT = PasswordSettings(
    pwd_requires_uppercase=True,
    pwd_requires_lowercase=True,
    pwd_requires_numeric=True,
    pwd_requires_special_chars=True,
)


def manager(set_at: int | None, temporary: bool, disabled: bool = False) -> Manager:
    """Return a manager whose password was set at a time."""
    return Manager(
        id=1,
        username="bob",
        first_name="",
        last_name="",
        enabled=True,
        built_in=False,
        permissions=frozenset(),
        max_api_tokens=None,
        password_hash="hash",
        password_set_at=set_at,
        password_temporary=temporary,
        password_expiration_disabled=disabled,
        created_at=0,
    )


def test_the_defaults_are_vasts() -> None:
    assert asdict(DEFAULTS) == {
        "min_pwd_length": 8,
        "pwd_requires_uppercase": False,
        "pwd_requires_lowercase": False,
        "pwd_requires_numeric": False,
        "pwd_requires_special_chars": False,
        "pwd_change_timeout": "24H",
        "pwd_change_timeout_enabled": False,
        "pwd_expiration_timeout": "180D",
        "pwd_expiration_timeout_enabled": False,
        "tmp_pwd_expiration_timeout": "7D",
        "max_failed_login_attempts": 10,
        "max_failed_login_attempts_enabled": False,
        "pwd_history_no_reuse_count": 8,
        "pwd_history_no_reuse_count_enabled": False,
    }


def test_the_defaults_pass_their_own_checks() -> None:
    assert merge_password_settings(DEFAULTS, asdict(DEFAULTS)) == DEFAULTS


def test_a_switch_turns_a_rule_on() -> None:
    assert expiration_timeout(DEFAULTS) is None
    assert expiration_timeout(EXPIRING) == 180 * DAY
    assert change_timeout(DEFAULTS) is None
    assert change_timeout(PasswordSettings(pwd_change_timeout_enabled=True)) == 24 * HOUR
    assert history_depth(DEFAULTS) == 0
    assert history_depth(PasswordSettings(pwd_history_no_reuse_count_enabled=True)) == 8


def test_time_outs_are_kept_as_they_were_typed() -> None:
    assert merge_password_settings(DEFAULTS, {"pwd_expiration_timeout": "100Y"}).pwd_expiration_timeout == "100Y"
    assert merge_password_settings(DEFAULTS, {"pwd_expiration_timeout": "26w"}).pwd_expiration_timeout == "26w"


@pytest.mark.parametrize(
    "wishes",
    [
        {"min_pwd_length": 0},
        {"min_pwd_length": 129},
        {"min_pwd_length": "8"},
        {"min_pwd_length": True},
        {"pwd_requires_numeric": 1},
        {"pwd_requires_numeric": "true"},
        {"pwd_requires_numeric": None},
        {"pwd_change_timeout": "1y"},
        {"pwd_change_timeout": ""},
        {"pwd_change_timeout": 24},
        {"pwd_expiration_timeout": "0D"},
        {"pwd_expiration_timeout": "101Y"},
        {"pwd_expiration_timeout": "99999999999999Y"},
        {"tmp_pwd_expiration_timeout": "-7D"},
        {"max_failed_login_attempts": 0},
        {"max_failed_login_attempts": 101},
        {"max_failed_login_attempts": -1},
        {"pwd_history_no_reuse_count": 0},
        {"pwd_history_no_reuse_count": 2**63},
        {"unheard": 1},
        {
            "pwd_change_timeout_enabled": True,
            "pwd_expiration_timeout_enabled": True,
            "pwd_expiration_timeout": "24h",
        },
    ],
)
def test_bad_settings(wishes: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        merge_password_settings(DEFAULTS, wishes)


@pytest.mark.parametrize(
    ("settings", "password"),
    [
        (DEFAULTS, "longlong"),
        (DEFAULTS, "пароль-пароль"),
        (DEFAULTS, "pass word"),
        (DEFAULTS, "x" * 1024),
        (STRICT, "Abcdef1!"),
        (STRICT, "Ünal 2026"),
    ],
)
def test_strong(settings: PasswordSettings, password: str) -> None:
    require_strong_password(settings, password, "bob")


@pytest.mark.parametrize(
    ("settings", "password", "sentence"),
    [
        (DEFAULTS, "", "at least 8 characters"),
        (DEFAULTS, "seven77", "at least 8 characters"),
        (STRICT, "abcdefg1!", "^the password needs an upper-case letter$"),
        (STRICT, "ABCDEFG1!", "^the password needs a lower-case letter$"),
        (STRICT, "Abcdefgh!", "^the password needs a digit$"),
        (STRICT, "Abcdefgh1", "^the password needs a special character$"),
        (
            STRICT,
            "",
            "^the password needs at least 8 characters, an upper-case letter, a lower-case letter, a digit, a special",
        ),
        (DEFAULTS, "Bob.Builder", "is the username"),
        (DEFAULTS, "x" * 1025, "at most 1024"),
        (DEFAULTS, "eight\x008", "can be printed"),
        (DEFAULTS, "eight\n888", "can be printed"),
        (DEFAULTS, "eight\ud8008", "can be printed"),
    ],
)
def test_weak(settings: PasswordSettings, password: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as caught:
        require_strong_password(settings, password, "bob.builder")
    assert not password or password not in f"{caught.value.sentence}{caught.value.hint}"


@given(st.text(max_size=40), st.sampled_from([DEFAULTS, STRICT]))
def test_no_refusal_tells_the_password(password: str, settings: PasswordSettings) -> None:
    try:
        require_strong_password(settings, password, "bob")
    except Invalid as refusal:
        told = {refusal.sentence, refusal.hint}
        with pytest.raises(Invalid) as other:
            require_strong_password(settings, "".join(reversed(password)), "bob")
        if password != "bob":
            assert told == {other.value.sentence, other.value.hint}


def test_the_same_keys_give_the_same_password() -> None:
    assert normalize_password("u\u0308nal") == normalize_password("\u00fcnal") == "\u00fcnal"
    assert normalize_password("Bob") == "Bob"
    assert len(normalize_password("u\u0308" * 512)) == 512
    assert len(normalize_password("u\u0308" * 513)) == 1026, "a text that is too long is left alone"


def test_a_reused_password_is_refused() -> None:
    settings = PasswordSettings(pwd_history_no_reuse_count_enabled=True, pwd_history_no_reuse_count=3)
    require_unused_password(settings, False)
    with pytest.raises(Invalid, match="one of the last 3"):
        require_unused_password(settings, True)


@pytest.mark.parametrize(
    ("enabled", "set_at", "temporary", "now", "refused"),
    [
        (True, 0, False, 24 * HOUR - 1, True),
        (True, 0, False, 24 * HOUR, False),
        (True, 0, True, 1, False),
        (True, None, False, 1, False),
        (False, 0, False, 1, False),
    ],
)
def test_change_timeout(enabled: bool, set_at: int | None, temporary: bool, now: int, refused: bool) -> None:
    settings = PasswordSettings(pwd_change_timeout_enabled=enabled)
    if refused:
        with pytest.raises(Conflict, match="short time ago") as caught:
            require_change_due(settings, manager(set_at, temporary), now)
        assert "1970-01-02T00:00:00.000000Z" in str(caught.value.hint)
    else:
        require_change_due(settings, manager(set_at, temporary), now)


# settings, set_at, temporary, expiration_disabled -> end
ENDS = [
    (DEFAULTS, 5, False, False, None),
    (EXPIRING, 5, False, False, 5 + 180 * DAY),
    (EXPIRING, 5, False, True, None),
    (EXPIRING, None, False, False, None),
    (DEFAULTS, 5, True, False, 5 + 7 * DAY),
    (EXPIRING, 5, True, True, 5 + 7 * DAY),
]


@pytest.mark.parametrize(("settings", "set_at", "temporary", "disabled", "end"), ENDS)
def test_ends(settings: PasswordSettings, set_at: int | None, temporary: bool, disabled: bool, end: int | None) -> None:
    assert password_ends_at(settings, manager(set_at, temporary, disabled)) == end
    living, ended = ("temporary", "lapsed") if temporary else ("valid", "expired")
    if end is None:
        assert password_state(settings, manager(set_at, temporary, disabled), 10**17) == living
    else:
        assert password_state(settings, manager(set_at, temporary, disabled), end - 1) == living
        assert password_state(settings, manager(set_at, temporary, disabled), end) == ended


def test_what_a_password_may_still_do() -> None:
    for changing in (False, True):
        require_usable_password("valid", changing)
        require_usable_password("temporary", changing)
        with pytest.raises(Unauthenticated, match="not replaced in time"):
            require_usable_password("lapsed", changing)
    require_usable_password("expired", changing=True)
    with pytest.raises(Unauthenticated, match="has expired") as caught:
        require_usable_password("expired")
    assert caught.value.code == "password_expired"
