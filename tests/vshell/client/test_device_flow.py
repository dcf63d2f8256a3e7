"""The terminal's side of the device flow against a server that plays each answer of RFC 8628."""

from __future__ import annotations

import threading
from urllib.parse import parse_qs

import pytest

from tests.vshell.web import Asked, Reply, serving
from vshell.client import device_flow
from vshell.client.client import HttpClient
from vshell.client.device_flow import Clock, DeviceFlow
from vshell.errors import Failed, Mistake, NotAllowed, ShellError, Unreachable

BEGUN = DeviceFlow("BCDF-GHJK", "https://x.example/device", 300, 5, "secret-to-poll-with")
GRANTED = {"access_token": "T", "token_id": "L7k8ljIC", "approved_by": "dan"}


class Time:
    """A clock that only sleeping moves; ``told`` are the seconds left that were shown."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.told: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    @property
    def waiting(self) -> Clock:
        return Clock(lambda: self.now, self.sleep, self.told.append)


def refusal(code: str, status: int = 400) -> Reply:
    return Reply(status, {"error": code, "error_description": f"dan says {code}"})


def polled(*replies: Reply, begun: DeviceFlow = BEGUN) -> tuple[object, list[float], list[Asked], Time]:
    """Poll a server that gives these answers; return what came of it, when it was asked, and the clock."""
    time, moments, left = Time(), [], iter(replies)

    def answer(asked: Asked) -> Reply:
        moments.append(time.now - 1_000)
        return next(left)

    with serving(answer) as web:
        api = HttpClient.at(web.url)
        try:
            came: object = device_flow.wait_for_token(api, begun, time.waiting)
        except ShellError as error:
            came = error
        finally:
            api.close()
        return came, moments, list(web.asked), time


def test_a_flow_begins_with_a_form_and_shows_no_secret() -> None:
    answer = {
        "device_code": "secret-to-poll-with",
        "user_code": "BCDF-GHJK",
        "verification_uri": "https://x.example/device",
        "expires_in": 300,
    }
    with serving(lambda asked: Reply(200, answer)) as web:
        begun = device_flow.begin_flow(HttpClient.at(web.url), {"host": "laptop", "name": "a b&c"})
        assert begun == BEGUN
        assert "secret" not in repr(begun)
        (asked,) = web.asked
        assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert "Authorization" not in asked.headers
        assert parse_qs(asked.body.decode()) == {"client_id": ["vshell"], "host": ["laptop"], "name": ["a b&c"]}


@pytest.mark.parametrize("answer", [{}, [], {"device_code": "x", "user_code": "y", "verification_uri": "z"}])
def test_what_is_no_beginning_is_told(answer: object) -> None:
    with serving(lambda asked: Reply(200, answer)) as web, pytest.raises(Failed):
        device_flow.begin_flow(HttpClient.at(web.url), {})


def test_it_is_asked_at_the_interval_and_every_second_is_counted() -> None:
    came, moments, asked, time = polled(*[refusal("authorization_pending")] * 2, Reply(200, GRANTED))
    assert came == GRANTED
    assert moments == [5, 10, 15]
    assert time.told == [300 - second for second in range(15)]
    assert parse_qs(asked[0].body.decode()) == {
        "grant_type": [device_flow.GRANT],
        "device_code": ["secret-to-poll-with"],
        "client_id": ["vshell"],
    }


@pytest.mark.parametrize("slow", [refusal("slow_down"), refusal("slow_down", 429), Reply(429, {"detail": "slow"})])
def test_slow_down_lengthens_the_interval_for_good(slow: Reply) -> None:
    came, moments, _, _ = polled(slow, refusal("authorization_pending"), slow, Reply(200, GRANTED))
    assert came == GRANTED
    assert moments == [5, 15, 25, 40]


@pytest.mark.parametrize("away", [Reply(502, {}), refusal("temporarily_unavailable", 503)])
def test_a_server_that_is_away_is_asked_less_and_less_and_the_flow_goes_on(away: Reply) -> None:
    came, moments, _, _ = polled(*[away] * 5, refusal("authorization_pending"), Reply(200, GRANTED))
    assert came == GRANTED
    assert moments == [5, 15, 35, 75, 135, 195, 200]


@pytest.mark.parametrize(
    ("reply", "error", "said"),
    [
        (refusal("access_denied"), NotAllowed, "No token was generated: Dan says access_denied."),
        (refusal("expired_token"), NotAllowed, "The code was not approved in time, so no token was generated."),
        (refusal("invalid_grant"), Mistake, "dan says invalid_grant"),
        (Reply(200, {}), Failed, "The server's answer holds no token."),
    ],
)
def test_whatever_else_ends_it_with_a_sentence(reply: Reply, error: type[ShellError], said: str) -> None:
    came, moments, _, _ = polled(reply)
    assert isinstance(came, error)
    assert came.sentence == said
    assert moments == [5]


def test_when_the_time_is_over_nobody_is_asked_any_more() -> None:
    came, moments, _, time = polled(*[refusal("authorization_pending")] * 2, begun=DeviceFlow("B", "u", 12, 5, "c"))
    assert isinstance(came, NotAllowed)
    assert moments == [5, 10]
    assert time.now == 1_012


def test_a_server_that_never_answers_ends_with_the_code(free_url: str) -> None:
    time = Time()
    with pytest.raises(NotAllowed):
        device_flow.wait_for_token(HttpClient.at(free_url), BEGUN, time.waiting)
    with pytest.raises(Unreachable):
        device_flow.begin_flow(HttpClient.at(free_url), {})


def test_every_poll_of_a_flow_has_one_key_and_a_dropped_one_is_sent_again() -> None:
    lost = Reply(drop=True)
    came, moments, asked, _ = polled(refusal("authorization_pending"), lost, Reply(200, GRANTED))
    assert came == GRANTED
    assert moments == [5, 10, 10], "the answer that got lost is asked for at once"
    keys = {each.headers["Idempotency-Key"] for each in asked}
    assert len(keys) == 1
    _, _, (other,), _ = polled(Reply(200, GRANTED))
    assert other.headers["Idempotency-Key"] not in keys


def test_a_flow_is_taken_back_by_its_device_code() -> None:
    with serving(lambda asked: Reply(200)) as web:
        api = HttpClient.at(web.url)
        assert device_flow.withdraw_flow(api, BEGUN)
        (asked,) = web.asked
        assert asked.path == "/oauth/revoke"
        assert parse_qs(asked.body.decode()) == {
            "token": ["secret-to-poll-with"],
            "token_type_hint": ["device_code"],
            "client_id": ["vshell"],
        }
        assert api.timeout > device_flow.WITHDRAWAL_SECONDS
        api.close()


def test_taking_back_never_hangs_and_a_second_ctrl_c_ends_it(free_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> object:
        raise KeyboardInterrupt

    assert not device_flow.withdraw_flow(HttpClient.at(free_url), BEGUN)
    monkeypatch.setattr(device_flow, "WITHDRAWAL_SECONDS", 0.05)
    over = threading.Event()
    with serving(lambda asked: Reply(200) if over.wait(10) else Reply(500)) as web:
        try:
            assert not device_flow.withdraw_flow(HttpClient.at(web.url), BEGUN)
            assert web.asked
        finally:
            over.set()
    api = HttpClient.at(free_url)
    monkeypatch.setattr(api, "request", stop)
    assert not device_flow.withdraw_flow(api, BEGUN)


@pytest.fixture
def free_url() -> str:
    """An address of this machine where nothing listens."""
    with serving(lambda asked: Reply(200)) as web:
        return web.url
