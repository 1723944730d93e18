// Keys: arrows move by 0.1 mm (Shift: 1 mm), the rest are those of other editors.

import { around, boxOf, moved } from "./boxes.js";
import { after, rounded } from "./dom.js";

const STEP_MM = 0.1;
const LONG_STEP_MM = 1;
const SEND_AFTER_MS = 250;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const WITH_CONTROL = {
  d: ["duplicate"], g: ["group"], z: ["undo"], y: ["redo"],
  "]": ["order", "forward"], "[": ["order", "backward"],
};
const WITH_CONTROL_AND_SHIFT = { g: ["ungroup"], z: ["redo"] };

export class Keyboard {
  #session;
  #stage;
  #overlay;
  #commands;
  #way = { dx: 0, dy: 0 };
  #sendLater = after(SEND_AFTER_MS, () => this.#send());

  constructor({ session, stage, overlay, commands, root }) {
    this.#session = session;
    this.#stage = stage;
    this.#overlay = overlay;
    this.#commands = commands;
    stage.sheet.addEventListener("keydown", (event) => this.#onStage(event));
    root.addEventListener("keydown", (event) => this.#anywhere(event));
    // An answer to an earlier step must not undo what the later keys have shown.
    stage.addEventListener("render", () => this.#show());
    for (const button of root.querySelectorAll("[data-nudge]")) {
      button.addEventListener("click", () => this.#nudge(button.dataset.nudge, STEP_MM));
    }
  }

  #onStage(event) {
    const at = event.target.closest("[data-proxy]")?.dataset.proxy;
    if (ARROWS[event.key] && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (at !== undefined && !this.#session.selection.includes(at)) this.#session.select([at]);
      this.#nudge(event.key, event.shiftKey ? LONG_STEP_MM : STEP_MM);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.#commands.run("delete");
    } else if (event.key === "Escape") {
      if (this.#stage.entered) this.#stage.enter("");
      else this.#session.select([]);
    } else if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#session.select(this.#stage.reachable.filter(({ locked }) => !locked).map((box) => box.at));
    }
  }

  #anywhere(event) {
    // Whoever has just pressed a tool goes on with the keys as on the stage.
    if (event.target.matches("[data-command]") && this.#session.selection.length) {
      if (ARROWS[event.key] || event.key === "Delete") return this.#onStage(event);
    }
    if (!(event.ctrlKey || event.metaKey) || event.isComposing) return;
    // In a field the browser's own undo comes first.
    if (event.target.matches("input, textarea, select, [contenteditable]")) return;
    const known = event.shiftKey ? WITH_CONTROL_AND_SHIFT : WITH_CONTROL;
    const command = known[event.key.toLowerCase()];
    if (!command || event.target.closest("[data-source-host]")) return;
    event.preventDefault();
    this.#send();
    this.#commands.run(...command);
  }

  #nudge(key, step) {
    const [right, down] = ARROWS[key];
    this.#way.dx = rounded(this.#way.dx + right * step);
    this.#way.dy = rounded(this.#way.dy + down * step);
    this.#show();
    this.#sendLater();
  }

  #show() {
    const { dx, dy } = this.#way;
    const elements = this.#session.movable;
    if ((!dx && !dy) || !elements.length) return;
    const boxes = elements.map((element) => moved(boxOf(element), dx, dy));
    this.#stage.inAdvance(elements, new DOMMatrix().translate(dx, dy), boxes);
    this.#overlay.frame(around(boxes));
  }

  #send() {
    const { dx, dy } = this.#way;
    this.#way = { dx: 0, dy: 0 };
    if (dx || dy) this.#commands.nudge(dx, dy);
  }
}
