"""What the manager's commands are declared with: their own quota as a kind, and the way back of a change."""

from vshell.commands._objects import row_of
from vshell.kinds import Integer
from vshell.registry.tree import Reversal
from vshell.registry.undo import same

PATH = "/managers/"


class OwnQuota(Integer):
    """How many live API tokens one manager may have, or "default" for the number that holds for all."""

    def parse(self, text: str) -> int | str:  # type: ignore[override]  # one word beside the numbers
        """Return the number, or "default"; raises ValueError for anything else."""
        return text if text == "default" else super().parse(text)


CHANGEABLE = (
    "username",
    "first_name",
    "last_name",
    "roles",
    "permissions_list",
    "max_api_tokens",
    "is_active",
    "password_expiration_disabled",
    "home_dc",
)

BACK = Reversal(
    f"{PATH}{{id}}/",
    lambda session, values: row_of(session, PATH, "username", values.get("username"), values.get("id")),
    same(*CHANGEABLE),
)
