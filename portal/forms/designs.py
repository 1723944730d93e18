"""What the pages of card designs send."""

from collections.abc import Iterable

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from portal.domain.card_kinds import CARD_KIND_LABELS, CardKind
from portal.forms.base import PortalForm
from portal.services.designs.gallery import BLANK, LONGEST_NAME
from portal.services.designs.publishing import LONGEST_NOTE

_KINDS = [SelectChoice(kind.value, label) for kind, label in CARD_KIND_LABELS.items()]
_NAME = [
    InputRequired("Đặt tên cho mẫu thẻ."),
    Length(max=LONGEST_NAME, message=f"Tên dài nhất {LONGEST_NAME} chữ."),
]


class NewDesignForm(PortalForm):
    """A name, and what the design begins as."""

    name = StringField("Tên mẫu thẻ", _NAME)
    start = SelectField(
        "Bắt đầu từ", [InputRequired("Chọn mẫu để bắt đầu.")], validate_choice=False
    )
    kind = SelectField(
        "Loại thẻ",
        choices=_KINDS,
        default=CardKind.STANDARD.value,
        description="Chỉ dùng cho trang trống; mẫu khác giữ loại thẻ của nó.",
    )

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Fill the list of beginnings: the blank page first."""
        pairs = [(BLANK, "Trang trống"), *choices]
        self.start.choices = [SelectChoice(*pair) for pair in pairs]


class ImportDesignForm(PortalForm):
    """A design from a file."""

    file = FileField(
        "Tệp mẫu thẻ (.zip hoặc .svg)",
        [FileRequired("Chọn tệp .zip của một mẫu thẻ, hoặc tệp .svg.")],
        description="Tệp .zip có design.toml, front.svg, back.svg và hình; tệp .svg vẽ"
        " bằng Inkscape hoặc Illustrator thành mặt trước của mẫu.",
    )
    name = StringField(
        "Tên mẫu thẻ",
        [Length(max=LONGEST_NAME, message=f"Tên dài nhất {LONGEST_NAME} chữ.")],
        description="Để trống thì lấy tên ghi trong tệp.",
    )
    kind = SelectField(
        "Loại thẻ",
        choices=_KINDS,
        default=CardKind.STANDARD.value,
        description="Chỉ dùng cho tệp .svg; tệp .zip tự ghi loại thẻ.",
    )


class DesignForm(PortalForm):
    """What may be changed of a design without drawing."""

    name = StringField("Tên mẫu thẻ", _NAME)
    may_copy = BooleanField("Cho đơn vị cấp dưới sao chép và tải mẫu này")
    version = IntegerField(widget=HiddenInput(), default=0)


class PublishForm(PortalForm):
    """A note to the version, and the revision that its author saw."""

    note = TextAreaField(
        "Ghi chú cho bản này",
        [Length(max=LONGEST_NOTE, message=f"Ghi chú dài nhất {LONGEST_NOTE} chữ.")],
        description="Thay đổi gì, vì sao: người in thẻ đọc được.",
        render_kw={"rows": 3},
    )
    revision = IntegerField(widget=HiddenInput())
