"""What the pages of campaigns, approval, numbers and the bank send."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.domain.card_kinds import CARD_KIND_LABELS, CardKind
from portal.forms.base import PortalForm


class CampaignForm(PortalForm):
    """A campaign: its name and the kinds of card that it takes."""

    name = StringField(
        "Tên đợt",
        validators=[
            DataRequired("Đặt tên cho đợt đổi thẻ."),
            Length(max=200, message="Tên dài quá 200 chữ."),
        ],
    )
    card_kinds = SelectMultipleField(
        "Loại thẻ nhận trong đợt",
        choices=[SelectChoice(kind.value, CARD_KIND_LABELS[kind]) for kind in CardKind],
        default=[kind.value for kind in CardKind],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def validate_card_kinds(self, field: SelectMultipleField) -> None:
        """Refuse none at all; "required" on each box would ask for every one."""
        if not field.data:
            raise ValidationError("Chọn ít nhất một loại thẻ.")

    def kinds(self) -> list[CardKind]:
        """Give the kinds chosen."""
        return [CardKind(value) for value in self.card_kinds.data or ()]


class ApprovalForm(PortalForm):
    """The typed confirmation: how many requests, in the officer's own digits."""

    fingerprint = HiddenField()
    typed = StringField("Số đề nghị sẽ duyệt", validators=[])

    def __init__(self, *, expected: int) -> None:
        super().__init__()
        self.expected = expected

    def validate_typed(self, field: StringField) -> None:
        """Refuse anything but the number that the page shows."""
        digits = "".join((field.data or "").replace(".", "").split())
        if digits != str(self.expected):
            raise ValidationError(
                f"Gõ đúng số {self.expected} để xác nhận duyệt {self.expected} đề nghị."
            )


class NumberSheetForm(PortalForm):
    """TLĐ's answer as a file."""

    file = FileField(
        "Tệp kết quả", validators=[FileRequired("Chọn tệp kết quả để nhập.")]
    )


class BankForm(PortalForm):
    """The officer's word on the consents."""

    consent = BooleanField(
        "Tôi xác nhận điều trên",
        validators=[InputRequired("Đánh dấu ô này trước khi xuất danh sách.")],
    )
