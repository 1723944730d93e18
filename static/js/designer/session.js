// The state of one side as the server last told it, what is selected, and the queue of
// operations. Events: "state", "selection", "refused" (detail: Refused), "conflict"
// (detail: {refused, operations}), "busy".

import { Refused } from "./server.js";
import { holds, Source } from "./source.js";

export class Session extends EventTarget {
  side = "front";
  state = null;
  source = null;
  selection = [];
  waiting = 0;

  #server;
  #last = Promise.resolve();

  constructor(server) {
    super();
    this.#server = server;
  }

  get boxes() {
    return this.state?.boxes ?? [];
  }

  box(at) {
    return this.boxes.find((box) => box.at === at) ?? null;
  }

  get selected() {
    return this.selection.map((at) => this.box(at)).filter(Boolean);
  }

  // What a gesture may change: a locked element stays where it is.
  get movable() {
    return this.selected.filter((box) => !box.locked);
  }

  // An element and the group that holds it are never selected together.
  select(ats) {
    const wanted = [...new Set(ats)].filter((at) => this.box(at));
    const chosen = wanted.filter((at) => !wanted.some((other) => holds(other, at)));
    if (chosen.join() === this.selection.join()) return;
    this.selection = chosen;
    this.#tell("selection");
  }

  toggle(at) {
    const has = this.selection.includes(at);
    this.select(has ? this.selection.filter((other) => other !== at) : [...this.selection, at]);
  }

  show(side) {
    return this.#inTurn(async () => {
      const state = await this.#server.state(side);
      if (side !== this.side) this.selection = [];
      this.side = side;
      this.#take(state);
    });
  }

  reload() {
    return this.show(this.side);
  }

  // Send operations as one step; resolves to true where the server took them.
  apply(operations) {
    return this.#change(operations, () => this.#server.apply(this.side, this.state.revision, operations));
  }

  undo() {
    return this.#change(null, () => this.#server.undo(this.side, this.state.revision));
  }

  redo() {
    return this.#change(null, () => this.#server.redo(this.side, this.state.revision));
  }

  upload(file, as) {
    return this.#change(null, () => this.#server.upload(this.side, this.state.revision, file, as));
  }

  #change(operations, send) {
    return this.#inTurn(async () => {
      try {
        this.#take(await send());
      } catch (refused) {
        if (!refused.isConflict) throw refused;
        this.#tell("conflict", { refused, operations });
        return false;
      }
      return true;
    });
  }

  // One after the other: each needs the revision that the one before it made.
  #inTurn(act) {
    this.#wait(1);
    const turn = this.#last.then(act).catch((problem) => {
      if (!(problem instanceof Refused)) throw problem;
      this.#tell("refused", problem);
      // What was shown in advance did not come true.
      this.#tell("state");
      return false;
    }).finally(() => this.#wait(-1));
    this.#last = turn.catch(() => {});
    return turn;
  }

  #take(state) {
    this.state = state;
    this.source = new Source(state.source);
    const before = this.selection.join();
    const wanted = state.at?.length ? state.at : this.selection;
    this.selection = wanted.filter((at) => this.box(at));
    this.#tell("state");
    if (this.selection.join() !== before) this.#tell("selection");
  }

  #wait(change) {
    this.waiting += change;
    this.#tell("busy");
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
