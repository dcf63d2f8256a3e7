"""The settings that a server is started with: made of the flags, handed to each worker."""

from dataclasses import dataclass, field
from pathlib import Path

from server_stub.domain.audit.checkpoints import Signer
from server_stub.domain.base.addresses import Network
from server_stub.domain.base.token_format import Presented

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (asked for, not chosen)
"""Addresses that mean every interface, and how a client on this host reaches them."""


@dataclass(frozen=True, slots=True)
class Service:
    """All that a server is started with; ``address`` and ``port`` are those in use, ``local_admin`` this start's."""

    data: Path
    database: str = field(repr=False)  # a URL may hold a password
    host: str
    port: int
    workers: int
    certificate: Path | None
    key: Path | None
    self_signed: bool
    stop_with_shells: bool
    public_url: str | None
    address: str = ""
    server_id: str = ""
    token_prefix: str = ""
    trusted: frozenset[str] = frozenset()
    proxies: frozenset[Network] = frozenset()
    local_admin: Presented | None = field(default=None, repr=False)
    signer: Signer | None = None
    audit_file: Path | None = None
    audit_syslog: str | None = None
    audit_required: bool = False
    dc: str = ""

    @property
    def near_host(self) -> str:
        """The host's name or address as clients on this host use it."""
        return ANYWHERE.get(self.host, self.host)

    @property
    def url(self) -> str:
        """The address that clients on this host use."""
        scheme = "https" if self.certificate else "http"
        host = f"[{self.near_host}]" if ":" in self.near_host else self.near_host
        return f"{scheme}://{host}:{self.port}"
