// The numbers of what is selected: left, top, width, height in millimetres.

import { around, boxOf } from "./boxes.js";
import { rounded, typed, written } from "./dom.js";
import { addresses } from "./commands.js";
import { resize } from "./gestures.js";

export class Numbers {
  #session;
  #inputs;
  #mayChange;

  constructor(session, root, mayChange) {
    this.#session = session;
    this.#mayChange = mayChange;
    this.#inputs = Object.fromEntries(
      [...root.querySelectorAll("[data-number]")].map((input) => [input.dataset.number, input]),
    );
    for (const [name, input] of Object.entries(this.#inputs)) {
      input.addEventListener("change", () => this.#change(name, typed(input.value)));
    }
    for (const type of ["state", "selection"]) session.addEventListener(type, () => this.#fill());
  }

  get #box() {
    const { selected } = this.#session;
    return selected.length ? around(selected.map(boxOf)) : null;
  }

  #fill() {
    const box = this.#box;
    const { selected } = this.#session;
    for (const [name, input] of Object.entries(this.#inputs)) {
      const isSize = name === "width" || name === "height";
      input.value = box ? written(rounded(box[name])) : "";
      input.disabled = !this.#mayChange || !box || selected.some(({ locked }) => locked) || (isSize && selected.length > 1);
    }
  }

  #change(name, value) {
    const box = this.#box;
    if (!box || Number.isNaN(value) || value === rounded(box[name])) return this.#fill();
    const { selected } = this.#session;
    if (name === "x" || name === "y") {
      const way = rounded(value - box[name]);
      const [dx, dy] = name === "x" ? [way, 0] : [0, way];
      return this.#session.apply([{ op: "move", at: addresses(selected), dx, dy }]);
    }
    return this.#session.apply([resize(selected[0].at, { ...box, [name]: value })]);
  }
}
