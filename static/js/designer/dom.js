// Small tools for the page: elements by their attributes, sizes in Vietnamese.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// The sprite's address stands in the template, fingerprint and all.
export function icon(name) {
  const sprite = document.querySelector("[data-designer]").dataset.icons;
  const drawn = draw("svg", { class: "icon", "aria-hidden": "true", focusable: "false" });
  drawn.append(draw("use", { href: `${sprite}#${name}` }));
  return drawn;
}

export function rounded(mm) {
  return Math.round(mm * 100) / 100;
}

// A number as Vietnamese write it, and back: both "18,5" and "18.5" are meant.
export function typed(text) {
  return text.trim() ? Number(text.trim().replace(",", ".")) : NaN;
}

export function written(number) {
  return String(number).replace(".", ",");
}

export function spoken(mm) {
  return rounded(mm).toLocaleString("vi-VN");
}

// At most once a frame, however many pointer moves come in.
export function eachFrame(act) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      act();
    });
  };
}

export function after(milliseconds, act) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...values), milliseconds);
  };
}
