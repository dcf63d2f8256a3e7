"""server: named servers, so that an address and its certificate are typed once."""

import os
from collections.abc import Mapping
from contextlib import closing, suppress
from typing import Annotated

from vshell.client import connect
from vshell.client.client import HttpClient, TargetFinder
from vshell.errors import Mistake, ShellError
from vshell.kinds import Path, ServerName, Text, Url, Word
from vshell.registry.tree import command, describe_object
from vshell.registry.view import View, columns
from vshell.session import Session
from vshell.state import identity, servers, state_file

describe_object("server", "Named servers that this shell talks to.")

LIST = View(columns("name", "url", "dc", "username", "current", "ca_file", "fingerprint"))
ADDED = View(columns("name", "url"), sentence="Server {name} is {url} from now on.")
USED = View(columns("name", "url"), sentence="Server {name} at {url} is used from now on.")
REMOVED = View(columns("name"), sentence="Server {name} has been removed from your settings.")


@command("server add", view=ADDED, examples=("server add lab https://lab.example.com:8443",), here=True)
def add(
    session: Session,
    name: Annotated[str, Word("NAME"), "Gives the server a short name."],
    url: Annotated[str, Url(), "Gives its address."],
    /,
    *,
    username: Annotated[str | None, Text("USER"), "Names the manager you are there, for the list."] = None,
    ca_file: Annotated[str | None, Path(), "Names the file of the certificate to check it against."] = None,
    fingerprint: Annotated[
        str | None, Text("SHA256"), "Gives the SHA-256 fingerprint of its own, self-signed certificate."
    ] = None,
) -> object:
    """Give a server a name, or change what is known of it.

    A server with a self-signed certificate is believed by that certificate: name its file with --ca-file, or
    give its fingerprint, compared on the server itself.

    The server is asked, without a credential, for the name of its data centre, by which --dc chooses it; where it
    does not answer, add it again when it does.
    """
    if ca_file and fingerprint:
        raise Mistake("A certificate is checked by --ca-file or by --fingerprint.", "Keep one of them.")
    trusted = identity.Trust(
        os.path.abspath(ca_file) if ca_file else None,
        identity.parse_fingerprint(fingerprint) if fingerprint else None,
    )
    server = servers.Server(identity.parse_origin(url), trusted, name, username)
    server = server._replace(dc=_fetch_dc(server))
    servers.add(server, os.environ)
    return {"name": name, "url": server.url}


def _fetch_dc(server: servers.Server) -> str | None:
    """Return what the server calls its data centre, None where it says nothing."""
    metadata: object = None
    with suppress(ShellError), closing(HttpClient(TargetFinder(lambda: connect.make_target(server)))) as client:
        metadata = client.request("GET", "/.well-known/oauth-authorization-server", signed=False)
    dc = metadata.get("dc") if isinstance(metadata, Mapping) else None
    return dc if isinstance(dc, str) and dc.isprintable() and dc else None


@command("server list", view=LIST, examples=("server list",))
def list_(session: Session, /) -> object:
    """List the named servers; the current one is used when nothing else names a server."""
    current = state_file.read_state(os.environ).get("current_server")
    return [
        {"name": name, "url": server.url, "dc": server.dc, "username": server.username, "current": name == current}
        | server.trust._asdict()
        for name, server in servers.list_servers(os.environ).items()
    ]


@command("server use", view=USED, examples=("server use lab",), here=True)
def use(session: Session, name: Annotated[str, ServerName("NAME"), "Names the server to use."], /) -> object:
    """Use a named server in this shell, and in later ones that are not told otherwise.

    A token from VSHELL_TOKEN stays behind: it was given for the server this shell began with.
    """
    servers.use(name, os.environ)
    options = connect.ConnectOptions(server=name)
    environment = {variable: value for variable, value in os.environ.items() if variable != "VSHELL_TOKEN"}
    session.client.move(
        lambda: connect.find_target(options),
        lambda place: connect.sign_target(place, options, environment, session.ask_secret),
    )
    session.names.invalidate()
    return {"name": name, "url": session.client.url}


@command("server remove", view=REMOVED, examples=("server remove lab",), here=True)
def remove(session: Session, name: Annotated[str, ServerName("NAME"), "Names the server to forget."], /) -> object:
    """Forget a named server; what runs there is not touched, and neither is a session kept for it."""
    servers.remove(name, os.environ)
    return {"name": name}
