"""What the door and the account page are sent."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from portal.forms.base import PortalForm

_MISMATCH = "Hai lần nhập không giống nhau. Hãy nhập lại."
_LONGEST = 400


class SignInForm(PortalForm):
    """Name and password."""

    name = StringField(
        "Tên đăng nhập",
        [InputRequired("Nhập tên đăng nhập ghi trên phiếu."), Length(max=_LONGEST)],
        render_kw={
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )
    password = PasswordField(
        "Mật khẩu",
        [InputRequired("Nhập mật khẩu."), Length(max=_LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class ChoosePasswordForm(PortalForm):
    """A new password, twice."""

    password = PasswordField(
        "Mật khẩu mới",
        [InputRequired("Nhập mật khẩu bạn chọn."), Length(max=_LONGEST)],
        description="Ít nhất 10 ký tự. Một câu ngắn dễ nhớ là tốt nhất.",
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "Nhập lại mật khẩu mới",
        [InputRequired("Nhập lại mật khẩu."), EqualTo("password", _MISMATCH)],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(ChoosePasswordForm):
    """The present password and the new one, twice."""

    current = PasswordField(
        "Mật khẩu hiện tại",
        [InputRequired("Nhập mật khẩu đang dùng."), Length(max=_LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
