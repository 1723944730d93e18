// Where a box being moved wants to stand: card edges, the safe margin, centre lines and
// neighbours. Pure: boxes in, a correction and the lines to show out.

import { CARD } from "./boxes.js";

const AXES = {
  x: { start: "x", size: "width", cross: "y", crossSize: "height" },
  y: { start: "y", size: "height", cross: "x", crossSize: "width" },
};
const SAME_MM = 0.005;

// The lines one may snap to: {x: [line…], y: [line…]}, a line {at, box}; `box` is the
// neighbour that it belongs to, none for the card's own.
export function snapLines(neighbours, safeMm) {
  return { x: linesOf("x", neighbours, safeMm), y: linesOf("y", neighbours, safeMm) };
}

function linesOf(axis, neighbours, safeMm) {
  const { start, size } = AXES[axis];
  const long = CARD[size];
  const own = [0, safeMm, long / 2, long - safeMm, long].map((at) => ({ at, box: null }));
  const theirs = neighbours.flatMap((box) => [0, 0.5, 1].map(
    (share) => ({ at: box[start] + share * box[size], box }),
  ));
  return [...own, ...theirs];
}

// Correct a moved box: {dx, dy, guides}. `shares` says which of its lines count:
// 0 left or top, 0.5 middle, 1 right or bottom.
export function snap(box, lines, toleranceMm, shares = { x: [0, 0.5, 1], y: [0, 0.5, 1] }) {
  const dx = nearest(box, "x", lines.x, toleranceMm, shares.x);
  const dy = nearest(box, "y", lines.y, toleranceMm, shares.y);
  const there = { ...box, x: box.x + dx, y: box.y + dy };
  const guides = [
    ...(dx === null ? [] : guidesOf(there, "x", lines.x, shares.x)),
    ...(dy === null ? [] : guidesOf(there, "y", lines.y, shares.y)),
  ];
  return { dx: dx ?? 0, dy: dy ?? 0, guides };
}

function nearest(box, axis, lines, toleranceMm, shares) {
  const { start, size } = AXES[axis];
  let best = null;
  for (const share of shares) {
    const own = box[start] + share * box[size];
    for (const line of lines) {
      const off = line.at - own;
      if (Math.abs(off) > toleranceMm) continue;
      if (best === null || Math.abs(off) < Math.abs(best)) best = off;
    }
  }
  return best;
}

// Each line that the box now stands on, as far as it and the neighbour reach; `gap` is
// the free way between the two in millimetres, 0 where there is none.
function guidesOf(box, axis, lines, shares) {
  const { start, size, cross, crossSize } = AXES[axis];
  const found = new Map();
  for (const share of shares) {
    const own = box[start] + share * box[size];
    for (const line of lines) {
      if (Math.abs(line.at - own) > SAME_MM) continue;
      const guide = guideTo(box, line, { axis, cross, crossSize });
      const known = found.get(line.at);
      // Of several neighbours on one line the nearest tells its distance.
      if (!known || (guide.gap && (!known.gap || guide.gap < known.gap))) found.set(line.at, guide);
    }
  }
  return [...found.values()];
}

function guideTo(box, line, { axis, cross, crossSize }) {
  const other = line.box ?? CARD;
  const [from, to] = [box[cross], box[cross] + box[crossSize]];
  const [otherFrom, otherTo] = [other[cross], other[cross] + other[crossSize]];
  const gap = line.box ? Math.max(0, otherFrom - to, from - otherTo) : 0;
  const gapFrom = otherFrom > to ? to : otherTo;
  return {
    axis,
    at: line.at,
    from: Math.min(from, otherFrom),
    to: Math.max(to, otherTo),
    gap,
    gapMiddle: gapFrom + gap / 2,
  };
}
