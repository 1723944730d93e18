// Somebody else has changed the side meanwhile: say who, and offer to go on from there.

import { make } from "./dom.js";

// Event "gone": what the step was about is not there any more.
export class Conflict extends EventTarget {
  #session;
  #dialog;
  #operations = null;

  constructor(session, dialog) {
    super();
    this.#session = session;
    this.#dialog = dialog;
    session.addEventListener("conflict", ({ detail }) => this.#tell(detail));
    dialog.querySelector("[data-again]").addEventListener("click", () => this.#again());
    dialog.querySelector("[data-theirs]").addEventListener("click", () => dialog.close("theirs"));
    // However it is closed, work goes on with what the draft now holds.
    dialog.addEventListener("close", () => this.#closed());
  }

  #tell({ refused, operations }) {
    // A whole text would wipe out what the other one did: it stays unsaved instead.
    const again = operations && !operations.some(({ op }) => op === "replace");
    this.#operations = again ? operations : null;
    this.#dialog.querySelector("[data-said]").replaceChildren(make("p", {}, refused.message));
    this.#dialog.querySelector("[data-again]").hidden = !again;
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  #again() {
    this.#dialog.close("again");
  }

  async #closed() {
    const operations = this.#operations;
    const again = this.#dialog.returnValue === "again" && operations;
    const before = this.#session.source;
    this.#operations = null;
    await this.#session.reload();
    if (!again) return;
    if (this.#stillMeant(operations, before)) await this.#session.apply(operations);
    else this.dispatchEvent(new Event("gone"));
  }

  // An address may by now name something else: then the step would hit the wrong one.
  #stillMeant(operations, before) {
    const named = operations.flatMap(({ at = [] }) => at);
    return named.every((at) => {
      const [old, now] = [before.element(at), this.#session.source.element(at)];
      return now && old?.localName === now.localName
        && old.getAttribute("data-field") === now.getAttribute("data-field")
        && old.textContent === now.textContent;
    });
  }
}
