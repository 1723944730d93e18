"""What the founding page is sent."""

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.domain.plate_codes import plate_code_choices
from portal.domain.union_units import TOP_LEVELS, UNION_LEVEL_LABELS, UnionLevel
from portal.forms.sign_in import ChoosePasswordForm


class FoundingForm(ChoosePasswordForm):
    """The top unit and its first administrator."""

    level = SelectField(
        "Cấp của đơn vị",
        choices=[
            SelectChoice(level.value, UNION_LEVEL_LABELS[level]) for level in TOP_LEVELS
        ],
        default=UnionLevel.FEDERATION.value,
        description="Đơn vị cao nhất dùng cổng này. Một công đoàn cơ sở dùng riêng"
        " thì chọn “Công đoàn cơ sở”.",
    )
    name = StringField(
        "Tên đơn vị",
        [InputRequired("Nhập tên đầy đủ của đơn vị."), Length(max=400)],
        description="Tên đầy đủ như trên con dấu.",
    )
    code = StringField(
        "Mã đơn vị",
        [InputRequired("Nhập mã đơn vị."), Length(max=400)],
        description="Chữ không dấu và số, không có khoảng trắng. Ví dụ: LDLD-85.",
        render_kw={"autocapitalize": "characters", "spellcheck": "false"},
    )
    province_code = SelectField(
        "Mã số theo tỉnh",
        choices=[
            SelectChoice(*pair) for pair in [("", "Không có"), *plate_code_choices()]
        ],
        description="Theo mã biển số xe; in phía trên mã số của thẻ liên kết."
        " Công đoàn ngành thì để “Không có”.",
    )
    full_name = StringField(
        "Họ và tên của bạn",
        [InputRequired("Nhập họ và tên của bạn."), Length(max=400)],
        render_kw={"autocomplete": "name"},
    )
    sign_in_name = StringField(
        "Tên đăng nhập",
        [InputRequired("Chọn tên đăng nhập."), Length(max=400)],
        description="Chữ thường không dấu, chữ số, dấu chấm. Ví dụ: lan.nt",
        render_kw={
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )
