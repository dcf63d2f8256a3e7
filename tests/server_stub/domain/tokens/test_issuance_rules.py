"""What a new token may be: never wider than what makes it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.accounts.managers import Manager
from server_stub.domain.base.errors import Forbidden, Invalid, QuotaExceeded
from server_stub.domain.base.timestamps import HOUR, SECOND
from server_stub.domain.tokens import issuance_rules
from server_stub.domain.tokens.expiry import Lengths
from server_stub.domain.tokens.issuance_rules import Maker, TokenRequest, check_quota, quota_of, require_room
from server_stub.domain.tokens.tokens import Kind, Token

NOW = 1_800_000_000 * SECOND
NODE = "11111111-2222-3333-4444-555555555555"
BARE = Token(id="new", digest=b"", kind="api", owner_id=1, owner="bob", name="x", created_at=NOW)
PLAIN = Maker(replace(BARE, id="maker"), has_every_right=False)
ROOT = Maker(replace(BARE, id="root"), has_every_right=True)
NOBODY = Maker(None, has_every_right=True)


def narrowed(**fields: object) -> Maker:
    """Return a maker whose token is narrowed."""
    return Maker(replace(BARE, id="maker", **fields), has_every_right=False)  # type: ignore[arg-type]  # of the record


@pytest.mark.parametrize(("kind", "is_parent"), [("api", True), ("device", True), ("session", False)])
def test_tokens_have_children_and_sign_ins_have_none(kind: Kind, is_parent: bool) -> None:
    token = replace(BARE, kind=kind)
    assert issuance_rules.parent_of(Maker(token, False), orphan=False) == (token if is_parent else None)


def test_an_orphan_takes_every_right() -> None:
    assert issuance_rules.parent_of(ROOT, orphan=True) is None
    assert issuance_rules.parent_of(NOBODY, orphan=False) is None
    with pytest.raises(Forbidden) as refused:
        issuance_rules.parent_of(PLAIN, orphan=True)
    assert refused.value.code == "orphan_denied"


def test_policies_lie_within_the_makers_and_are_the_owners_roles() -> None:
    roles = ["csi", "read_only"]
    assert issuance_rules.policies_of(TokenRequest(), PLAIN, roles) is None
    assert issuance_rules.policies_of(TokenRequest(policies=("read_only", "csi", "csi")), PLAIN, roles) == (
        "csi",
        "read_only",
    )
    held = narrowed(policies=("csi",))
    assert issuance_rules.policies_of(TokenRequest(), held, roles) == ("csi",)
    assert issuance_rules.policies_of(TokenRequest(policies=()), held, roles) == ()
    with pytest.raises(Forbidden) as beyond:
        issuance_rules.policies_of(TokenRequest(policies=("read_only",)), held, roles)
    assert beyond.value.code == "policy_beyond"
    with pytest.raises(Invalid) as unknown:
        issuance_rules.policies_of(TokenRequest(policies=("administrators",)), PLAIN, roles)
    assert unknown.value.code == "policy_unknown"


def test_scopes_lie_within_the_makers() -> None:
    paths = {NODE: "/a"}
    request = TokenRequest(scopes=(f"node:{NODE}:r",))
    assert issuance_rules.scopes_of(request, PLAIN, paths) == (f"node:{NODE}:r",)
    held = narrowed(scopes=(f"node:{NODE}:r",))
    assert issuance_rules.scopes_of(TokenRequest(), held, paths) == held.token.scopes  # type: ignore[union-attr]  # it has one
    assert issuance_rules.scopes_of(request, held, paths) == request.scopes
    with pytest.raises(Forbidden) as refused:
        issuance_rules.scopes_of(TokenRequest(scopes=(f"node:{NODE}:rw",)), held, paths)
    assert refused.value.code == "scope_beyond"


def test_a_token_of_limited_uses_makes_none() -> None:
    with pytest.raises(Forbidden) as refused:
        issuance_rules.shape_token(BARE, TokenRequest(), narrowed(uses_left=5), None, None)
    assert refused.value.code == "limited_token"


def test_a_token_gets_its_shape() -> None:
    parent = replace(BARE, id="parent", expires_at=NOW + HOUR)
    request = TokenRequest(Lengths(window=2 * HOUR), meta={"k": "v"}, num_uses=3, renewable=False)
    token, given = issuance_rules.shape_token(BARE, request, Maker(parent, False), parent, None)
    assert token.parent_id == "parent"
    assert token.expires_at == given.expires_at == NOW + HOUR
    assert (token.sliding_window, token.granted, token.uses_left) == (2 * HOUR, HOUR, 3)
    assert (token.meta, token.renewable) == ({"k": "v"}, False)
    endless, _ = issuance_rules.shape_token(BARE, TokenRequest(), NOBODY, None, None)
    assert (endless.expires_at, endless.granted, endless.uses_left) == (None, None, None)


@pytest.mark.parametrize("uses", [-1, 2**31, True, "5", 1.5])
def test_uses_are_a_count(uses: object) -> None:
    with pytest.raises(Invalid, match="num_uses"):
        issuance_rules.shape_token(BARE, TokenRequest(num_uses=uses), NOBODY, None, None)  # type: ignore[arg-type]  # what is refused


@pytest.mark.parametrize(
    "meta",
    [{"k": 1}, {"": "v"}, {"k\n": "v"}, {"k": "v" * 1025}, {str(number): "" for number in range(65)}],
)
def test_meta_is_a_small_map_of_texts(meta: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        issuance_rules.check_meta(meta)


def test_default_is_a_policy_that_every_owner_has() -> None:
    assert issuance_rules.policies_of(TokenRequest(policies=("default",)), PLAIN, []) == ("default",)
    with pytest.raises(Forbidden):
        issuance_rules.policies_of(TokenRequest(policies=("default",)), narrowed(policies=("csi",)), ["csi"])


def test_unknown_policies_are_kept_for_whoever_holds_every_right_and_asks_for_it() -> None:
    request = TokenRequest(policies=("nowhere",), unknown_policies=True)
    assert issuance_rules.policies_of(request, ROOT, []) == ("nowhere",)
    for maker, lenient in ((PLAIN, True), (ROOT, False)):
        with pytest.raises(Invalid):
            issuance_rules.policies_of(replace(request, unknown_policies=lenient), maker, [])
    assert issuance_rules.policies_of(request, narrowed(policies=("nowhere",)), []) == ("nowhere",)


def test_policies_are_not_without_number() -> None:
    request = TokenRequest(
        policies=tuple(f"p{number}" for number in range(issuance_rules.MOST_POLICIES + 1)), unknown_policies=True
    )
    with pytest.raises(Invalid, match="at most 64 policies"):
        issuance_rules.policies_of(request, ROOT, [])


def test_naming_and_periods_take_every_right() -> None:
    periodic = TokenRequest(lengths=Lengths(period=HOUR))
    issuance_rules.require_naming(ROOT)
    assert issuance_rules.shape_token(BARE, periodic, ROOT, None, None)[0].period == HOUR
    with pytest.raises(Forbidden) as named:
        issuance_rules.require_naming(PLAIN)
    with pytest.raises(Forbidden) as period:
        issuance_rules.shape_token(BARE, periodic, PLAIN, None, None)
    assert (named.value.code, period.value.code) == ("naming_denied", "period_denied")


def test_what_ends_makes_nothing_endless() -> None:
    ending = Maker(replace(BARE, id="root", expires_at=NOW + HOUR), has_every_right=True)
    with pytest.raises(Forbidden) as refused:
        issuance_rules.shape_token(BARE, TokenRequest(orphan=True), ending, None, None)
    assert refused.value.code == "endless_token"
    made, _ = issuance_rules.shape_token(
        BARE, TokenRequest(orphan=True, lengths=Lengths(lifetime=2 * HOUR)), ending, None, None
    )
    assert (made.expires_at, made.granted, made.first_granted) == (NOW + HOUR, HOUR, HOUR)
    assert issuance_rules.shape_token(BARE, TokenRequest(), ending, ending.token, None)[0].expires_at == NOW + HOUR


def test_the_first_grant_is_kept_beside_the_last() -> None:
    made, _ = issuance_rules.shape_token(
        BARE, TokenRequest(lengths=Lengths(lifetime=9 * HOUR)), PLAIN, None, None, HOUR
    )
    assert made.first_granted == made.granted == HOUR


def test_an_orphan_ends_with_its_maker_for_good() -> None:
    maker = Maker(replace(BARE, id="maker", expires_at=NOW + HOUR), has_every_right=True)
    token, _ = issuance_rules.shape_token(
        BARE, TokenRequest(Lengths(lifetime=2 * HOUR), orphan=True), maker, None, None
    )
    assert (token.parent_id, token.expires_at, token.max_expires_at) == (None, NOW + HOUR, NOW + HOUR)
    session = Maker(replace(BARE, id="maker", kind="session", expires_at=NOW + HOUR), has_every_right=True)
    token, _ = issuance_rules.shape_token(BARE, TokenRequest(Lengths(lifetime=2 * HOUR)), session, None, None)
    assert (token.expires_at, token.max_expires_at) == (NOW + 2 * HOUR, None)


def test_below_a_named_parent_a_token_lies_within_both() -> None:
    asking = replace(BARE, id="asking", expires_at=NOW + HOUR, policies=("csi", "ops"), scopes=(f"node:{NODE}:r",))
    parent = replace(BARE, id="parent", policies=("ops", "read_only"))
    maker = Maker(parent, False, asking)
    assert issuance_rules.policies_of(TokenRequest(), maker, []) == ("ops",)
    assert issuance_rules.scopes_of(TokenRequest(), maker, {NODE: "/a"}) == asking.scopes
    made, _ = issuance_rules.shape_token(BARE, TokenRequest(Lengths(lifetime=9 * HOUR)), maker, parent, None)
    assert (made.parent_id, made.expires_at, made.max_expires_at) == ("parent", NOW + HOUR, NOW + HOUR)
    for refused in (
        lambda: issuance_rules.policies_of(TokenRequest(policies=("csi",)), maker, ["csi"]),
        lambda: issuance_rules.scopes_of(TokenRequest(scopes=(f"node:{NODE}:rw",)), maker, {NODE: "/a"}),
        lambda: issuance_rules.shape_token(BARE, TokenRequest(), maker, parent, None),
        lambda: issuance_rules.shape_token(
            BARE, TokenRequest(), Maker(parent, False, replace(BARE, uses_left=5)), parent, None
        ),
    ):
        with pytest.raises(Forbidden):
            refused()


@pytest.mark.parametrize("bound", [{"expires_at": NOW + HOUR}, {"uses_left": 5}])
def test_a_bounded_token_rotates_itself_and_what_it_made(bound: dict[str, int]) -> None:
    maker = narrowed(**bound)
    other = replace(BARE, id="other")
    issuance_rules.require_rotation(replace(BARE, id="maker"), maker)
    issuance_rules.require_rotation(replace(other, parent_id="maker"), maker)
    for unbounded in (PLAIN, NOBODY, narrowed(kind="session", **bound)):
        issuance_rules.require_rotation(other, unbounded)
    with pytest.raises(Forbidden) as refused:
        issuance_rules.require_rotation(other, maker)
    assert refused.value.code == "rotation_beyond"


def test_what_a_secret_in_its_grace_makes_ends_with_the_grace() -> None:
    maker = replace(ROOT, until=NOW + HOUR)
    for parent in (None, maker.token):
        token, _ = issuance_rules.shape_token(BARE, TokenRequest(Lengths(lifetime=2 * HOUR)), maker, parent, None)
        assert (token.expires_at, token.max_expires_at) == (NOW + HOUR, NOW + HOUR)
    with pytest.raises(Forbidden) as refused:
        issuance_rules.require_rotation(BARE, maker)
    assert refused.value.code == "secret_rotated"


def test_freed_children_keep_the_end_that_bounded_them_but_by_one_who_may_do_everything() -> None:
    freed = replace(BARE, id="freed", expires_at=NOW + HOUR)
    assert issuance_rules.freed_end(freed, PLAIN) == NOW + HOUR
    assert issuance_rules.freed_end(freed, Maker(freed, True)) == NOW + HOUR
    assert issuance_rules.freed_end(freed, ROOT) is None
    assert issuance_rules.freed_end(freed, NOBODY) is None
    assert issuance_rules.freed_end(BARE, PLAIN) is None


@pytest.mark.parametrize(
    ("held", "wanted", "given"), [(None, None, None), (None, "web", "web"), ("web", None, "web"), ("web", "web", "web")]
)
def test_what_a_token_makes_is_for_its_project(held: str | None, wanted: str | None, given: str | None) -> None:
    assert issuance_rules.project_of(TokenRequest(project=wanted), narrowed(project=held)) == given
    assert issuance_rules.project_of(TokenRequest(project=wanted), NOBODY) == wanted


def test_a_token_of_one_project_makes_none_for_another() -> None:
    for maker in (narrowed(project="web"), Maker(BARE, False, replace(BARE, project="web"))):
        with pytest.raises(Forbidden) as refused:
            issuance_rules.project_of(TokenRequest(project="shop"), maker)
        assert refused.value.code == "project_beyond"
    with pytest.raises(Forbidden):
        issuance_rules.project_of(
            TokenRequest(), Maker(replace(BARE, project="shop"), False, replace(BARE, project="web"))
        )


BOB = Manager(9, "bob", "", "", True, False, frozenset(), created_at=0)
ROOT_MANAGER = replace(BOB, id=1, username="root", built_in=True)


@pytest.mark.parametrize(
    ("owner", "limit"),
    [
        (BOB, 5),
        (replace(BOB, max_api_tokens=0), 0),
        (replace(BOB, max_api_tokens=7), 7),
        (ROOT_MANAGER, None),
        (replace(ROOT_MANAGER, max_api_tokens=1), None),
        (replace(BOB, username="root"), 5),
        (replace(ROOT_MANAGER, username="admin"), 5),
    ],
)
def test_limit(owner: Manager, limit: int | None) -> None:
    assert quota_of(owner, 5) == limit


@given(st.integers(0, 10), st.integers(0, 10), st.none() | st.integers(0, 10))
def test_there_is_room_below_the_limit_only(live: int, for_all: int, own: int | None) -> None:
    owner = replace(BOB, max_api_tokens=own)
    if live < (for_all if own is None else own):
        require_room(owner, live, for_all)
    else:
        with pytest.raises(QuotaExceeded):
            require_room(owner, live, for_all)


def test_root_has_always_room() -> None:
    require_room(ROOT_MANAGER, 10**9, 0)


def test_the_refusal_says_number_limit_and_how_to_free_one() -> None:
    with pytest.raises(QuotaExceeded, match=r"^bob has 5 live tokens and may have 5$") as caught:
        require_room(BOB, 5, 5)
    assert caught.value.code == "quota_exceeded"
    assert "apitoken revoke --id ID" in str(caught.value.hint)
    assert "vms set_max_api_tokens_per_user" in str(caught.value.hint)
    with pytest.raises(QuotaExceeded, match="has 1 live token and may have 0"):
        require_room(BOB, 1, 0)


@pytest.mark.parametrize("value", [0, 5, 100_000])
def test_quotas(value: int) -> None:
    assert check_quota("max_api_tokens", value) == value


@pytest.mark.parametrize("value", [-1, 100_001, 2**63, True, "5", 5.0, float("inf"), None])
def test_no_quotas(value: object) -> None:
    with pytest.raises(Invalid, match=r"^max_api_tokens must be"):
        check_quota("max_api_tokens", value)
