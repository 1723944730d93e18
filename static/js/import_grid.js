// The grid of a list: Enter and arrows walk through the cells, a block copied from Excel
// is pasted over them, and each change is saved and judged at once. Enhances
// <form data-import-grid>; without script its button saves all cells together.

const form = document.querySelector("form[data-import-grid]");
if (form) enhance(form);

function enhance(grid) {
  const rows = [...grid.querySelectorAll("tbody tr")]
    .map((row) => [...row.querySelectorAll("input[name^='c-']")]);
  for (const cell of rows.flat()) cell.dataset.was = cell.value;
  const place = (cell) => {
    const row = rows.findIndex((cells) => cells.includes(cell));
    return row < 0 ? null : { row, column: rows[row].indexOf(cell) };
  };

  grid.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = place(event.target);
    if (!at) return;
    if (event.key === "Escape") {
      event.target.value = event.target.dataset.was;
      return;
    }
    const step = stepOf(event);
    if (!step) return;
    event.preventDefault();
    go(rows, at, step);
  });

  grid.addEventListener("change", (event) => {
    if (place(event.target)) save(grid, [event.target]);
  });

  grid.addEventListener("paste", (event) => {
    const at = place(event.target);
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!at || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const { filled, lost } = fill(rows, at, text.split("\n").map((line) => line.split("\t")));
    if (lost) say(grid, `${lost} dòng dán thừa nằm ngoài trang này nên chưa vào. Sang trang sau rồi dán tiếp.`);
    save(grid, filled);
  });
}

// Left and right stay within the text until its edge is reached.
function stepOf(event) {
  const { key, target, shiftKey } = event;
  if (key === "Enter") return [shiftKey ? -1 : 1, 0];
  if (key === "ArrowDown") return [1, 0];
  if (key === "ArrowUp") return [-1, 0];
  if (target.selectionStart !== target.selectionEnd) return null;
  if (key === "ArrowLeft" && target.selectionStart === 0) return [0, -1];
  if (key === "ArrowRight" && target.selectionEnd === target.value.length) return [0, 1];
  return null;
}

function go(rows, at, [down, right]) {
  const next = rows[at.row + down]?.[at.column + right];
  if (!next) return rows[at.row][at.column].blur();
  next.focus();
  next.select();
}

function fill(rows, at, block) {
  const filled = [];
  let lost = 0;
  block.forEach((line, down) => {
    const cells = rows[at.row + down];
    if (!cells) {
      lost += 1;
      return;
    }
    line.forEach((text, right) => {
      const cell = cells[at.column + right];
      if (!cell || cell.disabled) return;
      cell.value = text.trim();
      filled.push(cell);
    });
  });
  return { filled, lost };
}

async function save(grid, cells) {
  const changed = cells.filter((cell) => cell.value !== cell.dataset.was);
  if (!changed.length) return;
  const body = new FormData();
  for (const name of ["csrf_token", "loai", "trang"]) {
    const field = grid.elements[name];
    if (field) body.append(name, field.value);
  }
  const sent = new Map(changed.map((cell) => [cell, cell.value]));
  for (const [cell, value] of sent) body.append(cell.name, value);
  let response;
  try {
    response = await fetch(grid.action, { method: "POST", body, headers: { "HX-Request": "true" } });
  } catch {
    say(grid, "Không có kết nối mạng, các ô vừa sửa chưa được lưu. Bấm “Lưu các ô đã sửa” khi có mạng.");
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!response.ok) {
    const told = page.querySelector("#error .error-text")?.textContent;
    say(grid, told || "Các ô vừa sửa chưa được lưu. Hãy tải lại trang rồi thử lại.");
    return;
  }
  for (const [cell, value] of sent) {
    cell.dataset.was = value;
    cell.dataset.saved = "1";
  }
  if (!cellsLeft(grid)) delete grid.dataset.dirty;
  show(page);
}

function cellsLeft(grid) {
  return [...grid.querySelectorAll("input[data-was]")].some((cell) => cell.value !== cell.dataset.was);
}

// The verdicts that changed take their places; the cells themselves stay as they are.
function show(page) {
  const chips = page.querySelector("#grid-states .chips");
  if (chips) document.querySelector("#grid-states .chips")?.replaceWith(chips);
  for (const template of page.querySelectorAll("template[data-state]")) {
    const old = document.getElementById(template.dataset.state);
    const fresh = template.content.firstElementChild;
    if (!old || !fresh) continue;
    const row = old.closest("tr");
    old.replaceWith(fresh);
    const bad = new Set((fresh.dataset.bad || "").split(" "));
    for (const cell of row.querySelectorAll("input[name^='c-']")) {
      const field = cell.name.split("-").slice(2).join("-");
      if (bad.has(field)) cell.setAttribute("aria-invalid", "true");
      else cell.removeAttribute("aria-invalid");
    }
  }
}

function say(_grid, text) {
  const live = document.getElementById("live");
  live.textContent = text;
  setTimeout(() => { if (live.textContent === text) live.textContent = ""; }, 8000);
}
