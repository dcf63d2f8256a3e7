"""Named proxies: whose forwarded address counts, and so where a request comes from.

Rules:

* By default the source is the address of whoever connects, and what the request says of itself counts for nothing:
  anybody may write ``X-Forwarded-For``. Whoever runs a proxy names it (``--proxy``), by its address or its network.
* Of a named proxy the last entry of the header counts, for the proxy itself wrote it down; if that is a named
  proxy too, the one before it, and so on. What stands further left is the client's own word, and is not read.
* An entry that is no address ends the way: the source is the last proxy that is known.
* A forwarded address never makes local-admin, and neither does a named proxy's own, whatever ``--trust`` says.
* ``Forwarded`` (RFC 7239) and ``X-Real-IP`` are not read: a proxy that sets one header passes on what clients write
  into the others.
"""

import ipaddress
import re
from collections.abc import Collection, Iterable

from server_stub.domain.base import addresses
from server_stub.domain.base.addresses import Address, Network
from server_stub.domain.base.errors import Invalid, quote

FORWARDED_HEADER = "X-Forwarded-For"
MOST_HOPS = 32

_WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](?::[0-9]{1,5})?|(?P<four>[0-9.]+):[0-9]{1,5}")


def find_source(proxies: Collection[Network], peer: str, forwarded_for: str | None) -> str:
    """Return the address that a request comes from: the peer's, or of a named proxy's clients the nearest unnamed.

    `forwarded_for` is the header, several of them joined by commas in their order.
    """
    address = _read_address(peer) if proxies else None
    if address is None or forwarded_for is None or not _is_named(proxies, address):
        return peer
    for entry in reversed(forwarded_for.rsplit(",", MOST_HOPS)[-MOST_HOPS:]):
        before = _read_address(entry)
        if before is None:
            break
        address = before
        if not _is_named(proxies, address):
            break
    return str(address)


def is_proxy(proxies: Collection[Network], peer: str) -> bool:
    """Tell whether an address is that of a named proxy."""
    address = _read_address(peer) if proxies else None
    return address is not None and _is_named(proxies, address)


def _is_named(proxies: Collection[Network], address: Address) -> bool:
    return any(address in network for network in proxies)


def _read_address(text: str) -> Address | None:
    """Read an address, with or without a port; one written as IPv6 for IPv4 is the IPv4 one."""
    text = text.strip()
    match = _WITH_PORT.fullmatch(text)
    if match is not None:
        text = match["six"] or match["four"]
    if "%" in text:
        return None  # a zone is a name of its own choosing, and means something on its own host alone
    return addresses.parse(text)


def check_proxies(texts: Iterable[str]) -> frozenset[Network]:
    """Return the networks that `--proxy` was given; raises Invalid for what is none, and for all addresses at once."""
    return frozenset(_proxy_network(text) for text in texts)


def _proxy_network(text: str) -> Network:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        raise Invalid(
            f"{quote(text)} is no address of a proxy", "Write it as in --proxy 127.0.0.1 or --proxy 10.1.0.0/16."
        ) from None
    if network.prefixlen == 0:
        raise Invalid(
            f"--proxy {text} would let anybody say where they are", "Name the addresses of your own proxies alone."
        )
    return network


def describe_proxies(proxies: Collection[Network]) -> list[str]:
    """Say at the start, in a sentence, whose word counts; nothing when nobody's does."""
    named = ", ".join(sorted(map(addresses.describe, proxies)))
    return [f"{FORWARDED_HEADER} is believed when it comes from {named} (--proxy)"] if named else []
