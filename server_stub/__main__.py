"""``vshell-server``: flags, open the store, build the app, serve.

A start that cannot go well ends with one sentence on stderr and exit code 1 (2 for wrong flags).
"""

import argparse
import datetime
import importlib.metadata
import ipaddress
import os
import sys
from dataclasses import replace
from pathlib import Path

import platformdirs

from server_stub import locks, store
from server_stub.domain.access import local_trust, proxies
from server_stub.domain.accounts import managers
from server_stub.domain.base.errors import Invalid, Refusal
from server_stub.domain.base.token_format import check_prefix
from server_stub.files import make_private_folder
from server_stub.process import audit_sinks, certificates, checkpoint_signer, serve
from server_stub.process.service import Service
from server_stub.store import StoreError, checkpoints, foundation


def main(arguments: list[str] | None = None) -> int:
    """Run the server until it is stopped; return the exit code."""
    flags = _parser().parse_args(arguments)
    try:
        return _run(_service(flags))
    except Refusal as refusal:
        return _say(refusal.sentence, refusal.hint)
    except StoreError as error:
        return _say(f"the database cannot be used: {error}", "check the path or the URL given by --database")
    except OSError as error:
        return _say(f"the server cannot start: {error}", "check --data and --listen")


def _say(sentence: str, hint: str | None) -> int:
    print(f"vshell-server: {sentence}" + (f"\n  {hint}" if hint else ""), file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("vshell-server", description="The token server of vshell.", allow_abbrev=False)
    default = Path(os.environ.get("VSHELL_DATA") or platformdirs.user_data_dir("vshell", appauthor=False))
    add = parser.add_argument
    add("--data", type=Path, default=default, metavar="DIR", help="data directory (default: %(default)s)")
    add("--listen", default="127.0.0.1:8443", metavar="HOST:PORT", help="address; port 0 picks a free one")
    add(
        "--database", metavar="URL", help="postgresql://... or a SQLite file (default: vshell.db in the data directory)"
    )
    add("--workers", type=int, default=1, metavar="N", help="worker processes (default: 1)")
    add("--tls-cert", type=Path, metavar="FILE", help="certificate chain, PEM")
    add("--tls-key", type=Path, metavar="FILE", help="its private key, PKCS#8 PEM")
    add("--tls-self-signed", action="store_true", help="serve TLS with a certificate of the server's own making")
    add(
        "--insecure-http",
        action="store_true",
        help="allow plain HTTP beyond this host (secrets can be read on the way)",
    )
    add(
        "--trust",
        action="append",
        default=[],
        metavar="NAME",
        help="take requests without a credential from these addresses for local-admin's: none (the default), "
        "loopback or docker; may be repeated",
    )
    add(
        "--proxy",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="believe X-Forwarded-For when it comes from this address or network, where a proxy of yours stands before "
        "the server; may be repeated (default: nobody's)",
    )
    add("--public-url", metavar="URL", help="the URL under which clients reach this server")
    add("--dc", default="", metavar="NAME", help="name of this server's data centre, as in eu; its tokens carry it")
    add("--token-prefix", default="", metavar="WORD_", help="leads every token made here, as in vgot_")
    add("--audit-file", type=Path, metavar="FILE", help="add every audit record to this file as well")
    add(
        "--audit-syslog",
        nargs="?",
        const=audit_sinks.SOCKET,
        metavar="SOCKET",
        help="send every audit record to syslog or the journal as well (default: %(const)s)",
    )
    add("--audit-required", action="store_true", help="refuse changes while one of these fails")
    add("--stop-with-shells", action="store_true", help=argparse.SUPPRESS)
    add("--version", action="version", version=f"vshell-server {importlib.metadata.version('vshell')}")
    return parser


def _service(flags: argparse.Namespace) -> Service:
    """Check the flags against each other; raise Invalid."""
    host, port = _address(flags.listen)
    if bool(flags.tls_cert) != bool(flags.tls_key):
        raise Invalid("--tls-cert and --tls-key go together", hint="give both, or --tls-self-signed")
    if flags.tls_cert and flags.tls_self_signed:
        raise Invalid("--tls-self-signed makes its own certificate", hint="leave out --tls-cert and --tls-key")
    tls = bool(flags.tls_cert) or flags.tls_self_signed
    if flags.tls_cert:
        certificates.require_usable(flags.tls_cert, flags.tls_key)
    if not _is_loopback(host) and not tls and not flags.insecure_http:
        raise Invalid(
            f"{host} can be reached from other machines, and without TLS anybody on the way reads the secrets",
            hint="give --tls-cert and --tls-key, or --tls-self-signed; --insecure-http if a proxy does TLS",
        )
    if not 1 <= flags.workers <= 64:
        raise Invalid("--workers must be from 1 to 64")
    if flags.audit_required and not (flags.audit_file or flags.audit_syslog):
        raise Invalid("--audit-required needs something to require", hint="give --audit-file or --audit-syslog")
    data = flags.data.expanduser().absolute()
    return Service(
        data=data,
        database=flags.database or str(data / "vshell.db"),
        host=host,
        port=port,
        workers=flags.workers,
        certificate=flags.tls_cert,
        key=flags.tls_key,
        self_signed=flags.tls_self_signed,
        stop_with_shells=flags.stop_with_shells,
        public_url=flags.public_url,
        token_prefix=check_prefix(flags.token_prefix),
        trusted=local_trust.check(flags.trust),
        proxies=proxies.check_proxies(flags.proxy),
        audit_file=flags.audit_file and flags.audit_file.expanduser().absolute(),
        audit_syslog=flags.audit_syslog,
        audit_required=flags.audit_required,
        dc=managers.check_dc("--dc", flags.dc) if flags.dc else "",
    )


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65_535:
        raise Invalid(f"{text} is no address to listen on", hint="write HOST:PORT, as in 127.0.0.1:8443")
    return host.strip("[]") or "127.0.0.1", int(port)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _run(service: Service) -> int:
    """Take the data directory, prepare the database, and serve."""
    os.umask(0o077)
    make_private_folder(service.data)
    with locks.hold(service.data / "server.lock"):
        engine = store.engine_of(service.database)
        for sentence in store.migrate(engine):
            print(f"vshell-server: {sentence}", file=sys.stderr)
        server_id = foundation.lay(engine)
        signer = checkpoint_signer.load_or_make_key(service.data, server_id)
        checkpoints.introduce(engine, signer.verifier)
        for sentence in (*local_trust.describe(service.trusted), *proxies.describe_proxies(service.proxies)):
            print(f"vshell-server: {sentence}", file=sys.stderr)
        if service.self_signed:
            now = datetime.datetime.now(datetime.UTC)
            certificate, key = certificates.self_signed(service.data / "tls", service.host, now)
            service = replace(service, certificate=certificate, key=key)
        with serve.reserve_port(service.host, service.port) as (address, port):
            service = replace(service, address=address, port=port, server_id=server_id, signer=signer)
            with serve.local_admin(service) as ready:
                serve.serve(ready)
    return 0


if __name__ == "__main__":
    sys.exit(main())
