"""Local trust by address: which requests are local-admin's without a credential, and why.

By default an address proves nothing: behind a proxy, a rootless container or a browser on this host, anybody's
request comes from such a one. It is switched on by name (`--trust`):

    loopback   127.0.0.1 and ::1
    docker     172.16.0.0/12, whence Docker's bridges pass on what its own host sends to a published port

Even then a request from there is refused with

- a credential, whatever becomes of that (a cookie is one: a browser sends it)
- a header that a proxy adds: Forwarded, X-Forwarded, X-Forwarded-*, X-Real-IP, Via
- HTTP/1.0, which nginx and others use by default towards what they stand before, adding no header and with a Host
  that leads here: what is in nobody's configuration must not make all the world local-admin
- a header that a browser adds: Origin, Sec-Fetch-*
- a Host that is not one loopback name or address: a page whose name was made to lead here (DNS rebinding) has its own

Sources: Vigo, "Localhost Trust"; PostgreSQL, "Trust Authentication"; DESIGN, local trust.
"""

import ipaddress
import re
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from server_stub.domain.base import addresses
from server_stub.domain.base.addresses import Network
from server_stub.domain.base.errors import Invalid, Unauthenticated, quote

NETWORKS: Mapping[str, tuple[Network, ...]] = MappingProxyType(
    {
        "loopback": (ipaddress.IPv4Network("127.0.0.1/32"), ipaddress.IPv6Network("::1/128")),
        "docker": (ipaddress.IPv4Network("172.16.0.0/12"),),
    }
)
"""What each name trusts."""

NONE = "none"
CREDENTIALS = ("authorization", "proxy-authorization", "x-vault-token", "cookie")
BY_PROXIES = ("forwarded", "x-forwarded", "x-real-ip", "via")
PROXY_PROTOCOL = "HTTP/1.0"
BY_BROWSERS = ("origin",)
FAMILIES = {"x-forwarded-": "a proxy", "sec-fetch-": "a browser"}

_HOST = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:]{2,39})\]|(?P<name>[0-9A-Za-z.]{1,64}))(?::[0-9]{1,5})?")


def check(names: Iterable[str]) -> frozenset[str]:
    """Return the names that `--trust` was given, without `none`; raises Invalid for others, or `none` with others."""
    wanted = set(names)
    unknown = sorted(wanted - NETWORKS.keys() - {NONE})
    if unknown:
        raise Invalid(f"there is no trust named {quote(unknown[0])}", f"Choose from {NONE}, {', '.join(NETWORKS)}.")
    if NONE in wanted and len(wanted) > 1:
        raise Invalid("--trust none excludes every other --trust", "Keep one of them.")
    return frozenset(wanted - {NONE})


def describe(trusted: Collection[str]) -> list[str]:
    """Say at the start, in a sentence for each name, what is trusted; nothing when nothing is."""
    return [
        f"trusted without a credential, as local-admin: {_addresses(name)} (--trust {name}); "
        "anybody who can send from there is, so run no proxy before this server"
        for name in NETWORKS
        if name in trusted
    ]


def find(trusted: Collection[str], source: str, headers: Mapping[str, str], protocol: str = "HTTP/1.1") -> str | None:
    """Return the name by which a request's source is trusted, None for any other source.

    `headers` are all that the request carries, `protocol` is what it is written in. Raises Unauthenticated, saying why,
    when the source is trusted and the request is not.
    """
    name = _find_name(trusted, source)
    lower = {each.lower(): value for each, value in headers.items()}
    reason = None if name is None else _objection(lower, protocol)
    if reason is not None:
        raise Unauthenticated(
            f"this needs a credential: the address is trusted, but {reason}",
            "Sign in with login, or send a token; on the server's own host, ask it without a proxy.",
            "not_trusted",
        )
    return name


def _find_name(trusted: Collection[str], source: str) -> str | None:
    """Return the name whose networks hold an address; one written as IPv6 for IPv4 is the IPv4 one."""
    address = addresses.parse(source) if trusted else None
    if address is None:
        return None
    return next(
        (name for name in NETWORKS if name in trusted and any(address in each for each in NETWORKS[name])), None
    )


def _objection(headers: Mapping[str, str], protocol: str) -> str | None:
    """Return the objection to a request, in words that finish a sentence."""
    for name in headers:
        if name in CREDENTIALS:
            return f"a request with {_title_case(name)} is judged by that"
        adder = "a proxy" if name in BY_PROXIES else "a browser" if name in BY_BROWSERS else _family(name)
        if adder is not None:
            return f"{_title_case(name)} says that it came through {adder}"
    if protocol == PROXY_PROTOCOL:
        return "HTTP/1.0 is what a proxy speaks"
    host = headers.get("host", "")
    return None if _is_loopback(host) else f"its Host {quote(host)} is not a loopback name or address"


def _family(name: str) -> str | None:
    return next((adder for start, adder in FAMILIES.items() if name.startswith(start)), None)


def _is_loopback(host: str) -> bool:
    """Tell whether a Host (RFC 9110, section 7.2) is `localhost` or a loopback address, with or without a port."""
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    if match["name"] is not None and match["name"].lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(match["six"] or match["name"])
    except ValueError:
        return False
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None


def _addresses(name: str) -> str:
    return " and ".join(map(addresses.describe, NETWORKS[name]))


def _title_case(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))
