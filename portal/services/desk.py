"""What waits for an officer, counted from what is there now."""

from dataclasses import dataclass, field

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.queries import desk as desk_q
from portal.db.queries import members as members_q
from portal.db.queries import officers as officers_q
from portal.domain.card_kinds import CardKind
from portal.domain.renewal import Move
from portal.domain.union_units import UnionLevel, child_levels

_REVIEW = frozenset({Move.FORWARD, Move.REGISTER})
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
    query: dict[str, str] = field(default_factory=dict)


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
    steps = (
        (Action.UNIT_MANAGE, _unit_step(by, done=has.lower_units)),
        (Action.OFFICER_MANAGE, _account_step(done=has.other_officers)),
        (Action.IMPORT_RUN, _member_step(done=has.members)),
        (Action.MEMBER_EDIT, _photo_step(done=has.photos)),
        (Action.ROSTER_SUBMIT, _submit_step(done=has.submitted)),
    )
    open_to_me = [step for action, step in steps if step and by.may(action)]
    return [] if all(step.done for step in open_to_me) else open_to_me


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
    return found


def _requests(by: Actor) -> list[Task]:
    found = []
    if by.may(Action.ROSTER_SUBMIT):
        found.append(
            Task(
                label="Đề nghị bị trả lại",
                hint="Đọc lý do, sửa rồi gửi lại.",
                count=desk_q.requests_returned(scope=by.scope),
                icon="arrow-return-left",
                endpoint="renewals.index",
                query={},
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
        found.append(
            Task(
                label="Đề nghị chờ bạn kiểm tra và chuyển",
                hint="Kiểm tra từng dòng; dòng chưa đúng thì trả lại kèm lý do.",
                count=desk_q.requests_open_to(by.levels, _REVIEW, scope=by.scope),
                icon="list-check",
                endpoint="renewals.review",
                query={},
            )
        )
    if by.may(Action.REQUEST_APPROVE):
        moves = frozenset({Move.APPROVE})
        found.append(
            Task(
                label="Đề nghị chờ bạn duyệt",
                hint="Duyệt là cấp mã số; mã số không bao giờ dùng lại.",
                count=desk_q.requests_open_to(by.levels, moves, scope=by.scope),
                icon="patch-check",
                endpoint="renewals.review",
                query={},
            )
        )
    return found


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
        moves = frozenset({Move.SEND_TO_BANK})
        found.append(
            Task(
                label="Thẻ liên kết chờ gửi ngân hàng",
                hint="Xuất danh sách gửi trung tâm thẻ của ngân hàng.",
                count=desk_q.requests_open_to(
                    by.levels, moves, scope=by.scope, kind=CardKind.LINKED
                ),
                icon="bank",
                endpoint="bank.index",
            )
        )
    return found


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


def _account_step(*, done: bool) -> FirstStep:
    return FirstStep(
        label="Tài khoản",
        hint="Tạo tài khoản cho người nhập liệu và người phê duyệt, rồi gửi phiếu"
        " đăng nhập cho họ. Người gửi danh sách không được tự duyệt.",
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


def _submit_step(*, done: bool) -> FirstStep:
    return FirstStep(
        label="Gửi duyệt",
        hint="Lập danh sách đề nghị trong đợt đổi thẻ và gửi lên cấp trên.",
        done=done,
        endpoint="renewals.index",
    )
