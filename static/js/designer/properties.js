// The properties of what is selected. Each input in the template says which attribute it
// sets (data-set) and for which elements it stands (data-for).

import { typed, written } from "./dom.js";
import { named } from "./stage.js";

export class Properties {
  #session;
  #root;
  #inputs;

  constructor(session, root) {
    this.#session = session;
    this.#root = root;
    this.#inputs = [...root.querySelectorAll("[data-set], [data-words]")];
    for (const input of this.#inputs) {
      // On leaving the field, never per key: Telex and VNI are still composing then.
      input.addEventListener("change", () => this.#change(input));
    }
    for (const type of ["state", "selection"]) session.addEventListener(type, () => this.#fill());
  }

  // What the palette of the server offers to choose from.
  offer({ fields, fonts, symbologies }) {
    fill(this.#root.querySelector("[data-set='data-field']"), fields.map(({ name, label }) => [name, label]));
    fill(this.#root.querySelector("[data-set='font-family']"), [...new Set(fonts.map(({ family }) => family))].map((family) => [family, family]));
    fill(this.#root.querySelector("[data-set='data-symbology']"), symbologies.map((known) => [known.name, known.label]));
    fill(this.#root.querySelector("[data-set='data-show-if']"), [
      ["", "Luôn in"],
      ["card_kind=standard", "Chỉ trên thẻ thông thường"],
      ["card_kind=linked", "Chỉ trên thẻ liên kết"],
      ...fields.map(({ name, label }) => [name, `Khi có ${label}`]),
    ]);
    this.#fill();
  }

  #fill() {
    const { selected } = this.#session;
    const [first] = selected;
    this.#root.dataset.chosen = selected.length;
    this.#root.querySelector("[data-what]").textContent = heading(selected);
    for (const row of this.#root.querySelectorAll("[data-for]")) {
      row.hidden = !selected.length || !selected.every((element) => fits(row, element));
    }
    if (!first) return;
    for (const input of this.#inputs) {
      this.#show(input, first);
      input.disabled = first.locked && input.dataset.set !== "data-name";
    }
  }

  #show(input, { at }) {
    const { source } = this.#session;
    if (input.dataset.set === undefined) {
      input.value = source.words(at);
      return;
    }
    const name = input.dataset.set;
    const value = name === "data-name" ? source.name(at) : source.effective(at, name);
    if (input.type === "checkbox") {
      input.checked = value === input.value;
    } else {
      const shown = value ?? input.dataset.otherwise ?? "";
      if (input.tagName === "SELECT" && ![...input.options].some((option) => option.value === shown)) {
        input.add(new Option(shown, shown));
      }
      if (input.type === "color") input.value = colour(shown);
      else input.value = "decimal" in input.dataset ? written(shown) : shown;
    }
  }

  #change(input) {
    const { selected } = this.#session;
    if (!input.reportValidity() || !selected.length) return;
    if (input.dataset.set === undefined) {
      this.#session.apply([{ op: "text", at: selected[0].at, text: input.value }]);
      return;
    }
    let value = input.type === "checkbox" && !input.checked ? "" : input.value.trim();
    if ("decimal" in input.dataset && value !== "") value = String(typed(value));
    const attributes = { [input.dataset.set]: value === "" ? null : value };
    this.#session.apply(selected.map(({ at }) => ({ op: "set", at, attributes })));
  }
}

// "text" stands for every text, "bound-text" and "static-text" for some of them.
function fits(row, { kind, field }) {
  const own = ["any", kind, `${field ? "bound" : "static"}-${kind}`, field ? "bound" : "static"];
  return row.dataset.for.split(" ").some((wanted) => own.includes(wanted));
}

function heading(selected) {
  if (!selected.length) return "Chưa chọn phần nào";
  if (selected.length > 1) return `Đang chọn ${selected.length} phần`;
  return named(selected[0]);
}

// A colour field knows #rrggbb only; what it cannot show it shows as black.
function colour(text) {
  if (/^#[0-9a-f]{6}$/i.test(text)) return text;
  if (/^#[0-9a-f]{3}$/i.test(text)) return text.replace(/[0-9a-f]/gi, "$&$&");
  return text === "white" ? "#ffffff" : "#000000";
}

function fill(select, options) {
  if (select) select.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
}
