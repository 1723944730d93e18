// Both sides as they will be printed, drawn by the production engine on the server.

import { after, make } from "./dom.js";
import { Refused } from "./server.js";

const ASK_AFTER_MS = 60;
const DPI = 150;

export class Preview {
  #session;
  #server;
  #root;
  #choice;
  #member = null;
  #asked = {};
  #later = after(ASK_AFTER_MS, () => this.#changed());

  constructor(session, server, root) {
    this.#session = session;
    this.#server = server;
    this.#root = root;
    this.#choice = root.querySelector("[data-card]");
    this.#choice.addEventListener("change", () => this.#chosen());
    session.addEventListener("state", () => this.#later());
    const search = root.querySelector("[data-member-search]");
    search?.addEventListener("input", after(300, () => this.#find(search.value)));
  }

  // The sample cards that the server knows; a real member comes last.
  offer({ samples }) {
    this.#choice.prepend(...samples.map(({ name, label }) => new Option(label, name)));
    this.#choice.selectedIndex = 0;
  }

  #changed() {
    if (!this.#asked.front) return this.#drawBoth();
    // What was refused may be whole by now: names on one side mend the other.
    for (const side of ["front", "back"]) {
      if (side === this.#session.side || this.#figure(side).matches(".stale")) this.#draw(side);
    }
  }

  #drawBoth() {
    for (const side of ["front", "back"]) this.#draw(side);
  }

  #chosen() {
    const isMember = this.#choice.value === "member";
    this.#root.querySelector("[data-member]").hidden = !isMember;
    if (isMember && !this.#member) this.#root.querySelector("[data-member-search]").focus();
    else this.#drawBoth();
  }

  async #find(words) {
    const list = this.#root.querySelector("[data-members]");
    if (words.trim().length < 2) return list.replaceChildren();
    let found;
    try {
      found = await this.#server.members(words.trim());
    } catch (refused) {
      return list.replaceChildren(make("li", {}, refused.message));
    }
    if (!found.length) return list.replaceChildren(make("li", {}, "Không thấy ai trong phạm vi của bạn."));
    return list.replaceChildren(...found.map((member) => make("li", {}, make("button", {
      type: "button", class: "row-button", onclick: () => this.#take(member),
    }, make("strong", {}, member.name), ` ${member.unit}`))));
  }

  #take(member) {
    this.#member = member;
    this.#root.querySelector("[data-member-search]").value = member.name;
    this.#root.querySelector("[data-members]").replaceChildren();
    this.#drawBoth();
  }

  async #draw(side) {
    const figure = this.#figure(side);
    const picture = figure.querySelector("img");
    const why = figure.querySelector("[data-why]");
    this.#asked[side]?.abort();
    const asked = new AbortController();
    this.#asked[side] = asked;
    figure.setAttribute("aria-busy", "true");
    try {
      const blob = await this.#server.picture(side, { mau: this.#card, dpi: DPI }, asked.signal);
      const old = picture.src;
      picture.src = URL.createObjectURL(blob);
      picture.hidden = false;
      if (old) URL.revokeObjectURL(old);
      why.hidden = true;
      figure.classList.remove("stale");
    } catch (problem) {
      if (!(problem instanceof Refused)) {
        if (problem.name === "AbortError") return;
        throw problem;
      }
      why.replaceChildren(...reasons(problem).map((text) => make("span", {}, text)));
      why.hidden = false;
      figure.classList.add("stale");
    }
    figure.removeAttribute("aria-busy");
  }

  #figure(side) {
    return this.#root.querySelector(`[data-preview="${side}"]`);
  }

  get #card() {
    const { value } = this.#choice;
    if (value !== "member") return value || "sample";
    return this.#member ? `member:${this.#member.id}` : "sample";
  }
}

function reasons({ message, answer }) {
  const known = (answer.problems ?? []).map(({ where, text }) => (where ? `${where}: ${text}` : text));
  return [message, ...known.slice(0, 3)];
}
