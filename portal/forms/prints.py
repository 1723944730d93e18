"""What the page of a new print batch sends."""

from wtforms import BooleanField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from card_designs import PROFILES
from portal.forms.base import PortalForm
from portal.services.prints import PrintSettings


class PrintForm(PortalForm):
    """How to print: the defaults suit a blank that is printed already."""

    unit = SelectField(
        "In cho đơn vị", validators=[InputRequired("Chọn đơn vị để in.")]
    )
    design = SelectField(
        "Mẫu thẻ",
        default="standard",
        description="Lô in giữ đúng bản mẫu này, kể cả khi mẫu được phát hành bản mới.",
    )
    profile = SelectField(
        "Loại máy in",
        choices=[SelectChoice(p.name, p.label) for p in PROFILES.values()],
    )
    dpi = SelectField(
        "Độ phân giải",
        choices=[
            SelectChoice(300, "300 điểm/inch (máy in thẻ thông dụng)"),
            SelectChoice(600, "600 điểm/inch"),
        ],
        coerce=int,
    )
    sides = SelectField(
        "Mặt thẻ",
        choices=[
            SelectChoice("front,back", "Cả hai mặt"),
            SelectChoice("front", "Chỉ mặt trước"),
            SelectChoice("back", "Chỉ mặt sau"),
        ],
    )
    overprint = BooleanField("In đè lên phôi có sẵn (chỉ in phần thông tin đoàn viên)")

    def settings(self) -> PrintSettings:
        """Give the settings that the form describes."""
        return PrintSettings(
            design=self.design.data,
            profile=self.profile.data,
            dpi=self.dpi.data,
            sides=tuple(self.sides.data.split(",")),
            overprint=self.overprint.data,
        )
