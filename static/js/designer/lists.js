// The list of layers, topmost first, and the list of problems.

import { icon, make } from "./dom.js";
import { kindOf } from "./stage.js";
import { parentOf } from "./source.js";

const KIND_ICONS = {
  text: "type", photo: "person-badge", code: "upc-scan", image: "image", group: "bounding-box",
};

export class Layers {
  #session;
  #stage;
  #list;

  constructor(session, stage, list) {
    this.#session = session;
    this.#stage = stage;
    this.#list = list;
    session.addEventListener("state", () => this.#fill());
    stage.addEventListener("render", () => this.#fill());
    session.addEventListener("selection", () => this.#mark());
  }

  #fill() {
    const focused = document.activeElement?.dataset?.layer;
    const shown = this.#session.boxes.filter((box) => (
      parentOf(box.at) === "" || parentOf(box.at) === this.#stage.entered || box.field
    ));
    this.#list.replaceChildren(...shown.reverse().map((box) => this.#row(box)));
    this.#mark();
    if (focused !== undefined) this.#list.querySelector(`[data-layer="${focused}"]`)?.focus();
  }

  #row(box) {
    const row = make("button", {
      type: "button",
      class: box.hidden ? "row-button hidden-element" : "row-button",
      "data-layer": box.at,
      onclick: (event) => this.#press(event, box.at),
      ondblclick: () => box.kind === "group" && this.#stage.enter(box.at),
    }, icon(KIND_ICONS[box.kind] ?? "square"), make("span", { class: "row-name" }, box.label));
    row.append(make("span", { class: "visually-hidden" }, `, ${kindOf(box)}`));
    if (box.locked) row.append(icon("lock"), make("span", { class: "visually-hidden" }, ", đã khóa"));
    if (box.hidden) row.append(icon("eye-slash"), make("span", { class: "visually-hidden" }, ", đang ẩn"));
    return make("li", { class: parentOf(box.at) ? "inner" : null }, row);
  }

  #press(event, at) {
    if (event.shiftKey || event.ctrlKey || event.metaKey) this.#session.toggle(at);
    else this.#session.select([at]);
  }

  #mark() {
    for (const row of this.#list.querySelectorAll("[data-layer]")) {
      row.setAttribute("aria-pressed", this.#session.selection.includes(row.dataset.layer));
    }
  }
}

export class Problems {
  #session;
  #stage;
  #root;

  constructor(session, stage, root) {
    this.#session = session;
    this.#stage = stage;
    this.#root = root;
    session.addEventListener("state", () => this.#fill());
  }

  #fill() {
    const { problems } = this.#session.state;
    this.#root.querySelector("[data-count]").textContent = problems.length || "";
    this.#root.querySelector("[data-none]").hidden = problems.length > 0;
    this.#root.querySelector("ul").replaceChildren(...problems.map((problem) => make("li", {},
      make("button", {
        type: "button", class: `row-button ${problem.level}`, onclick: () => this.#go(problem),
      }, icon(problem.level === "error" ? "x-circle-fill" : "exclamation-triangle-fill"),
      make("span", {}, make("strong", {}, problem.where ? `${problem.where}: ` : ""), problem.message)))));
  }

  async #go({ side, at }) {
    if (side && side !== this.#session.side) await this.#session.show(side);
    if (at === null || at === undefined) return;
    this.#session.select([at]);
    this.#stage.button(at)?.focus();
  }
}
