"""What the pages of accounts are sent."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.access.policy import ROLE_LABELS, Role
from portal.db.models import Unit
from portal.domain import clock
from portal.domain.dates import parse_date, show_date
from portal.domain.errors import Problem
from portal.forms.base import PortalForm
from portal.services.officers import OfficerDraft, PostDraft

_LONGEST = 400


class DayField(StringField):
    """A day as people type it: 2/1/2026, 02012026, 2026-01-02; data is a date."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return show_date(self.data) if isinstance(self.data, date) else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        read = parse_date(typed, today=clock.today())
        if isinstance(read, Problem):
            raise ValueError(f"{read.text} {read.fix}".strip())
        self.data = read.date


class PersonForm(PortalForm):
    """Who the officer is."""

    full_name = StringField(
        "Họ và tên", [InputRequired("Nhập họ và tên cán bộ."), Length(max=_LONGEST)]
    )
    phone = StringField(
        "Điện thoại",
        [Length(max=_LONGEST)],
        description="Không bắt buộc; để gửi phiếu đăng nhập qua Zalo.",
        render_kw={"inputmode": "tel"},
    )
    email = StringField(
        "Email",
        [Length(max=_LONGEST)],
        description="Không bắt buộc.",
        render_kw={"inputmode": "email", "autocapitalize": "none"},
    )

    def person(self) -> OfficerDraft:
        """Give what was typed about the person."""
        return OfficerDraft(
            full_name=self.full_name.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
        )


class TermsForm(PortalForm):
    """A role, from a day on, perhaps to a day."""

    role = RadioField(
        "Vai trò",
        choices=[SelectChoice(role.value, ROLE_LABELS[role]) for role in Role],
        default=Role.DATA_ENTRY.value,
    )
    valid_from = DayField(
        "Từ ngày", [InputRequired("Nhập ngày bắt đầu.")], default=clock.today
    )
    valid_to = DayField(
        "Đến hết ngày",
        [Optional()],
        description="Để trống nếu chưa biết ngày kết thúc.",
    )

    def validate_valid_to(self, field: DayField) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError("Ngày kết thúc đứng trước ngày bắt đầu.")


class PostForm(TermsForm):
    """One more post of an officer."""

    unit_id = SelectField("Đơn vị", coerce=int)

    def offer_units(self, units: Iterable[Unit]) -> None:
        """Fill the pick list."""
        self.unit_id.choices = [
            SelectChoice(unit.id, f"{unit.name} ({unit.code})") for unit in units
        ]

    def post(self) -> PostDraft:
        """Give what was chosen."""
        return PostDraft(
            unit_id=self.unit_id.data,
            role=Role(self.role.data),
            valid_from=self.valid_from.data or clock.today(),
            valid_to=self.valid_to.data,
        )


class NewOfficerForm(PersonForm, PostForm):
    """A person with their first post."""
