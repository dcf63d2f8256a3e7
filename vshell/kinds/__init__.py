"""Kinds of argument: what a value means, how it is read, offered, shown and coloured.

A command's parameters are annotated with these; a new kind is one class here and nothing elsewhere.
"""

from vshell.kinds.durations import Clock as Clock
from vshell.kinds.durations import Duration as Duration
from vshell.kinds.durations import GoDuration as GoDuration
from vshell.kinds.durations import Length as Length
from vshell.kinds.live import DataCentre as DataCentre
from vshell.kinds.live import Live as Live
from vshell.kinds.live import ManagerId as ManagerId
from vshell.kinds.live import ManagerName as ManagerName
from vshell.kinds.live import NodeId as NodeId
from vshell.kinds.live import NodePath as NodePath
from vshell.kinds.live import PermissionName as PermissionName
from vshell.kinds.live import RealmId as RealmId
from vshell.kinds.live import RealmName as RealmName
from vshell.kinds.live import RoleId as RoleId
from vshell.kinds.live import RoleName as RoleName
from vshell.kinds.live import Scope as Scope
from vshell.kinds.live import ServerName as ServerName
from vshell.kinds.live import TokenId as TokenId
from vshell.kinds.live import TokenName as TokenName
from vshell.kinds.plain import Candidate as Candidate
from vshell.kinds.plain import Choice as Choice
from vshell.kinds.plain import Integer as Integer
from vshell.kinds.plain import Json as Json
from vshell.kinds.plain import Kind as Kind
from vshell.kinds.plain import ListOf as ListOf
from vshell.kinds.plain import Names as Names
from vshell.kinds.plain import NewUsername as NewUsername
from vshell.kinds.plain import NoNames as NoNames
from vshell.kinds.plain import Pair as Pair
from vshell.kinds.plain import Path as Path
from vshell.kinds.plain import Secret as Secret
from vshell.kinds.plain import Several as Several
from vshell.kinds.plain import Switch as Switch
from vshell.kinds.plain import Text as Text
from vshell.kinds.plain import Timestamp as Timestamp
from vshell.kinds.plain import Url as Url
from vshell.kinds.plain import Word as Word
