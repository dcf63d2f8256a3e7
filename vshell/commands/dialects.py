"""Other systems' spellings, as a table: each row is a command of theirs over a function of ours.

A row says how the command and its options are written there, with one dash where that system has one. Functions that
turn their words into ours stand in ``_cells`` and ``_vault``; what a token is and may do is said in neither.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from vshell.commands import _cells, _vault, manager
from vshell.registry.tree import command, describe_object
from vshell.registry.view import TEXT, View


class Row(NamedTuple):
    """One command: its words, its function, how the options are written, and what the registry wants to know."""

    name: str
    function: Callable[..., object]
    view: View
    spellings: Mapping[str, tuple[str, ...]]
    examples: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    changes: bool = False
    confirm: str | None = None


def go(function: Callable[..., object], **others: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return a function's options as Go reads them, ``-use-limit`` and ``--use-limit``, by their parameters' names.

    ``others`` are those with further spellings.
    """
    names = [argument.rstrip("_") for argument in function.__kwdefaults__ or ()]
    spellings = {name: others.get(name, (name.replace("_", "-"),)) for name in names}
    return {name: tuple(dash + each for dash in ("-", "--") for each in spelled) for name, spelled in spellings.items()}


_REVOKE = "Revoke it, with all that descends from it unless -mode=orphan? Programs that use it lose access at once."

ROWS = (
    Row(
        "admin user token",
        _cells.token,
        _cells.TOKEN,
        {
            "user": ("-u", "--user"),
            "expire": ("-e", "--expire"),
            "auto": ("-a", "--auto"),
            "scope": ("-s", "--scope"),
            "quiet": ("-q", "--quiet"),
        },
        (
            "admin user token -u admin -e 24h",
            "user token -u admin -a 10m",
            "admin user token -u admin -e 24h -s node:0d6b2f0e-0000-4000-8000-000000000001:rw -q",
        ),
        ("user token",),
        changes=True,
    ),
    Row("vault auth", _vault.auth, _vault.AUTHENTICATED, {}, ("vault auth <token>",), ("vault login",)),
    Row(
        "token create",
        _vault.create,
        _vault.AUTH,
        go(_vault.create, ttl=("ttl", "lease")),
        (
            "vault token-create -lease=1h -policy=web -metadata=user=armon -use-limit=1 -display-name=x",
            "vault token create -ttl=1h -policy=web -policy=stage",
        ),
        ("token-create", "vault token create", "vault token-create"),
        changes=True,
    ),
    Row(
        "token lookup",
        _vault.lookup,
        _vault.LOOKUP,
        go(_vault.lookup),
        ("vault token lookup", "vault token lookup -accessor L7k8ljIC"),
        ("token-lookup", "vault token lookup", "vault token-lookup"),
    ),
    Row(
        "token renew",
        _vault.renew,
        _vault.AUTH,
        go(_vault.renew),
        ("vault token-renew <token> 3600", "vault token renew -increment=2h"),
        ("token-renew", "vault token renew", "vault token-renew"),
        changes=True,
    ),
    Row(
        "token revoke",
        _vault.revoke,
        _vault.REVOKED,
        go(_vault.revoke),
        ("vault token-revoke -mode=orphan <token>", "vault token revoke -self"),
        ("token-revoke", "vault token revoke", "vault token-revoke"),
        changes=True,
        confirm=_REVOKE,
    ),
    Row(
        "token capabilities",
        _vault.capabilities,
        TEXT,
        {},
        ("vault token capabilities auth/token/create",),
        ("vault token capabilities",),
    ),
)

assert manager  # "user" is the other name of its object, and has to be declared before "user token"

describe_object("admin", "Pydio Cells' spelling of apitoken create.")
describe_object("admin user", "Pydio Cells' spelling of apitoken create.")
describe_object("token", "HashiCorp Vault's spellings of apitoken.")
describe_object("vault", "HashiCorp Vault's spellings of apitoken and login.")
for _row in ROWS:
    _options = _row._asdict()
    _name, _function = _options.pop("name"), _options.pop("function")
    command(_name, **_options)(_function)
