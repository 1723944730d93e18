"""What waits for an officer, counted from what is there now."""

from dataclasses import dataclass, field

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.queries import bank as bank_q
from portal.db.queries import campaigns as campaigns_q
from portal.db.queries import desk as desk_q
from portal.db.queries import members as members_q
from portal.db.queries import officers as officers_q
from portal.domain.card_kinds import CardKind
from portal.domain.renewal import Move, State
from portal.domain.union_units import UnionLevel, child_levels
from portal.services import campaigns
from portal.services.numbers import allots_numbers

# Where a linked card that lacks something can still be helped.
_ON_THE_WAY = (
    State.SUBMITTED,
    State.FORWARDED,
    State.REGISTERED,
    State.AWAITING_NUMBER,
    State.APPROVED,
)
_HAVE_UNITS_BELOW = frozenset(
    {UnionLevel.CONFEDERATION, UnionLevel.FEDERATION, UnionLevel.UPPER}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One kind of waiting work: how much, and the list that shows it."""

    label: str
    hint: str
    count: int
    icon: str
    endpoint: str
    query: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStep:
    """One of the first steps, ticked by what is in the database."""

    label: str
    hint: str
    done: bool
    endpoint: str


def tasks(*, by: Actor) -> list[Task]:
    """List what waits for this post, the nearest to a card last; no zero counts."""
    by.require(Action.ACCOUNT_SELF)
    found = [*_own_data(by), *_requests(by), *_cards(by), *_accounts(by)]
    return [task for task in found if task.count]


def first_steps(*, by: Actor) -> list[FirstStep]:
    """List the first steps of an installation that this post may take.

    Empty once all are done, and for posts that have no part in them.
    """
    if not by.may(Action.MEMBER_EDIT):
        return []
    has = desk_q.beginnings(scope=by.scope, officer_id=by.officer_id)
    all_photos = has.photos and not members_q.without_photo(scope=by.scope)
    photos = _photo_step(done=all_photos)
    steps = (
        (Action.UNIT_MANAGE, _unit_step(by, done=has.lower_units)),
        (Action.OFFICER_MANAGE, _account_step(by, done=has.other_officers)),
        (Action.IMPORT_RUN, _member_step(done=has.members)),
        (Action.MEMBER_EDIT, photos),
        (Action.CAMPAIGN_MANAGE, _campaign_step(by)),
        (Action.ROSTER_SUBMIT, _submit_step(by, done=has.submitted)),
    )
    open_to_me = [step for action, step in steps if step and by.may(action)]
    # Once a list is under way the tile of missing photos says the rest.
    done = all(step.done for step in open_to_me if step is not photos)
    return [] if done and has.photos else open_to_me


def _own_data(by: Actor) -> list[Task]:
    found = []
    if by.may(Action.IMPORT_RUN):
        found.append(
            Task(
                label="Danh sách đã đọc xong, chờ bạn nhận",
                hint="Xem trước từng dòng rồi nhận những dòng tốt.",
                count=desk_q.imports_ready(scope=by.scope),
                icon="file-earmark-arrow-up",
                endpoint="imports.index",
                query={},
            )
        )
    if by.may(Action.MEMBER_EDIT):
        found.append(
            Task(
                label="Đoàn viên chưa có ảnh",
                hint="Chưa có ảnh thì chưa đề nghị cấp thẻ được.",
                count=members_q.without_photo(scope=by.scope),
                icon="camera",
                endpoint="members.index",
                query={"filter": "no_photo"},
            )
        )
        found.append(
            _of_rosters(
                bank_q.lacking_by_roster(_ON_THE_WAY, scope=by.scope),
                label="Thẻ liên kết còn thiếu thông tin ngân hàng cần",
                hint="Bổ sung số điện thoại, địa chỉ trong hồ sơ.",
                icon="bank",
                part="bo-sung",
            )
        )
    return found


def _requests(by: Actor) -> list[Task]:
    found = []
    if by.may(Action.ROSTER_SUBMIT):
        found.append(
            _of_rosters(
                desk_q.returned_by_roster(scope=by.scope),
                label="Đề nghị bị trả lại",
                hint="Đọc lý do, sửa rồi gửi lại.",
                icon="arrow-return-left",
                part="tra-lai",
            )
        )
        found.append(
            Task(
                label="Đề nghị không được duyệt, xem lý do",
                hint="Những người này dừng lại trong đợt; lý do ở mục “Không duyệt”"
                " của danh sách.",
                count=desk_q.requests_rejected(scope=by.scope),
                icon="x-circle-fill",
                endpoint="renewals.index",
                query={},
            )
        )
    if by.may(Action.REQUEST_REVIEW):
        waiting = desk_q.waiting_for(
            by.levels, scope=by.scope, allots_numbers=allots_numbers()
        )
        verb = "trình" if waiting[Move.REGISTER] else "chuyển"
        found.append(
            Task(
                label=f"Đề nghị chờ bạn kiểm tra và {verb}",
                hint="Kiểm tra từng dòng; dòng chưa đúng thì trả lại kèm lý do.",
                count=waiting[Move.FORWARD] + waiting[Move.REGISTER],
                icon="list-check",
                endpoint="renewals.review",
            )
        )
        found.append(
            Task(
                label="Đề nghị chờ bạn duyệt",
                hint="Duyệt là cấp mã số; mã số không bao giờ dùng lại.",
                count=waiting[Move.APPROVE],
                icon="patch-check",
                endpoint="renewals.review",
            )
        )
    return found


def _of_rosters(
    rosters: list[tuple[int, int, str, int]],
    *,
    label: str,
    hint: str,
    icon: str,
    part: str,
) -> Task:
    """Make a task of what lies on lists; it opens the list that has the most of it."""
    query: dict[str, str | int] = {}
    if rosters:
        campaign_id, unit_id, unit_name, _count = rosters[0]
        query = {"campaign_id": campaign_id, "unit_id": unit_id, "phan": part}
        if len(rosters) > 1:
            hint = f"{hint} Ở {len(rosters)} danh sách; bắt đầu từ {unit_name}."
    return Task(
        label=label,
        hint=hint,
        count=sum(count for *_roster, count in rosters),
        icon=icon,
        endpoint="renewals.roster",
        query=query,
    )


def _cards(by: Actor) -> list[Task]:
    found = []
    if by.may(Action.PRINT_RUN):
        moves = frozenset({Move.PUT_IN_BATCH})
        found.append(
            Task(
                label="Thẻ đã duyệt, chờ in",
                hint="Chọn thẻ, tạo lô in rồi tải tệp.",
                count=desk_q.requests_open_to(
                    by.levels, moves, scope=by.scope, kind=CardKind.STANDARD
                ),
                icon="printer",
                endpoint="prints.index",
            )
        )
    if by.may(Action.BANK_EXPORT):
        found += _linked_cards(by)
    return found


def _linked_cards(by: Actor) -> list[Task]:
    """Part the linked cards that can go to the bank from those that cannot yet."""
    moves = frozenset({Move.SEND_TO_BANK})
    waiting = desk_q.requests_open_to(
        by.levels, moves, scope=by.scope, kind=CardKind.LINKED
    )
    if not waiting:
        return []
    lacking = bank_q.lacking_by_roster([State.APPROVED], scope=by.scope)
    many = sum(count for *_roster, count in lacking)
    return [
        Task(
            label="Thẻ liên kết chờ gửi ngân hàng",
            hint="Xuất danh sách gửi trung tâm thẻ của ngân hàng.",
            count=waiting - many,
            icon="bank",
            endpoint="bank.index",
        ),
        Task(
            label="Thẻ liên kết ngân hàng chưa nhận được",
            hint="Còn thiếu thông tin; xem đơn vị nào cần bổ sung gì.",
            count=many,
            icon="exclamation-triangle-fill",
            endpoint="bank.index",
        ),
    ]


def _accounts(by: Actor) -> list[Task]:
    if not by.may(Action.OFFICER_MANAGE):
        return []
    return [
        Task(
            label="Cán bộ chưa đăng nhập lần đầu",
            hint="Lập phiếu đăng nhập rồi gửi cho họ.",
            count=officers_q.count_new(scope=by.scope),
            icon="person-badge",
            endpoint="officers.index",
            query={"state": "new"},
        )
    ]


def _unit_step(by: Actor, *, done: bool) -> FirstStep | None:
    if not child_levels(by.level):
        return None
    # A lone grassroots union may well have no sections below it.
    alone = by.level not in _HAVE_UNITS_BELOW
    return FirstStep(
        label="Đơn vị",
        hint="Thêm các đơn vị trực thuộc vào cây đơn vị."
        if not alone
        else "Đơn vị của bạn đã có; thêm công đoàn bộ phận, tổ công đoàn nếu cần.",
        done=done or alone,
        endpoint="units.index",
    )


def _account_step(by: Actor, *, done: bool) -> FirstStep:
    alone = by.level not in _HAVE_UNITS_BELOW
    return FirstStep(
        label="Tài khoản",
        hint="Tạo tài khoản cho người nhập liệu và người phê duyệt, rồi gửi phiếu"
        " đăng nhập cho họ. Người gửi danh sách không được tự duyệt."
        + (
            " Đơn vị cần ít nhất hai người."
            if alone and UnionLevel.CONFEDERATION in by.levels
            else ""
        ),
        done=done,
        endpoint="officers.index",
    )


def _member_step(*, done: bool) -> FirstStep:
    return FirstStep(
        label="Danh sách đoàn viên",
        hint="Tải mẫu Excel, điền rồi gửi lên cùng ảnh; hoặc thêm từng người.",
        done=done,
        endpoint="imports.index",
    )


def _photo_step(*, done: bool) -> FirstStep:
    return FirstStep(
        label="Ảnh",
        hint="Mỗi đoàn viên đang sinh hoạt cần một ảnh 2×3.",
        done=done,
        endpoint="members.index",
    )


def _campaign_step(by: Actor) -> FirstStep | None:
    """Ask for a campaign where this unit is the one that opens them."""
    if not campaigns.may_announce(by):
        return None
    return FirstStep(
        label="Mở đợt đổi thẻ",
        hint="Đặt tên đợt và chọn loại thẻ; có đợt rồi mới lập được danh sách.",
        done=bool(campaigns_q.listed(scope=by.scope)),
        endpoint="renewals.index",
    )


def _submit_step(by: Actor, *, done: bool) -> FirstStep:
    # The highest unit of an installation sends its lists to nobody.
    alone = UnionLevel.CONFEDERATION in by.levels
    return FirstStep(
        label="Gửi duyệt",
        hint="Lập danh sách đề nghị trong đợt đổi thẻ rồi gửi"
        f" {'để duyệt' if alone else 'lên cấp trên'}.",
        done=done,
        endpoint="renewals.index",
    )
