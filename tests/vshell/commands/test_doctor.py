"""doctor: what it found is shown, and something wrong is an exit code."""

import pytest

from tests.vshell.commands.typing import Typist
from vshell.client.client import HttpClient
from vshell.commands import _checks
from vshell.commands._checks import Finding
from vshell.errors import Failed


@pytest.fixture
def typist() -> Typist:
    return Typist(HttpClient.at("https://x.invalid"))


@pytest.mark.parametrize("state", ["ok", "warning"])
def test_all_is_well_when_nothing_is_wrong(state: str, typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Finding("clock", state, "as it is", "")]  # type: ignore[arg-type]  # one of them
    monkeypatch.setattr(_checks, "diagnose", lambda api, environment: iter(found))
    assert typist.type("doctor --output csv").splitlines()[1] == f"clock,{state},as it is,"


@pytest.mark.parametrize(("wrong", "sentence"), [(1, "1 thing is wrong."), (2, "2 things are wrong.")])
def test_something_wrong_is_shown_and_told(
    wrong: int, sentence: str, typist: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Finding("shell", "ok", "x"), *[Finding("clock", "wrong", "it is wrong", "Set it.")] * wrong]
    monkeypatch.setattr(_checks, "diagnose", lambda api, environment: iter(found))
    with pytest.raises(Failed) as caught:
        typist.type("doctor")
    assert (caught.value.sentence, caught.value.exit_code) == (sentence, 1)
