// What the stage shows over the card and never prints: rulers, grid, safe area, zones
// of the bank, guides, and the frame of what is selected.

import { CARD } from "./boxes.js";
import { draw, make, spoken } from "./dom.js";
import { MARGIN_MM } from "./stage.js";

const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
const CORNER_MM = 3.18; // of every ID-1 card (ISO/IEC 7810)

export class Overlay {
  #session;
  #stage;
  #still;
  #guides;
  #frame;
  #marquee;

  constructor(root, session, stage) {
    this.#session = session;
    this.#stage = stage;
    this.#still = root.querySelector("[data-still]");
    this.#guides = root.querySelector("[data-guides]");
    this.#frame = root.querySelector("[data-frame]");
    this.#marquee = root.querySelector("[data-marquee]");
    this.#frame.append(...HANDLES.map((side) => make("span", { class: "handle", "data-handle": side })));
    for (const svg of [this.#still, this.#guides]) {
      svg.setAttribute("viewBox", [
        -MARGIN_MM, -MARGIN_MM, CARD.width + 2 * MARGIN_MM, CARD.height + 2 * MARGIN_MM,
      ].join(" "));
    }
    stage.addEventListener("zoom", () => this.drawStill());
    session.addEventListener("state", () => this.drawStill());
  }

  drawStill() {
    const { state } = this.#session;
    this.#still.replaceChildren(
      outside(),
      draw("g", { class: "grid" }, ...gridLines()),
      safeArea(state?.safe_mm ?? 3),
      ...(state?.zones ?? []).map((zone) => this.#zone(zone)),
      ...this.#rulers(),
    );
  }

  // `box` is none where nothing is selected; handles only where one may pull.
  frame(box, { pulls = false } = {}) {
    this.#frame.hidden = !box;
    if (!box) return;
    this.#frame.classList.toggle("pulls", pulls);
    lay(this.#frame, box);
  }

  marquee(box) {
    this.#marquee.hidden = !box;
    if (box) lay(this.#marquee, box);
  }

  guides(guides) {
    this.#guides.replaceChildren(...guides.flatMap((guide) => this.#guide(guide)));
  }

  #guide({ axis, at, from, to, gap, gapMiddle }) {
    const line = axis === "x"
      ? { x1: at, x2: at, y1: from, y2: to }
      : { x1: from, x2: to, y1: at, y2: at };
    const drawn = [draw("line", line)];
    if (gap > 0.05) {
      const place = axis === "x" ? { x: at, y: gapMiddle } : { x: gapMiddle, y: at };
      drawn.push(draw("text", { ...place, "font-size": 12 / this.#stage.scale }, `${spoken(gap)} mm`));
    }
    return drawn;
  }

  #zone(zone) {
    const place = { x: zone.x_mm, y: zone.y_mm };
    const size = 11 / this.#stage.scale;
    return draw("g", { class: "zone" },
      draw("rect", { ...place, width: zone.width_mm, height: zone.height_mm }),
      draw("text", { x: place.x + size / 2, y: place.y + size * 1.2, "font-size": size }, zone.name));
  }

  #rulers() {
    const size = 10 / this.#stage.scale;
    const across = draw("g", { class: "ruler" });
    for (let mm = 0; mm <= CARD.width; mm += 1) {
      across.append(draw("line", { x1: mm, x2: mm, y1: -MARGIN_MM, y2: -MARGIN_MM + tick(mm) }));
      if (mm % 10 === 0) {
        across.append(draw("text", { x: mm + 0.4, y: -MARGIN_MM + 1.2 + size, "font-size": size }, mm));
      }
    }
    const down = draw("g", { class: "ruler" });
    for (let mm = 0; mm <= CARD.height; mm += 1) {
      down.append(draw("line", { y1: mm, y2: mm, x1: -MARGIN_MM, x2: -MARGIN_MM + tick(mm) }));
      if (mm % 10 === 0) {
        down.append(draw("text", { x: -MARGIN_MM + 0.4, y: mm + 0.3 + size, "font-size": size }, mm));
      }
    }
    return [across, down];
  }
}

function tick(mm) {
  if (mm % 10 === 0) return 2.4;
  return mm % 5 === 0 ? 1.6 : 0.9;
}

// Bleed is cut away: it is shown, but pale.
function outside() {
  const r = CORNER_MM;
  const { width, height } = CARD;
  const card = `M${r} 0H${width - r}A${r} ${r} 0 0 1 ${width} ${r}V${height - r}`
    + `A${r} ${r} 0 0 1 ${width - r} ${height}H${r}A${r} ${r} 0 0 1 0 ${height - r}`
    + `V${r}A${r} ${r} 0 0 1 ${r} 0Z`;
  const m = MARGIN_MM;
  const all = `M${-m} ${-m}H${width + m}V${height + m}H${-m}Z`;
  return draw("g", { class: "edge" },
    draw("path", { class: "outside", d: all + card, "fill-rule": "evenodd" }),
    draw("path", { class: "cut", d: card }));
}

function gridLines() {
  const lines = [];
  for (let x = 5; x < CARD.width; x += 5) {
    lines.push(draw("line", { x1: x, x2: x, y1: 0, y2: CARD.height }));
  }
  for (let y = 5; y < CARD.height; y += 5) {
    lines.push(draw("line", { x1: 0, x2: CARD.width, y1: y, y2: y }));
  }
  return lines;
}

function safeArea(mm) {
  return draw("rect", {
    class: "safe", x: mm, y: mm, width: CARD.width - 2 * mm, height: CARD.height - 2 * mm,
  });
}

function lay(element, box) {
  element.style.setProperty("--x", box.x);
  element.style.setProperty("--y", box.y);
  element.style.setProperty("--w", box.width);
  element.style.setProperty("--h", box.height);
}
