"""A token's answer that got lost on its way to the terminal is given again, not made again.

A device code is good for one token, so a terminal whose answer got lost would be told that the code was used, and the
token would live on with nobody holding it. Therefore a terminal may send an ``Idempotency-Key`` with its polls (see
``idempotency``), the same with each: the answer that holds the token is kept sealed under it, and given to whoever
polls with that device code and that key again. There is still one token, and of many who poll at the same moment one
gets it, for the others have another key or none. What a terminal without a key lost is revoked by its device code
(RFC 7009), or from ``token:list``.
"""

from server_stub.domain.access import idempotency
from server_stub.domain.access.idempotency import Key, StoredAnswer
from server_stub.domain.devices.device_flow import DeviceRequest
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.operations.idempotency import HEADER
from server_stub.store import idempotency as idempotency_store
from server_stub.store import tokens as token_store


def key_of(context: ReadContext) -> Key | None:
    """Return the key that a poll carries, None without one; raise Invalid for what cannot be one."""
    header = context.header(HEADER)
    return None if header is None else idempotency.key(header)


def store_answer(context: WriteContext, request: DeviceRequest, answer: bytes) -> None:
    """Keep the answer that holds a request's token, where its terminal has sent a key; raise Invalid for a used one."""
    key = key_of(context)
    if key is None:
        return
    if idempotency_store.find(context.tx, key.digest) is not None:
        raise idempotency.reuse_refusal()
    sealed = idempotency.seal(key, answer, context.server.fresh(idempotency.NONCE_BYTES))
    mark = idempotency.mark_of(key, request.digest)
    idempotency_store.insert(context.tx, StoredAnswer(key.digest, mark, sealed, context.now))


def replay_answer(context: WriteContext, request: DeviceRequest) -> bytes | None:
    """Return the answer that a redeemed request was given, if this poll carries the same key; raise Invalid.

    Of a token that has been revoked meanwhile nothing is given.
    """
    key = key_of(context)
    if key is None or request.token_id is None:
        return None
    token, kept = token_store.find(context.tx, request.token_id), idempotency_store.find(context.tx, key.digest)
    if kept is None or token is None or token.revoked_at is not None:
        return None
    idempotency.require_same(kept, idempotency.mark_of(key, request.digest))
    return idempotency.unseal(key, kept.answer)
