"""The officer who acts, as a plain value that outlives any transaction."""

from dataclasses import dataclass

from portal.access.policy import Action, Role, may
from portal.access.scope import Scope
from portal.domain.errors import NotAllowed
from portal.domain.union_units import UnionLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An officer in one post: who, where, in which role.

    ``levels`` are the approval levels that the post's unit acts for (see
    ``levels_acted_for``); a person with several posts acts in one at a time.
    """

    officer_id: int
    name: str
    post_id: int
    role: Role
    unit_id: int
    unit_path: str
    unit_name: str
    level: UnionLevel
    levels: frozenset[UnionLevel]

    @property
    def scope(self) -> Scope:
        """The subtree of the post's unit."""
        return Scope(self.unit_path)

    def may(self, action: Action) -> bool:
        """Say whether the post has the right."""
        return may(self.role, action)

    def require(self, action: Action) -> None:
        """Raise NotAllowed unless the post has the right.

        Services call this too, so that commands and jobs pass the same gate as
        the web pages.
        """
        if not self.may(action):
            raise NotAllowed("Vai trò của bạn không có quyền làm việc này.")
