"""Kinds of argument: what a value means, how it is read, offered, shown and coloured.

A command's parameters are annotated with these; a new kind is one class here and nothing elsewhere.
"""

from vshell.kinds.base import Candidate, Kind, Names, NoNames, quote
from vshell.kinds.durations import Clock, Duration
from vshell.kinds.live import (
    Live,
    ManagerId,
    ManagerName,
    PermissionName,
    RealmId,
    RealmName,
    RoleId,
    RoleName,
    ServerName,
    TokenId,
    TokenName,
)
from vshell.kinds.plain import Choice, Integer, Json, ListOf, Path, Secret, Switch, Text, Timestamp, Url, Word

__all__ = [
    "Candidate",
    "Choice",
    "Clock",
    "Duration",
    "Integer",
    "Json",
    "Kind",
    "ListOf",
    "Live",
    "ManagerId",
    "ManagerName",
    "Names",
    "NoNames",
    "Path",
    "PermissionName",
    "RealmId",
    "RealmName",
    "RoleId",
    "RoleName",
    "Secret",
    "ServerName",
    "Switch",
    "Text",
    "Timestamp",
    "TokenId",
    "TokenName",
    "Url",
    "Word",
    "quote",
]
