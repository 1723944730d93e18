// Mouse, pen and finger on the stage: select, move, pull, frame several.

import interact from "../../vendor/interact.esm.min.js";
import { around, between, boxOf, inside, moved, pulled, touch } from "./boxes.js";
import { eachFrame, rounded } from "./dom.js";
import { snap, snapLines } from "./snapping.js";
import { holds } from "./source.js";
import { isBackground } from "./stage.js";

const SNAP_PX = 6;
const PULLED_SHARES = { w: 0, e: 1, n: 0, s: 1 };

export class Gestures {
  #session;
  #stage;
  #overlay;
  #going = null;
  #dragged = false;
  #show = eachFrame(() => this.#going?.show());

  constructor(session, stage, overlay) {
    this.#session = session;
    this.#stage = stage;
    this.#overlay = overlay;
    stage.addEventListener("render", () => this.frame());
    session.addEventListener("selection", () => this.frame());
    this.#select();
  }

  // From here on elements may be moved and pulled too, not only selected.
  begin() {
    this.#listen(".proxy:not(.paper, .locked)", () => this.#move(), (event, target) => {
      // A finger on what is not selected scrolls the page.
      return event.pointerType !== "touch" || target.getAttribute("aria-pressed") === "true";
    });
    this.#listen("[data-handle]", (event) => this.#pull(event.target.dataset.handle));
    this.#listen("[data-ground]", (event) => this.#surround(event), (event) => event.pointerType !== "touch");
  }

  // The frame of what is selected; handles only where it is one that may change.
  frame() {
    const chosen = this.#session.selected;
    const box = chosen.length ? around(chosen.map(boxOf)) : null;
    const single = chosen.length === 1 && !chosen[0].locked;
    this.#overlay.frame(box, { pulls: single });
  }

  #listen(selector, begin, allowed = () => true) {
    const { sheet } = this.#stage;
    interact(selector, { context: sheet }).styleCursor(false).draggable({
      listeners: {
        start: (event) => {
          this.#dragged = true;
          this.#going = begin(event);
        },
        move: (event) => {
          if (!this.#going) return;
          this.#going.event = event;
          this.#show();
        },
        end: (event) => {
          const gesture = this.#going;
          this.#going = null;
          if (!gesture) return;
          gesture.event = event;
          gesture.show();
          this.#overlay.guides([]);
          gesture.finish();
        },
      },
    }).actionChecker((pointer, event, action, interactable, element) => (
      allowed(event, element) ? action : null
    ));
  }

  #select() {
    const { sheet } = this.#stage;
    sheet.addEventListener("pointerdown", (event) => {
      this.#dragged = false;
      if (event.button === 0 && event.pointerType !== "touch") this.#press(event);
    });
    sheet.addEventListener("click", (event) => {
      // Fingers select by a tap, the keyboard by Enter; the mouse has done so already.
      if (event.pointerType === "touch" || event.detail === 0) this.#press(event);
      else if (!this.#dragged) this.#single(event);
    });
    sheet.addEventListener("dblclick", (event) => this.#enter(event));
  }

  #press(event) {
    if (event.target.closest("[data-handle]")) return;
    const at = event.target.closest("[data-proxy]")?.dataset.proxy ?? null;
    if (at !== null) {
      const alone = this.#session.selection.join() === at;
      if (event.shiftKey || event.ctrlKey || event.metaKey) this.#session.toggle(at);
      else if (alone && event.detail === 0) this.#enterGroup(at);
      else if (!this.#session.selection.includes(at)) this.#session.select([at]);
    } else if (!event.shiftKey) {
      this.#session.select(this.#behind(this.#stage.point(event)));
    }
  }

  // One of several was pressed and not dragged: from now on it alone.
  #single(event) {
    const at = event.target.closest("[data-proxy]")?.dataset.proxy;
    if (at && !event.shiftKey && !event.ctrlKey && !event.metaKey) this.#session.select([at]);
  }

  // On bare ground a press reaches the topmost of what lies behind everything else.
  #behind(point) {
    const found = this.#stage.reachable.filter((element) => (
      isBackground(element) && !element.locked && inside(point, boxOf(element))
    ));
    return found.length ? [found.at(-1).at] : [];
  }

  #enter(event) {
    const at = event.target.closest("[data-proxy]")?.dataset.proxy;
    if (at) this.#enterGroup(at);
    else if (!event.target.closest("[data-handle]")) this.#stage.enter("");
  }

  #enterGroup(at) {
    if (this.#session.box(at)?.kind === "group") this.#stage.enter(at);
  }

  #lines(except) {
    const others = this.#stage.reachable.filter((element) => (
      !element.hidden && !except.some(({ at }) => at === element.at
        || holds(at, element.at) || holds(element.at, at))
    ));
    return snapLines(others.map(boxOf), this.#session.state.safe_mm);
  }

  #tolerance(event) {
    return event.altKey ? 0 : SNAP_PX / this.#stage.scale;
  }

  #way(event) {
    return {
      dx: (event.clientX - event.clientX0) / this.#stage.scale,
      dy: (event.clientY - event.clientY0) / this.#stage.scale,
    };
  }

  #move() {
    const elements = this.#session.movable;
    if (!elements.length) return null;
    const boxes = elements.map(boxOf);
    const whole = around(boxes);
    const lines = this.#lines(elements);
    const way = { dx: 0, dy: 0 };
    const gesture = {
      show: () => {
        const asked = this.#way(gesture.event);
        const tolerance = this.#tolerance(gesture.event);
        const pull = tolerance
          ? snap(moved(whole, asked.dx, asked.dy), lines, tolerance)
          : { dx: 0, dy: 0, guides: [] };
        way.dx = rounded(asked.dx + pull.dx);
        way.dy = rounded(asked.dy + pull.dy);
        this.#stage.inAdvance(
          elements,
          new DOMMatrix().translate(way.dx, way.dy),
          boxes.map((box) => moved(box, way.dx, way.dy)),
        );
        this.#overlay.frame(moved(whole, way.dx, way.dy));
        this.#overlay.guides(pull.guides);
      },
      finish: () => {
        if (!way.dx && !way.dy) return this.#stage.render();
        return this.#session.apply([{ op: "move", at: elements.map(({ at }) => at), ...way }]);
      },
    };
    return gesture;
  }

  #pull(handle) {
    const [element] = this.#session.movable;
    if (!element) return null;
    const box = boxOf(element);
    const lines = this.#lines([element]);
    const shares = { x: edges(handle, "we"), y: edges(handle, "ns") };
    // Faces are not stretched; a photo's place is 2:3, a QR code square.
    const keeps = element.kind === "photo" || element.kind === "image";
    const ratio = keeps ? box.width / box.height : null;
    let wanted = box;
    const gesture = {
      show: () => {
        const { dx, dy } = this.#way(gesture.event);
        const tolerance = this.#tolerance(gesture.event);
        const rough = pulled(box, handle, dx, dy, ratio);
        const pull = tolerance
          ? snap(rough, lines, tolerance, shares)
          : { dx: 0, dy: 0, guides: [] };
        wanted = pulled(box, handle, dx + pull.dx, dy + pull.dy, ratio);
        const stretch = new DOMMatrix()
          .translate(wanted.x, wanted.y)
          .scale(wanted.width / (box.width || 1), wanted.height / (box.height || 1))
          .translate(-box.x, -box.y);
        this.#stage.inAdvance([element], stretch, [wanted]);
        this.#overlay.frame(wanted, { pulls: true });
        this.#overlay.guides(pull.guides);
      },
      finish: () => this.#session.apply([resize(element.at, wanted)]),
    };
    return gesture;
  }

  #surround(begin) {
    const start = this.#stage.point({ clientX: begin.clientX0, clientY: begin.clientY0 });
    const kept = begin.shiftKey ? this.#session.selection : [];
    const gesture = {
      show: () => {
        const box = between(start, this.#stage.point(gesture.event));
        this.#overlay.marquee(box);
        const found = this.#stage.reachable.filter((element) => (
          !element.locked && !element.hidden && !isBackground(element)
          && touch(box, boxOf(element))
        ));
        this.#session.select([...kept, ...found.map(({ at }) => at)]);
      },
      finish: () => this.#overlay.marquee(null),
    };
    return gesture;
  }
}

export function resize(at, box) {
  return {
    op: "resize",
    at,
    x: rounded(box.x),
    y: rounded(box.y),
    width: rounded(box.width),
    height: rounded(box.height),
  };
}

function edges(handle, names) {
  return [...names].filter((name) => handle.includes(name)).map((name) => PULLED_SHARES[name]);
}
