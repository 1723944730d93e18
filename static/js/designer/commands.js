// What the buttons and keys do to the selection, said as operations.

import { around, boxOf, CARD } from "./boxes.js";
import { rounded } from "./dom.js";
import { indexOf, parentOf } from "./source.js";

// Each answers the operations to send, or none where there is nothing to do.
const COMMANDS = {
  align: alignment,
  delete: (session) => one({ op: "delete", at: addresses(session.movable) }, session.movable),
  distribute: (session, axis) => one({ op: "distribute", at: addresses(session.movable), axis }, session.movable, 3),
  duplicate: (session) => one({ op: "duplicate", at: addresses(session.movable), dx: 2, dy: 2 }, session.movable),
  group: (session) => one({ op: "group", at: addresses(session.movable) }, session.movable, 2),
  hide: (session) => toggled(session, "display", "none", ({ hidden }) => hidden),
  lock: (session) => toggled(session, "data-locked", "1", ({ locked }) => locked),
  order,
  turn: (session) => session.movable.map(({ at }) => ({ op: "turn", at, quarters: 1 })),
  ungroup: (session) => {
    const [group] = session.movable;
    return group?.kind === "group" ? [{ op: "ungroup", at: group.at }] : [];
  },
};

export class Commands {
  #session;

  constructor(session, root) {
    this.#session = session;
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-command]");
      if (button && !button.disabled) this.run(button.dataset.command, button.dataset.value);
    });
    for (const type of ["state", "selection"]) {
      session.addEventListener(type, () => this.#enable(root));
    }
    this.#enable(root);
  }

  run(name, value) {
    if (name === "undo" || name === "redo") return this.#session[name]();
    const operations = COMMANDS[name](this.#session, value);
    return operations.length ? this.#session.apply(operations) : false;
  }

  nudge(dx, dy) {
    const { movable } = this.#session;
    if (movable.length) this.#session.apply([{ op: "move", at: addresses(movable), dx, dy }]);
  }

  #enable(root) {
    const { state, movable, selected } = this.#session;
    for (const button of root.querySelectorAll("[data-command]")) {
      const { command } = button.dataset;
      if (command === "undo" || command === "redo") {
        button.disabled = !state?.[command];
      } else {
        const counted = ["lock", "hide"].includes(command) ? selected : movable;
        button.disabled = counted.length < Number(button.dataset.needs ?? 1)
          || (command === "ungroup" && movable[0]?.kind !== "group");
      }
    }
    mark(root, "lock", selected.length > 0 && selected.every(({ locked }) => locked));
    mark(root, "hide", selected.length > 0 && selected.every(({ hidden }) => hidden));
  }
}

export function addresses(elements) {
  return elements.map(({ at }) => at);
}

function mark(root, command, pressed) {
  for (const button of root.querySelectorAll(`[data-command="${command}"]`)) {
    button.setAttribute("aria-pressed", pressed);
  }
}

function one(operation, elements, needs = 1) {
  return elements.length >= needs ? [operation] : [];
}

function toggled(session, name, value, isOn) {
  const on = session.selected.every(isOn);
  return session.selected.map(({ at }) => ({
    op: "set", at, attributes: { [name]: on ? null : value },
  }));
}

// One element is aligned with the card, several with each other.
function alignment(session, edge) {
  const elements = session.movable;
  if (elements.length > 1) return [{ op: "align", at: addresses(elements), edge }];
  if (!elements.length) return [];
  const box = around(elements.map(boxOf));
  const safe = session.state.safe_mm;
  const way = {
    left: [safe - box.x, 0],
    center: [(CARD.width - box.width) / 2 - box.x, 0],
    right: [CARD.width - safe - box.width - box.x, 0],
    top: [0, safe - box.y],
    middle: [0, (CARD.height - box.height) / 2 - box.y],
    bottom: [0, CARD.height - safe - box.height - box.y],
  }[edge].map(rounded);
  return [{ op: "move", at: addresses(elements), dx: way[0], dy: way[1] }];
}

function order(session, where) {
  const [element] = session.movable;
  if (!element) return [];
  const parent = parentOf(element.at);
  const places = session.boxes
    .filter((box) => box.at !== "" && parentOf(box.at) === parent)
    .map((box) => indexOf(box.at));
  const here = places.indexOf(indexOf(element.at));
  const there = {
    front: places.length - 1, forward: here + 1, backward: here - 1, back: 0,
  }[where];
  if (there === here || places[there] === undefined) return [];
  return [{ op: "reorder", at: element.at, index: places[there] }];
}
