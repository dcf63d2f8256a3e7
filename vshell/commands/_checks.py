"""The checks of ``doctor``, from this machine outwards: files, server, clock, credential, keyring.

Rules:

- Each finding is ok, a warning (it works, but not as it should) or wrong, and names the next step unless it is ok.
- Nothing is changed, no question is put, and no check waits longer than a few seconds: the keyring 3.
- What hangs on something that is wrong is left out rather than called wrong too.
"""

import os
import platform
import ssl
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from vshell import __version__
from vshell.client.client import Client, HttpClient, Request, Target, read_value
from vshell.errors import ShellError
from vshell.state import identity, keyring_store, paths, stored_secrets

CLOCK_SECONDS = 30
"""How far the two clocks may be apart before it matters: short tokens live for minutes."""

CERTIFICATE_DAYS = 30
CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 5.0

State = Literal["ok", "warning", "wrong"]


class Finding(NamedTuple):
    """One thing that was checked, what was found, and what to do about it."""

    check: str
    state: State
    finding: str
    next_step: str = ""


class Health(NamedTuple):
    """A server's version and its time, and the time here when it was ``asked``, in seconds since 1970."""

    version: str
    time: float | None
    asked: float


def diagnose(api: Client, environment: Mapping[str, str], clock: Callable[[], float] = time.time) -> Iterator[Finding]:
    """Yield the findings; ``clock`` gives seconds since 1970."""
    yield Finding("shell", "ok", f"vshell {__version__} on Python {platform.python_version()}, {sys.platform}")
    yield from check_files(environment)
    try:
        place = api.target
    except ShellError as error:
        yield Finding("server", "wrong", error.sentence, error.hint or "Name one with --server https://HOST:PORT")
        yield check_keyring()
        return
    health: Health | None = None
    try:
        health = read_health(place, clock)
        yield Finding("server", "ok", f"{place.url} answers; it is version {health.version}")
    except ShellError as error:
        yield Finding("server", "wrong", error.sentence, error.hint or "Check that the server runs.")
    yield check_encryption(place, clock)
    if health is not None:
        yield from check_version(health)
        yield check_clock(health)
    yield from check_credential(api, environment, reachable=health is not None)


def check_files(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Yield whether the user's own files are safe from others, and whether there are any."""
    settings = paths.settings_file(environment)
    state = paths.state_directory(environment)
    private = [state / "state.json", *_below(paths.sessions_directory(environment)), *_below(state / "history")]
    wrong = [(path, mode) for path in private if (mode := _open_to_others(path, 0o077))]
    if mode := _open_to_others(settings, 0o022):
        wrong.append((settings, mode))
    for path, mode in wrong:
        yield Finding("files", "wrong", f"{path} is open to others ({mode})", f"chmod go-rwx '{path}'")
    if not wrong:
        count = sum(path.exists() for path in (settings, *private))
        text = f"{count} of your own, safe from others" if count else f"none yet; settings would stand in {settings}"
        yield Finding("files", "ok", text)


def read_health(place: Target, clock: Callable[[], float]) -> Health:
    """Return how the server is. Raises the ShellError that no good answer stands for."""
    with closing(HttpClient.at(place.url, trust=place.trust)) as client:
        asked = clock()
        answer = client.exchange(Request("GET", "/healthz", signed=False, timeout=ANSWER_SECONDS), place)
    value = read_value(answer, place.url)
    version = value.get("version") if isinstance(value, Mapping) else None
    try:
        date: float | None = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
    except ValueError:
        date = None
    return Health(str(version or "unknown"), date, (asked + clock()) / 2)


def check_encryption(place: Target, clock: Callable[[], float]) -> Finding:
    """Return how the connection is protected, and until when the certificate is good where that can be read."""
    if not place.url.startswith("https://"):
        if identity.is_loopback(place.url):
            return Finding("encryption", "ok", "none, and none is needed: the server is on this machine")
        return Finding("encryption", "wrong", f"{place.url} is not encrypted", "Use its https address.")
    if place.trust.fingerprint:
        return Finding("encryption", "ok", "TLS; the certificate is the one you named by its fingerprint")
    trusted = f"checked against {place.trust.ca_file}" if place.trust.ca_file else "trusted by this machine"
    try:
        days = int((_certificate_ends(place) - clock()) // 86_400)
    except (OSError, ValueError):
        text = f"TLS, to be {trusted}; the certificate could not be read"
        return Finding("encryption", "warning", text, "Have the server answer first.")
    if days < CERTIFICATE_DAYS:
        text = f"TLS, {trusted}; it ends in {days} days"
        return Finding("encryption", "warning", text, "Renew the server's certificate.")
    return Finding("encryption", "ok", f"TLS, {trusted}; good for {days} days")


def check_version(health: Health) -> Iterator[Finding]:
    """Yield a warning where shell and server are not of one version."""
    if health.version != __version__:
        text = f"the server is version {health.version}, this shell {__version__}"
        yield Finding("versions", "warning", text, "Bring both to the same version.")


def check_clock(health: Health) -> Finding:
    """Return whether the two clocks agree."""
    if health.time is None:
        return Finding("clock", "warning", "the server does not tell its time", "Look whether a proxy takes it away.")
    apart = health.asked - health.time
    if abs(apart) <= CLOCK_SECONDS:
        return Finding("clock", "ok", "this machine and the server agree")
    text = f"this machine's clock is {abs(apart):.0f} seconds {'ahead of' if apart > 0 else 'behind'} the server's"
    return Finding("clock", "wrong", text, "Set both by NTP; the ends of tokens count by the server's.")


def check_credential(api: Client, environment: Mapping[str, str], *, reachable: bool) -> Iterator[Finding]:
    """Yield who we are, by what and where that is stored, and how it stands with the keyring."""
    try:
        found = api.credential
    except stored_secrets.KeyringAwayError as away:  # The keyring has just been waited for; once is enough.
        yield Finding("credential", "wrong", away.sentence, away.hint or "")
        yield Finding("keyring", "wrong", f"it cannot be used: {away.why}", stored_secrets.WAYS_OUT)
        return
    except ShellError as error:
        yield Finding("credential", "wrong", error.sentence, error.hint or "Sign in with: login")
        yield check_keyring()
        return
    if found is None:
        yield Finding("credential", "warning", "none: you are not signed in", "Sign in with: login")
    elif not reachable:
        yield Finding("credential", "ok", f"there is one, by {found.source}; it could not be tried")
    else:
        yield _try_credential(api, found.source)
    stored = stored_secrets.find_session(api.url, environment)
    if stored is not None and stored.store == "keyring" and found is not None and found.source.endswith("the keyring"):
        yield Finding("keyring", "ok", "your session lies in it")
    else:
        yield check_keyring()


def check_keyring() -> Finding:
    """Return whether the keyring can be used; without one a session can be kept in a file."""
    try:
        keyring_store.check()
    except keyring_store.NoKeyringError as trouble:
        return Finding("keyring", "warning", f"it cannot be used: {trouble}", stored_secrets.WAYS_OUT)
    return Finding("keyring", "ok", "it can be used")


def _try_credential(api: Client, source: str) -> Finding:
    """Return who the server takes us for."""
    try:
        name = api.get_object("/login/").get("username")
    except ShellError as error:
        return Finding("credential", "wrong", f"by {source}: {error.sentence}", error.hint or "Sign in with: login")
    return Finding("credential", "ok", f"{name or 'somebody without a name'}, by {source}")


def _below(directory: Path) -> list[Path]:
    try:
        return sorted(path for path in directory.iterdir() if path.is_file())
    except OSError:
        return []


def _open_to_others(path: Path, bits: int) -> str:
    """Return the mode of a file that others may use, or "" where they may not; on Windows modes mean nothing."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return ""
    return f"mode {mode:04o}" if mode & bits and os.name != "nt" else ""


def _certificate_ends(place: Target) -> float:
    """Return until when the server's certificate is good; raises OSError and ValueError where that cannot be read."""
    import socket

    parts = urlsplit(place.url)
    host = parts.hostname or ""
    authorities = place.trust.ca_file or identity.find_authorities()
    if authorities is True:
        import certifi  # what requests takes for the usual ones

        authorities = certifi.where()
    context = ssl.create_default_context(cafile=str(authorities))
    with (
        socket.create_connection((host, parts.port or 443), timeout=CONNECT_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert() or {}
    return float(ssl.cert_time_to_seconds(str(shown.get("notAfter", ""))))
