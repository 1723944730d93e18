// Reads the SVG text of a side; addresses its elements as the server does ("3/0" is the
// first child of the fourth). Reads only: the text is changed by the server alone.

const SVG = "http://www.w3.org/2000/svg";
const INKSCAPE = "http://www.inkscape.org/namespaces/inkscape";
const UNINHERITED = new Set(["transform", "x", "y", "width", "height", "display", "opacity", "rx"]);

export class Source {
  #root;

  constructor(text) {
    this.text = text;
    // Under another namespace the browser knows no style, picture or script in it.
    const plain = text.replaceAll(SVG, "urn:read-only");
    this.#root = new DOMParser().parseFromString(plain, "application/xml").documentElement;
  }

  element(at) {
    let element = this.#root;
    for (const index of at === "" ? [] : at.split("/")) element = element?.children[index];
    return element ?? null;
  }

  // How many children the element at `at` has; "" is the root.
  count(at = "") {
    return this.element(at)?.children.length ?? 0;
  }

  // An attribute, or the property of that name inside `style`; null where absent.
  own(at, name) {
    return declared(this.element(at), name);
  }

  // The same as it takes effect: from the nearest ancestor that says something.
  effective(at, name) {
    let element = this.element(at);
    while (element) {
      const value = declared(element, name);
      if (value !== null || name.startsWith("data-") || UNINHERITED.has(name)) return value;
      element = element.parentElement;
    }
    return null;
  }

  words(at) {
    return this.element(at)?.textContent.trim().replace(/\s+/g, " ") ?? "";
  }

  name(at) {
    const element = this.element(at);
    return element?.getAttributeNS(INKSCAPE, "label") ?? element?.getAttribute("data-name") ?? "";
  }
}

function declared(element, name) {
  if (!element) return null;
  // What `style` says wins over the attribute, as in CSS.
  for (const part of (element.getAttribute("style") ?? "").split(";")) {
    const colon = part.indexOf(":");
    if (colon > 0 && part.slice(0, colon).trim() === name) return part.slice(colon + 1).trim();
  }
  return element.getAttribute(name);
}

// Addresses: "3" holds "3/0".

export function holds(outer, inner) {
  return outer === "" ? inner !== "" : inner.startsWith(`${outer}/`);
}

export function parentOf(at) {
  return at.includes("/") ? at.slice(0, at.lastIndexOf("/")) : "";
}

export function indexOf(at) {
  return Number(at.slice(at.lastIndexOf("/") + 1));
}
