// What pages gain with script: nothing here is needed to do the work.
// Attributes it knows: data-guard (form with work to lose), data-copy, data-copy-from,
// data-share, data-share-url, data-menu (a <details> that closes by itself),
// data-tick-all (ticks every row of its form), data-print (prints the page).

const SEND_AGAIN_AFTER_MS = 10_000;
const MESSAGE_MS = 6_000;

const live = document.getElementById("live");
let messageTimer;

function say(text) {
  clearTimeout(messageTimer);
  live.textContent = text;
  messageTimer = setTimeout(() => { live.textContent = ""; }, MESSAGE_MS);
}

// A form is sent once, however often a finger taps.

function lock(form, submitter) {
  form.dataset.sent = "1";
  submitter?.setAttribute("aria-busy", "true");
  // A form that answers with a file leaves this page standing: it must work again.
  setTimeout(() => unlock(form), SEND_AGAIN_AFTER_MS);
}

function unlock(form) {
  delete form.dataset.sent;
  for (const busy of form.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  lock(form, event.submitter);
}, true);

window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(unlock);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (!form) return;
  unlock(form);
  // A field that is looked at on its way has not been saved.
  if (event.detail.successful && event.detail.elt === form) delete form.dataset.dirty;
});

// Work that is not saved yet is not thrown away by a stray tap.

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) form.dataset.dirty = "1";
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-guard][data-dirty]:not([data-sent])")) event.preventDefault();
});

// Keys: "/" goes to the search box, Ctrl+Enter saves the form one is in.

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const typing = event.target.matches?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const box = document.querySelector("input[type=search]");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.closest?.("form")?.requestSubmit();
  } else if (event.key === "Escape") {
    closeMenus(null);
  }
});

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu === except) continue;
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
}

// htmx: go to the first thing to mend; tell what a failed request means.

function focusFirstError(root) {
  root.querySelector("[aria-invalid=true]")?.focus();
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.xhr?.status === 422) focusFirstError(document);
});

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 401) say("Phiên làm việc đã hết. Hãy đăng nhập lại ở một cửa sổ khác rồi thử lại.");
  else if (status === 403) say("Bạn không có quyền làm việc này.");
  else if (status === 404) say("Không tìm thấy, hoặc thuộc đơn vị khác.");
  else if (status === 413) say("Tệp quá lớn. Hãy chọn tệp nhỏ hơn.");
  else if (status === 429) say("Bạn thao tác quá nhanh. Hãy đợi một phút rồi thử lại.");
  else say("Máy chủ gặp lỗi, việc vừa rồi chưa được lưu. Hãy thử lại.");
});

document.addEventListener("htmx:sendError", () => {
  say("Không có kết nối mạng, việc vừa rồi chưa được lưu. Hãy thử lại khi có mạng.");
});

// Copy and share.

async function copy(button) {
  const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
  const text = source ? source.value ?? source.textContent.trim() : button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (!copyTheOldWay(text)) {
      say("Trình duyệt không cho sao chép. Hãy chọn đoạn chữ và sao chép bằng tay.");
      return;
    }
  }
  say("Đã sao chép.");
}

// The clipboard API is missing on plain http, which offices use inside their LAN.
function copyTheOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

async function share(button) {
  try {
    await navigator.share({ text: button.dataset.share, url: button.dataset.shareUrl });
  } catch (error) {
    if (error.name !== "AbortError") say("Không chia sẻ được. Hãy dùng nút sao chép.");
  }
}

function showShareButtons(root) {
  if (!navigator.share) return;
  for (const button of root.querySelectorAll("[data-share][hidden]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details[data-menu]"));
  const button = event.target.closest("[data-copy], [data-copy-from], [data-share]");
  if (!button) return;
  if ("share" in button.dataset) share(button);
  else copy(button);
});

// Browsers on phones hide their own way to print.

function showPrintButtons(root) {
  for (const button of root.querySelectorAll("[data-print][hidden]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// One tap ticks every box of a form's list, or none of them.

function showTickAll(root) {
  for (const button of root.querySelectorAll("[data-tick-all][hidden]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tick-all]");
  if (!button) return;
  const boxes = [...button.closest("form").querySelectorAll(".tick input[type=checkbox]")];
  const all = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !all;
});

// What one types into a password field may be looked at.

function addPasswordToggles(root) {
  for (const form of root.querySelectorAll("form")) {
    const fields = [...form.querySelectorAll("input[type=password]")];
    if (!fields.length || form.querySelector("[data-shows-password]")) continue;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn btn-quiet", textContent: "Hiện mật khẩu" });
    button.dataset.showsPassword = "";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      button.textContent = shown ? "Ẩn mật khẩu" : "Hiện mật khẩu";
      for (const field of fields) field.type = shown ? "text" : "password";
    });
    fields.at(-1).after(button);
  }
}

// A row of chips runs off a phone's edge: the chosen one must be in sight.

function showChosenChip(root) {
  for (const chip of root.querySelectorAll(".chip[aria-current]")) {
    const row = chip.closest(".chips");
    const { left, width } = chip.getBoundingClientRect();
    // The row alone is moved: scrollIntoView would move the page as well.
    row?.scrollBy({ left: left + width / 2 - row.getBoundingClientRect().left - row.clientWidth / 2, behavior: "instant" });
  }
}

document.addEventListener("htmx:load", (event) => {
  showShareButtons(event.target);
  showTickAll(event.target);
  showPrintButtons(event.target);
  addPasswordToggles(document);
  showChosenChip(event.target);
});
showShareButtons(document);
showTickAll(document);
showPrintButtons(document);
addPasswordToggles(document);
showChosenChip(document);
focusFirstError(document);
