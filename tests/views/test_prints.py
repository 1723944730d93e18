"""The pages of print batches: who is held back is named where batches are made."""

import pytest

from portal.access.policy import Role
from portal.db.models import Member
from portal.db.session import db, transaction
from portal.domain.card_kinds import CardKind
from portal.domain.membership import MemberStatus
from tests.road import announce, approved, eligible


@pytest.mark.parametrize(
    ("kind", "address", "said"),
    [
        (CardKind.STANDARD, "/lo-in/", "chưa in"),
        (CardKind.STANDARD, "/lo-in/moi", "chưa in"),
        (CardKind.LINKED, "/the-lien-ket/", "chưa gửi ngân hàng"),
    ],
)
def test_who_has_paused_is_named_as_held(
    app, cast, client_of, kind, address, said
) -> None:
    with app.app_context():
        [member] = eligible(cast, 1, full_name="Ngô Tạm Dừng", card_kind=kind)
        approved(cast, announce(cast))
        with transaction() as session:
            session.get_one(Member, member.id).status = MemberStatus.PAUSED
        db.session.remove()
    role = Role.PRINTER if kind is CardKind.STANDARD else Role.APPROVER

    page = client_of(cast.actor("f85", role)).get(address).text

    assert f"1 người đã tạm dừng hoặc rời: {said}" in page
    assert "Ngô Tạm Dừng" in page
    assert "Tạm dừng sinh hoạt" in page
    assert "Tạm Dừng" not in client_of(cast.actor("sector", role)).get(address).text
