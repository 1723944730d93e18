"""The parent of every form: CSRF, and WTForms' own messages in Vietnamese."""

from typing import Any

from flask_wtf import FlaskForm

# WTForms ships no Vietnamese; these are the messages that its fields and
# validators give where a form names none of its own.
_MESSAGES = {
    "This field is required.": "Ô này cần được điền.",
    "Not a valid choice.": "Chọn một mục trong danh sách.",
    "Not a valid choice": "Chọn một mục trong danh sách.",
    "Invalid Choice: could not coerce.": "Chọn một mục trong danh sách.",
    "Not a valid integer value.": "Nhập một số nguyên.",
    "Not a valid decimal value.": "Nhập một số.",
    "Not a valid date value.": "Nhập ngày theo dạng ngày/tháng/năm.",
    "Not a valid datetime value.": "Nhập ngày giờ theo dạng ngày/tháng/năm giờ:phút.",
    "Invalid input.": "Giá trị này không nhận được.",
    "Invalid email address.": "Địa chỉ e-mail chưa đúng.",
}


class _Vietnamese:
    """What WTForms calls translations."""

    def gettext(self, text: str) -> str:
        """Give the message in Vietnamese."""
        return _MESSAGES.get(text, text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Give the message in Vietnamese, which has no plural."""
        return _MESSAGES.get(one, one if number == 1 else many)


class PortalForm(FlaskForm):
    """A form of the portal."""

    class Meta(FlaskForm.Meta):
        """How the form speaks."""

        def get_translations(self, _form: Any) -> _Vietnamese:
            """Give our own messages, whatever language the browser prefers."""
            return _Vietnamese()
