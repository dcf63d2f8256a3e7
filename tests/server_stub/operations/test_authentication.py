"""Who asks: rights of this very moment, found anew in the transaction that acts."""

import base64
import threading

import pytest

from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Invalid, Refusal, Unauthenticated
from server_stub.domain.base.timestamps import DAY
from server_stub.operations import authentication
from server_stub.operations.authentication import PasswordShown, TokenShown
from server_stub.operations.context import wrong_credential
from tests.processes import Server
from tests.server_stub.conftest import PASSWORD, Person, Service
from tests.wire import raw


def test_a_token_carries_what_its_owner_may_do_now(site: Service) -> None:
    number = site.manager("eve")
    eve = site.by_token("eve")
    eve.refused(403, "GET", "/roles/")
    site.local.patch(f"/managers/{number}/", roles=["read_only"])
    assert eve.get("/roles/")
    site.local.patch(f"/managers/{number}/", roles=[])
    eve.refused(403, "GET", "/roles/")


def test_a_disabled_owner_has_no_token_and_has_it_again(site: Service) -> None:
    number = site.manager("eve")
    eve = site.by_token("eve")
    site.local.patch(f"/managers/{number}/", is_active=False)
    eve.refused(401, "GET", "/apitokens/")
    site.local.patch(f"/managers/{number}/", is_active=True)
    assert eve.get("/apitokens/")


def test_a_namesake_inherits_nothing(site: Service) -> None:
    number = site.manager("eve")
    eve = site.by_token("eve")
    site.local.ask("DELETE", f"/managers/{number}/")
    site.manager("eve", "administrators")
    eve.refused(401, "GET", "/apitokens/")


def test_a_token_as_a_password_goes_with_its_owners_name_alone(site: Service) -> None:
    site.manager("eve")
    token = site.local.post("/apitokens/", owner="eve")["token"]
    for name, status in (("eve", 200), ("EVE", 200), ("admin", 401), ("", 401), ("local-admin", 401)):
        pair = base64.b64encode(f"{name}:{token}".encode()).decode()
        assert Person(site.ask, f"Basic {pair}").ask("GET", "/apitokens/").status == status, name


def test_a_refresh_token_is_no_credential(site: Service) -> None:
    site.manager("eve", password=PASSWORD)
    session = site.nobody.post("/token/", username="eve", password=PASSWORD)
    site.by_bearer(session["refresh"]).refused(401, "GET", "/apitokens/")
    assert site.by_bearer(session["access"]).get("/apitokens/") == []


def test_only_this_starts_token_is_local_admin(site: Service) -> None:
    fresh = token_format.mint(site.clock.now, bytes(range(64)))
    site.by_bearer(fresh.token).refused(401, "GET", "/apitokens/")
    authorization = site.local.authorization or ""
    other = authorization[:-6] + fresh.token[-6:]
    Person(site.ask, other).refused(401, "GET", "/apitokens/")


@pytest.mark.parametrize("late", [-1, 0, 1])
def test_a_token_ends_at_its_end(site: Service, late: int) -> None:
    site.manager("eve")
    token = site.local.post("/apitokens/", owner="eve", expiry_date="1D")["token"]
    site.clock.advance(DAY + late)
    assert site.by_bearer(token).ask("GET", "/apitokens/").status == (200 if late < 0 else 401)


def test_who_is_revoked_while_they_wait_for_the_writer_changes_nothing(either_site: Service) -> None:
    site = either_site
    site.manager("eve")
    issued = site.local.post("/apitokens/", owner="eve")
    eve, begun, go = site.by_bearer(issued["token"]), threading.Event(), threading.Event()

    def hold(tx: object) -> None:
        begun.set()
        go.wait(10)

    holding = threading.Thread(target=site.database.write, args=(hold,))
    holding.start()
    begun.wait(10)
    answers: list[int] = []
    revoking = threading.Thread(target=lambda: site.local.patch(f"/apitokens/{issued['id']}/revoke/"))
    creating = threading.Thread(target=lambda: answers.append(eve.ask("POST", "/apitokens/", {}).status))
    revoking.start()
    revoking.join(0.5)
    creating.start()
    creating.join(0.5)
    go.set()
    for thread in (holding, revoking, creating):
        thread.join(10)
    assert answers == [401]
    assert site.local.get("/apitokens/", owner="eve") == []


MINTED = token_format.mint(1_790_000_000_000_000, bytes(range(64)))
OTHER = token_format.mint(1_790_000_000_000_000, bytes(range(64, 128)))
T = MINTED.token


def pair(text: str) -> str:
    """Write a user name and a secret as Basic has them."""
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("text", [f"Bearer {T}", f"bearer {T}", f"Api-Token {T}", f"token {T}", f"'Api-Token {T}"])
def test_a_token_is_read_from_every_scheme(text: str) -> None:
    found = authentication.find_credential(text, None)
    assert isinstance(found, TokenShown)
    assert (found.presented.id, found.owner, found.auth_method) == (MINTED.id, None, "token")


def test_a_token_as_a_password_comes_with_its_owner() -> None:
    found = authentication.find_credential(f"Basic {pair(f'bob:{T}')}", None)
    assert isinstance(found, TokenShown)
    assert (found.owner, found.auth_method) == ("bob", "token as password")


@pytest.mark.parametrize("password", ["x", "a:b", "ü ", T[:-1] + "0"])
def test_what_is_no_token_is_a_password(password: str) -> None:
    found = authentication.find_credential(f"Basic {pair(f'bob:{password}')}", None)
    assert found == PasswordShown("bob", password)
    assert password not in repr(found) or len(password) < 2


def test_one_token_twice_is_one_and_two_are_refused() -> None:
    assert authentication.find_credential(f"Bearer {T}", T) == authentication.find_credential(None, T)
    for authorization in (f"Bearer {OTHER.token}", f"Basic {pair('bob:x')}"):
        with pytest.raises(Invalid) as caught:
            authentication.find_credential(authorization, T)
        assert caught.value.code == "two_credentials"


def test_nothing_shown_is_nothing() -> None:
    assert authentication.find_credential(None, None) is None


JUNK = [
    *("", " ", "Bearer", "Bearer ", "Bearer  ", "Basic", "Basic ", "Token", "Api-Token", "null", "undefined", "None"),
    *(f"Bearer {word}" for word in ("null", "undefined", "None", "true", "0", "{}", "[]", '""', "''", ".", "*", "%00")),
    *(f"Bearer {token}" for token in (T[:-1], T + "x", T[1:], T.swapcase(), T.replace(".", ".."))),
    *(
        f"Bearer {T[:9]}{'0' * 32}",
        f"Bearer {MINTED.id}.",
        f"Bearer .{T[9:]}",
        f"Bearer {T},{T}",
    ),
    *(f"Bearer {T}, Bearer {T}", f"Bearer {T};", f'Bearer "{T}"', f"Bearer {T} x", f"Bearer={T}", f"Bearer:{T}", T),
    *(
        f"Basic {text}"
        for text in ("x", "====", "!!!!", "YQ", pair("bob"), pair("bob:"), "/w==", "AA==", pair(""), "e30")
    ),
    *(f"{scheme} {T}" for scheme in ("Digest", "Negotiate", "AWS4-HMAC-SHA256", "Bearer2", "''Api-Token", "Api Token")),
    *("Bearer " + "x" * 7_000, "x" * 7_000, "Basic " + "QUJD" * 1_500, "Bearer\t" + T, "Bearer " + "١" * 41),
]


def test_there_are_sixty_of_them() -> None:
    assert len(set(JUNK)) >= 60


@pytest.mark.parametrize("text", JUNK, ids=lambda text: str(text)[:20])
def test_junk_is_no_credential_and_gets_one_answer(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        authentication.find_credential(text, None)
    wrong = wrong_credential()
    assert type(caught.value) is Unauthenticated
    assert (caught.value.sentence, caught.value.hint) == (wrong.sentence, wrong.hint)


def test_junk_over_a_real_socket_is_never_a_defect_and_reaches_no_data(shared_server: Server) -> None:
    statuses = set()
    for text in [*JUNK, "Bearer a\x00b", "Bearer \x7f", "Bearer \xff\xfe", "Bearer a\r\n folded", "Bearer é"]:
        head = f"GET /api/apitokens/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {text}\r\n\r\n"
        answer = raw(shared_server.url, head.encode("utf-8" if "١" in text else "latin-1"))
        statuses.add(answer.status)
        assert b"apitoken" not in answer.body
    assert statuses <= {400, 401}


def test_two_headers_of_one_name_are_no_credential(shared_server: Server) -> None:
    good = f"Authorization: Bearer {shared_server.local_admin}\r\n"
    for lines in (good + good, good + "Authorization: Bearer x\r\n", good + f"X-Vault-Token: {T}\r\n"):
        head = f"GET /api/apitokens/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{lines}\r\n"
        assert raw(shared_server.url, head.encode()).status in (400, 401)


def test_a_token_in_the_address_is_none(shared_server: Server) -> None:
    for name in ("token", "access_token", "api_token"):
        head = (
            f"GET /api/apitokens/?{name}={shared_server.local_admin} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        answer = raw(shared_server.url, head.encode())
        assert answer.status == 401
        assert shared_server.local_admin.encode() not in answer.body


def test_a_string_that_its_maker_named_is_looked_up_like_any_token_and_is_no_password() -> None:
    shown = authentication.find_credential("Bearer my root token", "my root token")
    assert isinstance(shown, TokenShown)
    assert shown.presented == token_format.parse_named("my root token")
    assert isinstance(authentication.find_credential(f"Basic {pair('bob:my root token')}", None), PasswordShown)
