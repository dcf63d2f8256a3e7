"""/api/apitokens/ID/home/: proves that a token is of this server, to whoever holds it; see ``server_stub.homes``."""

import msgspec

from server_stub import homes
from server_stub.store import tokens as token_store
from server_stub.web.oauth_doors import base_url
from server_stub.web.routing import Look, Query, Routes

routes = Routes("/api/apitokens")


class Nonce(Query, frozen=True):
    """What the asker drew: 64 hexadecimal digits."""

    nonce: str


class Proof(msgspec.Struct, frozen=True):
    """A salt and a proof, each 64 hexadecimal digits."""

    salt: str
    proof: str


@routes.get("/{token_id}/home/", action="apitoken.home", query=Nonce, open=True, anonymous=True, quick=True)
def home(look: Look, query: Nonce, token_id: str) -> Proof:
    """Prove to who holds a token that it was issued here; to others it is noise, as it is for an unknown one."""
    nonce, salt = homes.check_nonce(query.nonce), look.site.fresh(homes.SALT_BYTES)
    key = homes.key_of(token_store.find(look.tx, token_id), look.site.fresh(homes.KEY_BYTES))
    origin = base_url(look).rstrip("/")
    return Proof(salt.hex(), homes.proof(key, origin, token_id, nonce, salt).hex())
