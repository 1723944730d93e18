// The stage: an inert copy of the side, and over it one real button for each element
// that can be taken hold of. Places are millimetres; CSS turns them into pixels.

import { boxOf, share } from "./boxes.js";
import { make, spoken } from "./dom.js";
import { layOut } from "./letters.js";
import { holds, parentOf } from "./source.js";

export const MARGIN_MM = 5;
const PAPER_SHARE = 0.9;
const BACKGROUND_SHARE = 0.15;
const KINDS = {
  text: "chữ", photo: "ảnh đoàn viên", code: "mã để quét", rect: "hình chữ nhật",
  line: "đường kẻ", image: "hình", path: "nét vẽ", group: "nhóm", ellipse: "hình tròn",
  use: "bản sao",
};

export class Stage extends EventTarget {
  scale = 6;
  entered = "";

  #session;
  #sheet;
  #art;
  #proxies;
  #nodes = new Map();
  #buttons = new Map();

  constructor(root, session) {
    super();
    this.#session = session;
    this.#sheet = root.querySelector("[data-sheet]");
    this.#art = root.querySelector("[data-art]");
    this.#proxies = root.querySelector("[data-proxies]");
    session.addEventListener("state", () => this.render());
    session.addEventListener("selection", () => this.#mark());
  }

  get sheet() {
    return this.#sheet;
  }

  zoom(scale) {
    this.scale = scale;
    this.#sheet.style.setProperty("--mm", `${scale}px`);
    this.dispatchEvent(new Event("zoom"));
  }

  // The place on the card, in millimetres, under a pointer.
  point(event) {
    const edge = this.#sheet.getBoundingClientRect();
    return {
      x: (event.clientX - edge.left) / this.scale - MARGIN_MM,
      y: (event.clientY - edge.top) / this.scale - MARGIN_MM,
    };
  }

  button(at) {
    return this.#buttons.get(at) ?? null;
  }

  // Show the insides of a group as things of their own; "" is the card.
  enter(at) {
    this.entered = at;
    this.render();
  }

  render() {
    if (!this.#session.state) return;
    this.#art.replaceChildren(inert(this.#session.state.svg));
    this.#nodes = new Map(
      [...this.#art.querySelectorAll("[data-at]")].map((node) => [node.dataset.at, node]),
    );
    if (this.entered && !this.#session.box(this.entered)) this.entered = "";
    this.#fillIn();
    this.#place();
    this.#mark();
    this.dispatchEvent(new Event("render"));
  }

  // Show elements as if `matrix` (in millimetres of the card) had moved them, and their
  // buttons in `boxes`: until the server answers, or the hand lets go.
  inAdvance(elements, matrix, boxes) {
    elements.forEach((element, index) => {
      const node = this.#nodes.get(element.at);
      if (node) transform(node, matrix);
      const button = this.#buttons.get(element.at);
      if (button) put(button, boxes[index]);
    });
  }

  // Elements that have a button: what lies on the card or in the entered group, and
  // bound fields wherever they are.
  get reachable() {
    return this.#session.boxes.filter((box) => {
      const parent = parentOf(box.at);
      return parent === "" || parent === this.entered || Boolean(box.field);
    });
  }

  #place() {
    const old = this.#buttons;
    const focused = document.activeElement?.dataset?.proxy;
    this.#buttons = new Map();
    for (const element of this.reachable) {
      const button = old.get(element.at) ?? newButton(element.at);
      dress(button, element);
      button.dataset.symbology = this.#session.source.own(element.at, "data-symbology") ?? "";
      this.#buttons.set(element.at, button);
    }
    const wanted = [...this.#buttons.values()];
    // Putting a button in again takes the focus away: only where the order changed.
    const present = [...this.#proxies.children];
    if (wanted.length !== present.length || wanted.some((button, i) => button !== present[i])) {
      this.#proxies.replaceChildren(...wanted);
      this.#buttons.get(focused)?.focus({ preventScroll: true });
    }
  }

  #mark() {
    for (const [at, button] of this.#buttons) {
      const chosen = this.#session.selection.includes(at);
      button.setAttribute("aria-pressed", chosen);
      button.classList.toggle("within", this.#session.selection.some((other) => holds(at, other)));
    }
  }

  // Photos and codes come with the card's data: here only their place is shown.
  #fillIn() {
    for (const { at, kind, field } of this.#session.boxes) {
      const node = this.#nodes.get(at);
      if (kind === "photo" || kind === "code") node?.classList.add("stands-in");
      else if (kind === "text" && field && node) layOut(node);
    }
  }
}

function newButton(at) {
  return make("button", { type: "button", class: "proxy", "data-proxy": at });
}

function dress(button, element) {
  const box = boxOf(element);
  put(button, box);
  button.setAttribute("aria-label", said(element));
  button.dataset.kind = element.kind;
  button.classList.toggle("background", isBackground(element));
  button.classList.toggle("paper", isPaper(element));
  button.classList.toggle("locked", element.locked);
  button.classList.toggle("hidden-element", element.hidden);
  button.classList.toggle("bound", Boolean(element.field));
}

// Large art: a press on it means the card before it, until it is selected.
export function isBackground(element) {
  return !element.field && element.kind !== "text" && share(boxOf(element)) >= BACKGROUND_SHARE;
}

// What covers the whole side is moved by numbers and keys only.
function isPaper(element) {
  return isBackground(element) && share(boxOf(element)) >= PAPER_SHARE;
}

export function kindOf(element) {
  return KINDS[element.kind] ?? element.tag;
}

// A text and a code may show the same field: the kind tells them apart.
export function named(element) {
  const kind = kindOf(element);
  if (element.kind === "code") return element.label;
  return element.label.toLowerCase() === kind ? element.label : `${element.label}, ${kind}`;
}

function said(element) {
  const place = `trái ${spoken(element.x_mm)} mm, trên ${spoken(element.y_mm)} mm`;
  const marks = [element.locked && "đã khóa", element.hidden && "đang ẩn"].filter(Boolean);
  return [named(element), place, ...marks].join(", ");
}

function put(button, box) {
  button.style.setProperty("--x", rounded(box.x));
  button.style.setProperty("--y", rounded(box.y));
  button.style.setProperty("--w", rounded(box.width));
  button.style.setProperty("--h", rounded(box.height));
}

function rounded(mm) {
  return Math.round(mm * 1000) / 1000;
}

// The server has cleaned it, and turned `style` into attributes, which the policy of the
// page lets through.
function inert(text) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  const shown = document.importNode(parsed, true);
  shown.setAttribute("aria-hidden", "true");
  shown.setAttribute("focusable", "false");
  shown.removeAttribute("width");
  shown.removeAttribute("height");
  return shown;
}

// Say the move, given in the card's millimetres, in the units of the node's parent.
function transform(node, matrix) {
  const before = node.dataset.before ?? node.getAttribute("transform") ?? "";
  node.dataset.before = before;
  const outer = node.ownerSVGElement.getScreenCTM();
  const parent = outer.inverse().multiply(node.parentNode.getScreenCTM());
  const way = DOMMatrix.fromMatrix(parent);
  const { a, b, c, d, e, f } = way.inverse().multiply(matrix).multiply(way);
  node.setAttribute("transform", `matrix(${[a, b, c, d, e, f].join(" ")}) ${before}`);
}
