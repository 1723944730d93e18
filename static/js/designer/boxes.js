// Boxes on the card in millimetres: {x, y, width, height}.

export const CARD = { x: 0, y: 0, width: 85.6, height: 53.98 };

export function boxOf(element) {
  return {
    x: element.x_mm, y: element.y_mm, width: element.width_mm, height: element.height_mm,
  };
}

export function around(boxes) {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map((box) => box.x + box.width)) - x,
    height: Math.max(...boxes.map((box) => box.y + box.height)) - y,
  };
}

export function moved(box, dx, dy) {
  return { ...box, x: box.x + dx, y: box.y + dy };
}

export function touch(one, other) {
  return one.x < other.x + other.width && other.x < one.x + one.width
    && one.y < other.y + other.height && other.y < one.y + one.height;
}

export function inside(point, box) {
  return point.x >= box.x && point.x <= box.x + box.width
    && point.y >= box.y && point.y <= box.y + box.height;
}

// Which part of the card a box covers, 0 to 1.
export function share(box) {
  const wide = Math.min(box.x + box.width, CARD.width) - Math.max(box.x, 0);
  const high = Math.min(box.y + box.height, CARD.height) - Math.max(box.y, 0);
  return (Math.max(wide, 0) * Math.max(high, 0)) / (CARD.width * CARD.height);
}

export function between(start, end) {
  return {
    x: Math.min(start.x, end.x),
    y: Math.min(start.y, end.y),
    width: Math.abs(end.x - start.x),
    height: Math.abs(end.y - start.y),
  };
}

// Pull the edges named by `handle` ("n", "se" …) by dx, dy; `ratio` (width ÷ height)
// is kept where given. Never smaller than `least`.
export function pulled(box, handle, dx, dy, ratio = null, least = 0.2) {
  let { width, height } = box;
  if (handle.includes("e")) width += dx;
  if (handle.includes("w")) width -= dx;
  if (handle.includes("s")) height += dy;
  if (handle.includes("n")) height -= dy;
  width = Math.max(least, width);
  height = Math.max(least, height);
  if (ratio) {
    if (handle === "n" || handle === "s") width = height * ratio;
    else height = width / ratio;
  }
  return {
    x: handle.includes("w") ? box.x + box.width - width : box.x,
    y: handle.includes("n") ? box.y + box.height - height : box.y,
    width,
    height,
  };
}
