"""The union tree, dated, with its materialised path."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from portal.db.columns import ByteText
from portal.db.session import db
from portal.domain.union_units import UnionLevel


class Unit(db.Model):
    """One unit of the union.

    ``path`` holds the ids from the top, each followed by a dot. A unit that was
    merged or split keeps its row with ``valid_to`` and ``successor_id``.
    """

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("parent_id <> id", name="not_own_parent"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    search_text: Mapped[str]
    level: Mapped[UnionLevel]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(ByteText, unique=True)
    province_code: Mapped[str | None]
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    version: Mapped[int] = mapped_column(default=1)

    parent: Mapped["Unit | None"] = relationship(
        remote_side=[id], foreign_keys=[parent_id]
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class InUnit:
    """A row that belongs to a unit and is read through its path.

    ``unit_path`` repeats the unit's path, so that scope is one index range and
    no join; ``services/units.py`` moves both together.
    """

    @declared_attr
    def unit_id(cls) -> Mapped[int]:  # noqa: N805
        """The unit that the row belongs to."""
        return mapped_column(ForeignKey("unit.id"), index=True)

    @declared_attr
    def unit_path(cls) -> Mapped[str]:  # noqa: N805
        """The unit's materialised path."""
        return mapped_column(ByteText, index=True)

    @declared_attr
    def unit(cls) -> Mapped[Unit]:  # noqa: N805
        """The unit itself."""
        return relationship(Unit)
