"""What the page of imports sends: a file for a unit, and the yes to a preview."""

from collections.abc import Sequence

from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, ValidationError

from portal.db.models import Unit
from portal.forms.base import PortalForm

CHOOSE = 0


class UploadForm(PortalForm):
    """A list or package, and the unit that it is for."""

    unit = SelectField("Nhập vào đơn vị", coerce=int, validate_choice=False)
    file = FileField(
        "Tệp .zip (danh sách và ảnh), hoặc danh sách Excel",
        validators=[FileRequired("Chọn tệp .zip hoặc danh sách Excel trên máy.")],
    )

    def offer(self, units: Sequence[Unit], *, own_id: int) -> None:
        """Set the units to choose from; the officer's own one is chosen at first."""
        top = min((unit.path.count(".") for unit in units), default=0)
        self.unit.choices = [
            (unit.id, "\u2003" * (unit.path.count(".") - top) + unit.name)
            for unit in units
        ]
        ids = {unit.id for unit in units}
        if own_id not in ids and len(ids) != 1:
            self.unit.choices.insert(0, (CHOOSE, "– Chọn đơn vị –"))
        if not self.is_submitted() and self.unit.data not in ids:
            self.unit.data = own_id if own_id in ids else self.unit.choices[0][0]

    def validate_unit(self, field: SelectField) -> None:
        """Refuse what was not offered, in words for an officer."""
        offered = {value for value, _label in field.choices} - {CHOOSE}
        if field.data not in offered:
            raise ValidationError(
                "Chọn đơn vị nhận danh sách: đơn vị của bạn hoặc đơn vị bên dưới."
            )


class AcceptForm(PortalForm):
    """The version of the preview that the officer saw."""

    version = IntegerField(validators=[InputRequired()])
