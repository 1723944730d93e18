"""The main job as its officers do it: on a phone, without scripts, page by page."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser

from portal.demo.package import Truth, write_package
from portal.demo.portraits import draw_portrait, jpeg
from portal.domain.membership import Sex
from tests.browser.officer import PASSWORD, PHONE, Officer
from tests.browser.portal_process import Portal

TOP = "Tổng Liên đoàn thử nghiệm"
FEDERATION = "LĐLĐ tỉnh Thử Nghiệm"
UPPER = "Công đoàn huyện Thử Nghiệm"
GRASSROOTS = "CĐCS Công ty Thử Nghiệm"
CAMPAIGN = "Đợt đổi thẻ thử nghiệm"

# part in the story: unit, role, name
OFFICERS = {
    "entry": (GRASSROOTS, "Nhập liệu", "Ngô Thử Cơ Sở"),
    "upper": (UPPER, "Kiểm tra, phê duyệt", "Đỗ Thử Cấp Trên"),
    "federation": (FEDERATION, "Kiểm tra, phê duyệt", "Phạm Thử Liên Đoàn"),
    "printer": (FEDERATION, "In thẻ", "Võ Thử In Thẻ"),
    "designer": (FEDERATION, "Thiết kế thẻ", "Bùi Thử Thiết Kế"),
    "approver": (TOP, "Kiểm tra, phê duyệt", "Lê Thử Phê Duyệt"),
}
REASON = "Ảnh chưa đúng người, đề nghị kiểm tra lại"
MEMBERS = 12
# One of them comes without a photo and stays at home.
SENT = MEMBERS - 1
SECOND = 4


@dataclass(slots=True)
class Union:
    """The people on the road and what they have in their hands."""

    browser: Browser
    portal: Portal
    folder: Path
    officers: dict[str, Officer] = field(default_factory=dict)
    slips: dict[str, str] = field(default_factory=dict)
    truth: Truth | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    # What pages said when they were met: later stations change them.
    seen: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)

    def portrait(self, seed: int) -> Path:
        """Give a drawn portrait as a file; another seed, another face."""
        path = self.folder / f"chan-dung-{seed}.jpg"
        path.write_bytes(jpeg(draw_portrait(seed, sex=Sex.FEMALE)))
        return path

    def seat(self, part: str, name: str) -> Officer:
        """Give somebody a phone whose browser runs no scripts."""
        officer = Officer(self.browser, self.portal.url, name=name)
        self.officers[part] = officer.sits_down(size=PHONE, scripts=False)
        return officer


def found(union: Union) -> None:
    """Open the printed link; name the top unit and its administrator."""
    founder = union.seat("founder", "Trần Thử Quản Trị")
    founder.opens(union.portal.founding_link)
    founder.fills(
        {
            "Cấp của đơn vị": "Tổng Liên đoàn",
            "Tên đơn vị": TOP,
            "Mã đơn vị": "TLD",
            "Họ và tên của bạn": founder.name,
            "Tên đăng nhập": "tran.tqt",
            "Mật khẩu mới": PASSWORD,
            "Nhập lại mật khẩu mới": PASSWORD,
        }
    )
    founder.presses("Thiết lập và bắt đầu")


def add_units(union: Union) -> None:
    """Go down the tree from the desk, one unit below the other."""
    founder = union.officers["founder"]
    founder.goes_to("Cây đơn vị")
    _add_unit(founder, FEDERATION, code="LD85", level="LĐLĐ", province="85")
    _add_unit(founder, UPPER, code="LD85-TN", level="Công đoàn cấp trên")
    _add_unit(founder, GRASSROOTS, code="LD85-TN-01", level="Công đoàn cơ sở")


def _add_unit(
    founder: Officer, name: str, *, code: str, level: str, province: str = ""
) -> None:
    founder.follows("Thêm đơn vị")
    founder.fills({"Tên đơn vị": name, "Mã đơn vị": code})
    founder.chooses("Cấp của đơn vị", level)
    if province:
        founder.chooses("Mã số theo tỉnh", province)
    founder.presses("Lưu")


def create_officers(union: Union) -> None:
    """Make accounts; each officer opens their slip and chooses a password."""
    founder = union.officers["founder"]
    for part, (unit, role, name) in OFFICERS.items():
        founder.goes_to("Tài khoản cán bộ")
        founder.follows("Tạo tài khoản")
        founder.fills({"Họ và tên": name})
        founder.main.get_by_label(role).first.check()
        founder.chooses("Đơn vị", unit)
        founder.presses("Tạo tài khoản")
        founder.presses("Lập phiếu đăng nhập lần đầu")
        union.slips[part] = founder.main.locator(".slip-link").inner_text().strip()
        union.seat(part, name).chooses_password(union.slips[part])


def upload_package(union: Union) -> None:
    """Send the union's zip and wait until every row can be looked at."""
    package = union.folder / "goi-doan-vien.zip"
    union.truth = write_package(package, members=MEMBERS, seed=24, unit_name=GRASSROOTS)
    entry = union.officers["entry"]
    entry.goes_to("Nhập Excel và ảnh")
    entry.main.locator("input[type=file]").set_input_files(package)
    entry.presses("Tải lên và xem trước")
    entry.waits_for(f"Nhận {MEMBERS} dòng tốt")
    union.addresses["import"] = entry.page.url


def accept_package(union: Union) -> None:
    """Say yes to the good rows."""
    entry = union.officers["entry"]
    entry.presses(f"Nhận {MEMBERS} dòng tốt")
    entry.waits_for("Đã nhận vào sổ")
    entry.goes_to("Đoàn viên")
    union.seen["members"] = entry.reads()
    entry.main.locator("td.cell-title a").first.click()
    union.addresses["member"] = entry.page.url


def open_campaign(union: Union) -> None:
    """Open a campaign at the federation."""
    federation = union.officers["federation"]
    federation.goes_to("Đợt đổi thẻ")
    federation.follows("Mở đợt")
    federation.fills({"Tên đợt": CAMPAIGN})
    federation.presses("Mở đợt")


def send_list(union: Union) -> None:
    """Put everyone eligible on the union's list and send it."""
    entry = union.officers["entry"]
    entry.goes_to("Đợt đổi thẻ")
    entry.follows("Danh sách của đơn vị")
    entry.presses(f"Đưa {SENT} người vào danh sách")
    entry.presses(f"Gửi {SENT} người lên cấp trên")
    union.addresses["roster"] = entry.page.url
    entry.follows("Còn thiếu")
    union.seen["wanting"] = entry.reads()


def forward(union: Union, *, people: int = SENT) -> None:
    """Look the list through at the upper union and hand it on."""
    _send_on(union.officers["upper"], "Chuyển", people)


def register(union: Union, *, people: int = SENT) -> None:
    """Bring the list before the Confederation."""
    _send_on(union.officers["federation"], "Trình", people)


def approve(union: Union) -> None:
    """Approve with the number typed, and read the numbers off the members' pages."""
    approver = union.officers["approver"]
    _send_on(approver, "Duyệt", SENT)
    approver.fills({"Số đề nghị sẽ duyệt": str(SENT)})
    approver.presses("Duyệt và cấp mã số")
    union.seen["queue"] = approver.reads()
    union.numbers = _numbers_shown(union.officers["entry"])


def approve_one_more(union: Union) -> None:
    """Approve the one person who waits before the Confederation."""
    approver = union.officers["approver"]
    _send_on(approver, "Duyệt", 1)
    approver.fills({"Số đề nghị sẽ duyệt": "1"})
    approver.presses("Duyệt và cấp mã số")


def _send_on(officer: Officer, verb: str, people: int) -> None:
    officer.goes_to("Đợt đổi thẻ")
    officer.follows("Đề nghị chờ đơn vị bạn")
    every = "tất cả " if people > 1 else ""
    officer.presses(f"{verb} {every}{people} đề nghị không có cảnh báo")


def _numbers_shown(entry: Officer) -> dict[str, str]:
    """Give name by number, as each member's own page shows them."""
    entry.goes_to("Đoàn viên")
    links = entry.main.locator("td.cell-title a").all()
    shown = {}
    for address in [link.get_attribute("href") or "" for link in links]:
        entry.opens(address)
        number = entry.value_of("Mã số đoàn viên").replace(" ", "")
        if number.isdigit():
            shown[number] = entry.main.locator("h1").inner_text()
    return shown


def print_cards(union: Union) -> None:
    """Make a batch with the card's whole picture, and take its files."""
    printer = union.officers["printer"]
    printer.goes_to("Lô in thẻ")
    printer.follows("Lập lô in")
    printer.main.get_by_label("In đè lên phôi").uncheck()
    printer.presses("Lập lô và dựng thẻ")
    printer.waits_for(f"{SENT} thẻ dựng được")
    union.addresses["batch"] = printer.page.url
    union.files = [
        printer.takes_home(label, union.folder)
        for label in ("Tải ảnh thẻ (zip) về máy", "Tải PDF về máy")
    ]


def print_with(union: Union, design: str, *, people: int) -> Path:
    """Make a batch of whoever has no card yet, by a published design; take its zip."""
    printer = union.officers["printer"]
    printer.goes_to("Lô in thẻ")
    printer.follows("Lập lô in")
    printer.chooses("Mẫu thẻ", design)
    printer.main.get_by_label("In đè lên phôi").uncheck()
    printer.presses("Lập lô và dựng thẻ")
    printer.waits_for(f"{people} thẻ dựng được")
    return printer.takes_home("Tải ảnh thẻ (zip) về máy", union.folder)


def upload_second_package(union: Union) -> None:
    """Send a small clean list of other people, and stop before accepting it."""
    package = union.folder / "goi-thu-hai.zip"
    write_package(package, members=SECOND, seed=31, unit_name=GRASSROOTS)
    entry = union.officers["entry"]
    entry.goes_to("Nhập Excel và ảnh")
    entry.main.locator("input[type=file]").set_input_files(package)
    entry.presses("Tải lên và xem trước")
    entry.waits_for(f"Nhận {SECOND} dòng tốt")
    here = union.addresses["preview"] = entry.page.url
    union.addresses |= {
        "grid": f"{here}/bang",
        "columns": f"{here}/cot",
        "photos": f"{here}/anh",
        "undo": f"{union.addresses['import']}/lay-lai",
    }


def add_missing_photo(union: Union) -> None:
    """Find who has no photo and upload one."""
    entry = union.officers["entry"]
    entry.goes_to("Đoàn viên")
    entry.follows("Thiếu ảnh")
    entry.main.locator("td.cell-title a").first.click()
    entry.follows("Thêm ảnh")
    entry.main.locator("input[type=file]").set_input_files(union.portrait(1001))
    entry.presses("Lưu ảnh")


def send_one_more(union: Union) -> None:
    """Send a second list with one person; it comes back once, then reaches the top."""
    entry = union.officers["entry"]
    entry.opens(union.addresses["roster"])
    entry.presses("Đưa 1 người vào danh sách")
    entry.presses("Gửi 1 người lên cấp trên")
    forward(union, people=1)
    return_one(union)
    entry.goes_to("Việc cần làm")
    entry.follows("Đề nghị bị trả lại")
    union.seen["returned"] = entry.reads()
    entry.presses("Gửi 1 người lên cấp trên")
    forward(union, people=1)
    register(union, people=1)


def return_one(union: Union) -> None:
    """Tick the row at the federation; without a reason it stays, with one it goes."""
    federation = union.officers["federation"]
    federation.goes_to("Đợt đổi thẻ")
    federation.follows("Đề nghị chờ đơn vị bạn")
    federation.main.get_by_role("checkbox").check()
    federation.presses("Trả lại")
    union.seen["unreasoned"] = federation.reads()
    federation.main.get_by_label("Lý do trả lại").fill(REASON)
    federation.presses("Trả lại")
