"""The store as a whole: which engine a URL means, and what is said when it cannot be had."""

import sys

import pytest

from server_stub import store
from server_stub.domain.base.errors import Unavailable
from server_stub.store import StoreError


@pytest.mark.parametrize("url", ["postgresql://a@b/c", "postgres://a@b/c"])
def test_a_url_means_postgresql(url: str) -> None:
    assert store.engine_of(url).name == "postgres"


@pytest.mark.parametrize("path", ["/srv/vshell.db", "vshell.db", "postgres.db"])
def test_anything_else_is_a_file_of_sqlite(path: str) -> None:
    assert store.engine_of(path).name == "sqlite"


def test_a_missing_driver_is_named_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "server_stub.store.engine.postgres", raising=False)
    with pytest.raises(Unavailable) as caught:
        store.engine_of("postgresql://a@b/c")
    assert "vshell[postgres]" in str(caught.value.hint)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://bob:pass%zzword@127.0.0.1/x",
        "postgresql://bob:password@127.0.0.1:port/x",
        "postgresql://bob:password@127.0.0.1/x?unheard=of",
        "postgresql://bob:password@127.0.0.1:1/x",
    ],
)
def test_no_error_quotes_the_password_of_a_url(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        store.engine_of(url).connect()
    assert "word" not in str(caught.value)
    assert caught.value.__cause__ is None or "word" not in str(caught.value.__cause__)
