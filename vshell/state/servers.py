"""The choice of the server that the shell talks to, and what is stored about servers between runs.

The first of these that is there names the server:

1. ``--server NAME`` or ``--server URL``, ``--dc NAME``, or ``--data DIR``
2. ``VSHELL_SERVER``, then ``VSHELL_DATA``
3. the named server chosen with ``server use``
4. the server that runs in this user's data directory

Named servers stand in the settings file, because they are the user's. Which of them is in use, and at which
servers a session is kept, stands in the state file, because that is the shell's own.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from vshell.errors import Failed, Mistake, NotAllowed, NotFound, Unreachable
from vshell.formats.text import visible
from vshell.state import identity, paths, settings
from vshell.state.state_file import change_state, read_state

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class Server(NamedTuple):
    """A server to talk to; ``token_file``, on its own host, holds the local administrator's token.

    ``dc`` is the name of its data centre, None where it has none or has not said so.
    """

    url: str
    trust: identity.Trust = identity.MACHINE
    name: str | None = None
    username: str | None = None
    token_file: str | None = None
    dc: str | None = None


def choose(server: str | None, data: Path | None, environment: Mapping[str, str]) -> Server:
    """Return the server that the flags, the environment or the state file name, in that order.

    Raises Unreachable when nothing names one, NotFound for an unknown name.
    """
    if server:
        return find_by_word(server, environment)
    if data is not None:
        return find_in_directory(data)
    if environment.get("VSHELL_SERVER"):
        return find_by_word(environment["VSHELL_SERVER"], environment)
    if environment.get("VSHELL_DATA"):
        return find_in_directory(Path(environment["VSHELL_DATA"]))
    current = read_state(environment).get("current_server")
    if isinstance(current, str):
        return find_by_word(current, environment)
    found = find_running(paths.data_directory(environment))
    if found is not None:
        return found
    raise Unreachable(
        "No server is chosen, and none of your own runs here.",
        "Start one with 'vshell --local', or name one with --server https://HOST:PORT",
    )


def find_by_word(word: str, environment: Mapping[str, str]) -> Server:
    """Return the server of a name or an address, with its token file and certificate on this host."""
    known = list_servers(environment)
    if word in known:
        return _complete_server(known[word], environment)
    if _NAME.fullmatch(word) and word.lower() != "localhost":
        listed = f"Yours are: {', '.join(known)}. " if known else ""
        listed += f"If it is the name of a machine, write https://{word}"
        raise NotFound(f"There is no server named '{word}'.", listed)
    return _complete_server(Server(identity.parse_origin(word)), environment)


def find_by_dc(dc: str, environment: Mapping[str, str]) -> Server:
    """Return the named server of a data centre. Raises NotFound for an unknown one, Mistake where several are in it."""
    known = list_servers(environment)
    there = {name: server for name, server in known.items() if server.dc == dc}
    current = read_state(environment).get("current_server")
    if isinstance(current, str) and current in there:
        return _complete_server(there[current], environment)
    if len(there) == 1:
        return _complete_server(next(iter(there.values())), environment)
    if there:
        raise Mistake(f"Several of your servers are in {visible(dc)}.", f"Name one with --server: {', '.join(there)}")
    centres = ", ".join(f"{server.dc} ({name})" for name, server in known.items() if server.dc)
    raise NotFound(
        f"None of your servers is in the data centre '{visible(dc)}'.",
        f"Yours are: {centres}" if centres else "Add one with: server add NAME URL",
    )


def find_at(origin: str, environment: Mapping[str, str]) -> Server:
    """Return the server of an origin, as the settings describe it where they name it."""
    found = next((server for server in list_servers(environment).values() if server.url == origin), None)
    return _complete_server(found or Server(identity.parse_origin(origin)), environment)


def find_in_directory(directory: Path) -> Server:
    """Return the server that runs in a data directory. Raises Unreachable when none does."""
    try:
        found = find_running(directory)
    except PermissionError:
        raise NotAllowed(
            f"You may not read the data directory {directory}.",
            "Run the shell as the server's own user or as root, or use --server and sign in.",
        ) from None
    if found is None:
        raise Unreachable(
            f"No server runs in {directory}.", f"Start it with 'vshell-server --data {directory}', or use --local."
        )
    return found


def find_running(directory: Path) -> Server | None:
    """Return the server whose process lives and that wrote ``server.json`` there, None when there is none.

    A file left behind by a server that is gone is passed over: another program may have its port by now.
    Raises PermissionError when the file may not be read.
    """
    try:
        facts = json.loads((directory / "server.json").read_text(encoding="utf-8"))
    except PermissionError:
        raise
    except (OSError, ValueError):
        return None
    if not isinstance(facts, dict) or not isinstance(facts.get("url"), str) or not _is_running(facts.get("pid")):
        return None
    ca_file, token_file = facts.get("ca_file"), facts.get("token_file")
    try:
        url = identity.parse_origin(facts["url"])
    except Mistake:
        return None
    return Server(
        url=url,
        trust=identity.Trust(ca_file=ca_file) if isinstance(ca_file, str) else identity.MACHINE,
        token_file=token_file if isinstance(token_file, str) else None,
    )


def list_servers(environment: Mapping[str, str]) -> dict[str, Server]:
    """Return the named servers of the settings file. Raises Failed when one of them is not understood."""
    path = paths.settings_file(environment)
    tables = settings.read_tables(path).get("server", {})
    servers = {}
    for name, facts in (tables if isinstance(tables, dict) else {}).items():
        try:
            servers[name] = _parse_server(name, facts)
        except (Mistake, KeyError, TypeError):
            raise Failed(
                f"In {path}, the server '{visible(str(name))}' is not understood.",
                "It needs url, and may have username, dc, and ca_file or fingerprint.",
            ) from None
    return servers


def add(server: Server, environment: Mapping[str, str]) -> None:
    """Write a named server into the settings file. Raises Mistake when its name cannot be one."""
    from vshell.state import toml_edit

    name = server.name or ""
    if not _NAME.fullmatch(name) or name.lower() == "localhost":
        raise Mistake(f"'{visible(name)}' cannot name a server.", "Use letters, digits, - and _.")
    facts = {
        "url": server.url,
        "username": server.username,
        "ca_file": server.trust.ca_file,
        "fingerprint": server.trust.fingerprint,
        "dc": server.dc,
    }

    def edit(text: str) -> str:
        text = toml_edit.remove_table(text, f"server.{name}")
        for key, value in facts.items():
            if value is not None:
                text = toml_edit.set_value(text, f"server.{name}", key, value)
        return text

    settings.edit_file(paths.settings_file(environment), edit)


def remove(name: str, environment: Mapping[str, str]) -> None:
    """Take a named server out of the settings file. Raises NotFound when there is none of that name."""
    from vshell.state import toml_edit

    if name not in list_servers(environment):
        raise NotFound(f"There is no server named '{visible(name)}'.", "See: server list")
    settings.edit_file(paths.settings_file(environment), lambda text: toml_edit.remove_table(text, f"server.{name}"))
    if read_state(environment).get("current_server") == name:
        change_state(environment, lambda facts: facts.pop("current_server", None))


def use(name: str, environment: Mapping[str, str]) -> None:
    """Use a named server when nothing names one from now on. Raises NotFound for an unknown name."""
    if name not in list_servers(environment):
        raise NotFound(f"There is no server named '{visible(name)}'.", "See: server list")
    change_state(environment, lambda facts: facts.update(current_server=name))


def _parse_server(name: str, facts: object) -> Server:
    if not isinstance(facts, dict) or not all(isinstance(fact, str) for fact in facts.values()):
        raise TypeError("not a table of texts")
    pin = facts.get("fingerprint")
    return Server(
        url=identity.parse_origin(facts["url"]),
        trust=identity.Trust(facts.get("ca_file"), identity.parse_fingerprint(pin) if pin else None),
        name=name,
        username=facts.get("username"),
        dc=facts.get("dc"),
    )


def _complete_server(server: Server, environment: Mapping[str, str]) -> Server:
    """Return the server with the token file and certificate of the one on this host that has its address."""
    if not identity.is_loopback(server.url):
        return server
    for directory in _list_directories(environment):
        try:
            found = find_running(directory)
        except PermissionError:
            continue
        if found is not None and _by_number(found.url) == _by_number(server.url):
            trust = server.trust if server.trust != identity.MACHINE else found.trust
            return server._replace(trust=trust, token_file=found.token_file)
    return server


def _list_directories(environment: Mapping[str, str]) -> Iterator[Path]:
    if environment.get("VSHELL_DATA"):
        yield Path(environment["VSHELL_DATA"])
    yield paths.data_directory(environment)
    yield paths.SYSTEM_DATA


def _by_number(url: str) -> str:
    """Return a loopback address by its number: localhost and 127.0.0.1 are the same."""
    return url.replace("://localhost", "://127.0.0.1", 1)


def _is_running(process: object) -> bool:
    """Return whether a process of that number exists. On Windows asking would end it, so it is taken as running."""
    if type(process) is not int or process <= 0:
        return False
    if sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
