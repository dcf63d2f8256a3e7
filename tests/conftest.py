"""What all tests share: the two databases, a server, and the two switches.

``--no-skips`` makes a skipped test a failure (CI has every program that a test needs); ``--full`` runs the
large figures that take too long for every run.
"""

import gc
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import processes
from tests.processes import Postgres, Server


def pytest_configure() -> None:
    """Take Ctrl-C as a terminal's first program does: what a shell starts in the background ignores it, and so would
    every program that the tests start.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the two switches."""
    parser.addoption("--no-skips", action="store_true", help="a skipped test is a failure")
    parser.addoption("--full", action="store_true", help="run the large figures too")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when something was skipped that may not be."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether the large figures are asked for."""
    return bool(request.config.getoption("--full"))


@pytest.fixture
def no_garbage() -> Iterator[None]:
    """Let no finalizer run meanwhile: at the depth where a nested text is refused, one would find no stack left."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One PostgreSQL for all tests of this process."""
    with processes.postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each engine in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "vshell.db")
    server: Postgres = request.getfixturevalue("postgres_server")
    return server.fresh_database()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own on SQLite, over plain HTTP on loopback."""
    with processes.running(tmp_path / "data") as started:
        yield started


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of a module that leave it as it was."""
    with processes.running(tmp_path_factory.mktemp("shared") / "data") as started:
        yield started


@pytest.fixture
def either_server(tmp_path: Path, database_url: str) -> Iterator[Server]:
    """A server of the test's own, on each engine in turn."""
    with processes.running(tmp_path / "data", "--database", database_url) as started:
        yield started
