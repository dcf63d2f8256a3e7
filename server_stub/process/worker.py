"""One worker process: it opens the database, builds the application, and ends with its parent."""

import functools
import multiprocessing
import os
import secrets
import threading

from server_stub import store
from server_stub.domain.audit import checkpoints
from server_stub.operations import passwords
from server_stub.operations.audit_throttle import AuditThrottle
from server_stub.operations.context import ServerContext
from server_stub.process.audit_sinks import FileSink, Pump, Sink, SyslogSink
from server_stub.process.checkpoint_signer import CheckpointSigner
from server_stub.process.service import Service
from server_stub.store.database import Database
from server_stub.web import routes
from server_stub.web.http import app
from server_stub.web.http.rsgi import Gateway


def application(service: Service) -> Gateway:
    """Make the application that Granian serves from this process."""
    if service.local_admin is None or service.signer is None:
        raise AssertionError("the local-admin token is minted and the key is there before a worker starts")
    database = Database(store.engine_of(service.database))
    throttle = AuditThrottle(database)
    check_password = functools.partial(passwords.check_password, database)
    url = service.public_url or service.url
    sealer = CheckpointSigner(database, service.signer, service.data)
    pump = Pump(database, _sinks(service), service.data, service.audit_required)
    site = ServerContext(
        service.server_id,
        service.token_prefix,
        secrets.token_bytes,
        check_password,
        url,
        audit_trouble=lambda: sealer.trouble or pump.trouble,
        audit_hold=lambda: pump.hold,
        dc=service.dc,
        is_first=throttle.is_first,
    )
    server = app.AppContext(database, site, service.local_admin, throttle, service.trusted, service.proxies)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    sealer.start()
    pump.start()

    def close() -> None:
        """Write down what is still only noted: counted refusals, then a last checkpoint, copies of all, and uses."""
        for each in (throttle, sealer, pump, database):
            each.close()

    quick = app.quick_paths(routes.SERVED) if database.engine.near else ()
    return Gateway(app.build(server, routes.SERVED), close, quick)


def _sinks(service: Service) -> list[Sink]:
    """Return where the audit chain is to go besides the database."""
    sinks: list[Sink] = []
    if service.audit_file is not None:
        sinks.append(FileSink(service.audit_file, checkpoints.header(service.server_id, "copy")))
    if service.audit_syslog is not None:
        sinks.append(SyslogSink(service.audit_syslog))
    return sinks


def _end_with_parent() -> None:
    """End this worker when its parent is gone, as after kill -9: it would serve on with nobody to stop it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
