"""Other systems' spellings, as a table: each entry is a command of theirs over a function of ours.

An entry says how the command and its options are written there, with one dash where that system has one. Functions
that turn their words into ours stand in ``_cells`` and ``_vault``; what a token is and may do is said in neither.
"""

from collections.abc import Callable

from vshell.commands import _cells, _vault, manager
from vshell.registry.tree import command, describe_object
from vshell.registry.view import TEXT


def go(function: Callable[..., object], **others: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return a function's options as Go reads them, ``-use-limit`` and ``--use-limit``, by their parameters' names.

    ``others`` are those with further spellings.
    """
    names = [argument.rstrip("_") for argument in function.__kwdefaults__ or ()]
    spellings = {name: others.get(name, (name.replace("_", "-"),)) for name in names}
    return {name: tuple(dash + each for dash in ("-", "--") for each in spelled) for name, spelled in spellings.items()}


assert manager  # "user" is the other name of its object, and has to be declared before "user token"

describe_object("admin", "Pydio Cells' spelling of apitoken create.")
describe_object("admin user", "Pydio Cells' spelling of apitoken create.")
describe_object("token", "HashiCorp Vault's spellings of apitoken.")
describe_object("vault", "HashiCorp Vault's spellings of apitoken and login.")

command(
    "admin user token",
    view=_cells.TOKEN,
    examples=(
        "admin user token -u admin -e 24h",
        "user token -u admin -a 10m",
        "admin user token -u admin -e 24h -s node:0d6b2f0e-0000-4000-8000-000000000001:rw -q",
    ),
    aliases=("user token",),
    spellings={
        "user": ("-u", "--user"),
        "expire": ("-e", "--expire"),
        "auto": ("-a", "--auto"),
        "scope": ("-s", "--scope"),
        "quiet": ("-q", "--quiet"),
    },
    changes=True,
)(_cells.token)
command("vault auth", view=_vault.AUTHENTICATED, examples=("vault auth <token>",), aliases=("vault login",))(
    _vault.auth
)
command(
    "token create",
    view=_vault.AUTH,
    examples=(
        "vault token-create -lease=1h -policy=web -metadata=user=armon -use-limit=1 -display-name=x",
        "vault token create -ttl=1h -policy=web -policy=stage",
    ),
    aliases=("token-create", "vault token create", "vault token-create"),
    spellings=go(_vault.create, ttl=("ttl", "lease")),
    changes=True,
)(_vault.create)
command(
    "token lookup",
    view=_vault.LOOKUP,
    examples=("vault token lookup", "vault token lookup -accessor L7k8ljIC"),
    aliases=("token-lookup", "vault token lookup", "vault token-lookup"),
    spellings=go(_vault.lookup),
)(_vault.lookup)
command(
    "token renew",
    view=_vault.AUTH,
    examples=("vault token-renew <token> 3600", "vault token renew -increment=2h"),
    aliases=("token-renew", "vault token renew", "vault token-renew"),
    spellings=go(_vault.renew),
    changes=True,
)(_vault.renew)
command(
    "token revoke",
    view=_vault.REVOKED,
    examples=("vault token-revoke -mode=orphan <token>", "vault token revoke -self"),
    aliases=("token-revoke", "vault token revoke", "vault token-revoke"),
    spellings=go(_vault.revoke),
    changes=True,
    confirm="Revoke it, with all that descends from it unless -mode=orphan? Programs that use it lose access at once.",
)(_vault.revoke)
command(
    "token capabilities",
    view=TEXT,
    examples=("vault token capabilities auth/token/create",),
    aliases=("vault token capabilities",),
)(_vault.capabilities)
