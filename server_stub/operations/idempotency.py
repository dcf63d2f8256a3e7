"""A change that carries an ``Idempotency-Key`` is done once, and answered the same each time (see ``idempotency``).

Looking and keeping stand in the change's own transaction, and writers are in one order: of two requests with one key
that arrive at once, on whichever process, the second finds the first one's answer. A refusal is not kept: nothing was
done, and the same request may be allowed later.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from server_stub.domain.access import idempotency
from server_stub.operations.context import Answer, WriteContext
from server_stub.store import idempotency as idempotency_store

HEADER = "Idempotency-Key"


def once(context: WriteContext, method: str, address: str, content: bytes, run: Callable[[], Any]) -> Any:
    """Run a change that was not run before under its key, or return what it answered then; raise Invalid.

    ``address`` is the path and what stands behind its ``?``, ``content`` the body. Without a key, or where nobody is
    signed in, the change just runs.
    """
    header = context.header(HEADER)
    if header is None or context.caller is None:
        return run()
    key = idempotency.key(header)
    mark = idempotency.mark(key, context.caller, method, address, content)
    kept = idempotency_store.find(context.tx, key.digest)
    if kept is not None:
        idempotency.require_same(kept, mark)
        answer = idempotency.unseal(key, kept.answer)
        return msgspec.Raw(answer) if answer else None
    answer = run()
    if isinstance(answer, Answer):
        return answer  # It is said in headers, and done as well twice.
    encoded = b"" if answer is None else msgspec.json.encode(answer)
    nonce = context.server.fresh(idempotency.NONCE_BYTES)
    sealed = idempotency.seal(key, encoded, nonce)
    idempotency_store.insert(context.tx, idempotency.StoredAnswer(key.digest, mark, sealed, context.now))
    return answer
