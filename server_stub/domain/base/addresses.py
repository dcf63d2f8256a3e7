"""Addresses of callers in their one form, and the networks under which they are counted."""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SIGN_IN_BITS = 64


def parse(text: str) -> Address | None:
    """Read an address, None for what is none; one written as IPv6 for IPv4 is the IPv4 one."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def network(text: str, bits: int = SIGN_IN_BITS) -> str:
    """Return the network under which a caller is counted: an IPv4 address, an IPv6 one cut, or the text."""
    address = parse(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, bits), strict=False))
    return text[:64] if address is None else str(address)


def describe(network: Network) -> str:
    """Write a network as people do: a single address without its length."""
    return str(network).removesuffix("/32").removesuffix("/128")
