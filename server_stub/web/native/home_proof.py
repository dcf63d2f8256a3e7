"""/api/apitokens/ID/home/: proves that a token is of this server, to whoever holds it."""

import msgspec

from server_stub.domain.tokens import home_proof
from server_stub.operations.context import ReadContext
from server_stub.store import tokens as token_store
from server_stub.web.http.dialect import Query
from server_stub.web.http.headers import base_url
from server_stub.web.http.routing import Routes

routes = Routes("/api/apitokens")


class HomeProofQuery(Query, frozen=True):
    """What the asker drew: 64 hexadecimal digits."""

    nonce: str


class HomeProof(msgspec.Struct, frozen=True):
    """A salt and a proof, each 64 hexadecimal digits."""

    salt: str
    proof: str


@routes.get("/{token_id}/home/", action="apitoken.home", query=HomeProofQuery, open=True, anonymous=True, quick=True)
def prove_home(context: ReadContext, query: HomeProofQuery, token_id: str) -> HomeProof:
    """Prove to who holds a token that it was issued here; to others it is noise, as it is for an unknown one."""
    nonce, salt = home_proof.check_nonce(query.nonce), context.server.fresh(home_proof.SALT_BYTES)
    key = home_proof.key_of(token_store.find(context.tx, token_id), context.server.fresh(home_proof.KEY_BYTES))
    origin = base_url(context).rstrip("/")
    return HomeProof(salt.hex(), home_proof.proof(key, origin, token_id, nonce, salt).hex())
