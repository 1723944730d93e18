// Lay a bound text out on the stage roughly as the engine does (card_designs/fit.py):
// one line, shrunk a little; then more lines, broken between words. The printed layout
// is the preview's; here the words only must not run out of their place.

const COMFORTABLE = 0.8;
const SVG = "http://www.w3.org/2000/svg";

export function layOut(node) {
  const number = (name, otherwise) => parseFloat(node.getAttribute(`data-${name}`)) || otherwise;
  const room = number("max-width", Infinity);
  const words = node.textContent.trim().replace(/\s+/g, " ");
  if (node.children.length || !words || node.getComputedTextLength() <= room * 1.002) return;
  const size = parseFloat(getComputedStyle(node).fontSize);
  const lineHeight = number("line-height", 1.2);
  const most = node.getAttribute("data-fit") === "wrap" ? number("lines", 2) : 1;
  const height = number("max-height", most * lineHeight * size);
  let best = null;
  for (let count = 1; count <= most; count += 1) {
    const lines = broken(words, count, node);
    if (lines.length < count) break;
    const widest = Math.max(...lines.map(({ width }) => width));
    const scale = Math.min(1, room / widest, height / (count * lineHeight * size));
    if (!best || scale > best.scale) best = { scale, lines };
    if (best.scale >= COMFORTABLE) break;
  }
  write(node, best, { size: size * best.scale, step: size * best.scale * lineHeight });
}

// The words on `count` lines whose widest is as narrow as can be.
function broken(words, count, node) {
  const ends = [...words.matchAll(/ |$/g)].map(({ index }) => index);
  const width = (from, to) => node.getSubStringLength(from, to - from);
  const split = (from, left) => {
    if (left === 1) return { lines: [[from, words.length]], widest: width(from, words.length) };
    let best = null;
    for (const end of ends) {
      if (end <= from || end === words.length) continue;
      const own = width(from, end);
      if (best && own >= best.widest) break;
      const rest = split(end + 1, left - 1);
      const widest = Math.max(own, rest.widest);
      if (rest.lines.length === left - 1 && (!best || widest < best.widest)) {
        best = { lines: [[from, end], ...rest.lines], widest };
      }
    }
    return best ?? { lines: [], widest: Infinity };
  };
  return split(0, count).lines.map(([from, to]) => ({
    text: words.slice(from, to), width: width(from, to),
  }));
}

function write(node, { lines }, { size, step }) {
  const further = (lines.length - 1) * step;
  const raised = { up: further, middle: further / 2 }[node.getAttribute("data-grow")] ?? 0;
  const y = parseFloat(node.getAttribute("y")) || 0;
  node.style.fontSize = `${size}px`;
  node.replaceChildren(...lines.map(({ text }, index) => {
    const line = document.createElementNS(SVG, "tspan");
    line.setAttribute("x", node.getAttribute("x") ?? 0);
    line.setAttribute("y", y - raised + index * step);
    line.textContent = text;
    return line;
  }));
}
