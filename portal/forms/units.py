"""What the pages of the union tree are sent."""

from collections.abc import Iterable

from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from portal.db.models import Unit
from portal.domain.plate_codes import plate_code_choices
from portal.domain.union_units import UNION_LEVEL_LABELS, UnionLevel
from portal.forms.base import PortalForm
from portal.services.units import UnitDraft

_LONGEST = 400


class UnitForm(PortalForm):
    """Name, code, province code and contact."""

    name = StringField(
        "Tên đơn vị",
        [InputRequired("Nhập tên đầy đủ của đơn vị."), Length(max=_LONGEST)],
        description="Tên đầy đủ, đúng như sẽ in trên thẻ.",
    )
    code = StringField(
        "Mã đơn vị",
        [InputRequired("Nhập mã đơn vị."), Length(max=_LONGEST)],
        description="Chữ không dấu và số, không có khoảng trắng. Ví dụ: CDCS-012.",
        render_kw={"autocapitalize": "characters", "spellcheck": "false"},
    )
    province_code = SelectField(
        "Mã số theo tỉnh",
        description="Mã biển số xe, in trên thẻ liên kết."
        " Để trống thì theo đơn vị cấp trên.",
    )
    contact_name = StringField("Người liên hệ", [Length(max=_LONGEST)])
    phone = StringField(
        "Điện thoại", [Length(max=_LONGEST)], render_kw={"inputmode": "tel"}
    )
    email = StringField(
        "Email",
        [Length(max=_LONGEST)],
        render_kw={"inputmode": "email", "autocapitalize": "none"},
    )
    address = StringField("Địa chỉ", [Length(max=_LONGEST)])
    version = IntegerField(widget=HiddenInput(), default=0)

    def offer_codes(self, inherited: str | None) -> None:
        """Fill the pick list; its empty entry says what the unit inherits."""
        above = f"Theo cấp trên ({inherited})" if inherited else "Không có"
        self.province_code.choices = [
            SelectChoice(*pair) for pair in [("", above), *plate_code_choices()]
        ]

    def draft(self) -> UnitDraft:
        """Give what was typed."""
        return UnitDraft(
            code=self.code.data or "",
            name=self.name.data or "",
            province_code=self.province_code.data or None,
            address=self.address.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            contact_name=self.contact_name.data or "",
        )


class NewUnitForm(UnitForm):
    """A new unit also has its level."""

    level = SelectField("Cấp của đơn vị")

    def offer_levels(self, levels: Iterable[UnionLevel]) -> None:
        """Fill the pick list with the levels that may stand here."""
        self.level.choices = [
            SelectChoice(level.value, UNION_LEVEL_LABELS[level]) for level in levels
        ]


class MoveForm(PortalForm):
    """Where a unit goes."""

    new_parent = SelectField(
        "Đơn vị cấp trên mới", [InputRequired("Chọn đơn vị cấp trên mới.")]
    )
    version = IntegerField(widget=HiddenInput(), default=0)
    q = HiddenField()

    def offer_parents(self, units: Iterable[Unit]) -> None:
        """Fill the pick list."""
        self.new_parent.choices = [
            SelectChoice(str(unit.id), f"{unit.name} ({unit.code})") for unit in units
        ]
