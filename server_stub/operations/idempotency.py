"""Idempotency keys: a change that carries one is done once, and answered the same each time.

Reading and storing stand in the change's own transaction, and writers are in one order: of two requests with one key
that arrive at once, on whichever process, the second finds the first one's answer. A refusal is not stored: nothing was
done, and the same request may be allowed later.

The device flow has its own use of them. A device code is good for one token, so a terminal whose answer got lost would
learn only that the code was used, and the token would live on with nobody holding it. Therefore a terminal may send a
key with its polls, the same with each: the answer that holds the token is stored sealed under it, and given to whoever
polls with that device code and that key again. There is still one token, and of many who poll at the same moment one
gets it, for the others have another key or none. What a terminal without a key lost is revoked by its device code
(RFC 7009), or from ``token:list``.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from server_stub.domain.access import idempotency
from server_stub.domain.access.idempotency import Key, StoredAnswer
from server_stub.domain.devices.device_flow import DeviceRequest
from server_stub.operations.context import Answer, ReadContext, WriteContext
from server_stub.store import idempotency as idempotency_store
from server_stub.store import tokens as token_store

HEADER = "Idempotency-Key"


def once(context: WriteContext, method: str, address: str, content: bytes, run: Callable[[], Any]) -> Any:
    """Run a change that was not run before under its key, or return what it answered then; raise Invalid.

    ``address`` is the path and what stands behind its ``?``, ``content`` the body. Without a key, or where nobody is
    signed in, the change just runs.
    """
    key = None if context.caller is None else find_key(context)
    if key is None:
        return run()
    mark = idempotency.mark(key, context.actor, method, address, content)
    stored = idempotency_store.find(context.tx, key.digest)
    if stored is not None:
        idempotency.require_same(stored, mark)
        answer = idempotency.unseal(key, stored.answer)
        return msgspec.Raw(answer) if answer else None
    answer = run()
    if isinstance(answer, Answer):
        return answer  # It is said in headers, and done as well twice.
    _store(context, key, mark, b"" if answer is None else msgspec.json.encode(answer))
    return answer


def _store(context: WriteContext, key: Key, mark: bytes, answer: bytes) -> None:
    sealed = idempotency.seal(key, answer, context.server.fresh(idempotency.NONCE_BYTES))
    idempotency_store.insert(context.tx, StoredAnswer(key.digest, mark, sealed, context.now))


def find_key(context: ReadContext) -> Key | None:
    """Return the key that a poll carries, None without one; raise Invalid for what cannot be one."""
    header = context.header(HEADER)
    return None if header is None else idempotency.key(header)


def store_answer(context: WriteContext, request: DeviceRequest, answer: bytes) -> None:
    """Keep the answer that holds a request's token, where its terminal has sent a key; raise Invalid for a used one."""
    key = find_key(context)
    if key is None:
        return
    if idempotency_store.find(context.tx, key.digest) is not None:
        raise idempotency.reuse_refusal()
    _store(context, key, idempotency.mark_of(key, request.digest), answer)


def replay_answer(context: WriteContext, request: DeviceRequest) -> bytes | None:
    """Return the answer that a redeemed request was given, if this poll carries the same key; raise Invalid.

    Of a token that has been revoked meanwhile nothing is given.
    """
    key = find_key(context)
    if key is None or request.token_id is None:
        return None
    token, stored = token_store.find(context.tx, request.token_id), idempotency_store.find(context.tx, key.digest)
    if stored is None or token is None or token.revoked_at is not None:
        return None
    idempotency.require_same(stored, idempotency.mark_of(key, request.digest))
    return idempotency.unseal(key, stored.answer)
