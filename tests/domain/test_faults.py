"""The machine's faults in people's words."""

import errno

import pytest

from portal.domain.faults import Busy, Full, refusal_for


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), Full),
        (RuntimeError("(OperationalError) database or disk is full"), Full),
        (RuntimeError('could not extend file "base": No space left on device'), Full),
        (RuntimeError("(OperationalError) disk I/O error"), Full),
        (RuntimeError("(OperationalError) attempt to write a readonly database"), Full),
        (RuntimeError("(OperationalError) database is locked"), Busy),
    ],
)
def test_a_fault_of_the_machine_has_its_sentence(
    error: Exception, kind: type[Exception]
) -> None:
    refusal = refusal_for(error)

    assert isinstance(refusal, kind)
    assert refusal.text.endswith(".")


@pytest.mark.parametrize("error", [ValueError("58"), OSError(errno.EACCES, "no")])
def test_a_fault_of_ours_has_none(error: Exception) -> None:
    assert refusal_for(error) is None
