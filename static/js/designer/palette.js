// What can be put onto the card: the registered fields, and free texts, lines, boxes and
// pictures. Each is a small piece of SVG for the operation "insert".

import { CARD } from "./boxes.js";
import { icon, make } from "./dom.js";

const FAMILY = "Be Vietnam Pro";
// How a field first looks, sizes in mm: large enough to read, with room for the longest
// value that the registry knows.
const LOOKS = {
  full_name: { size: 3.6, bold: true, width: 48, least: 2.1, lines: 2 },
  issue_date: { size: 1.9, width: 30, least: 1.6, format: "Cấp ngày {}" },
  member_number: { size: 3.4, bold: true, width: 40, least: 2.8, format: "{groups}" },
  unit_name: { size: 2.4, width: 44, least: 1.8, lines: 3 },
  // The address itself is for the QR code; people read what it is for.
  verify_url: { size: 1.7, width: 20, least: 1.4, format: "Quét để kiểm tra" },
};
const PLAIN = { size: 2.6, width: 36, least: 2 };
// Not every member has these: without a value nothing is printed.
const OPTIONAL = new Set(["province_code", "vpoint_code", "verify_url"]);
const CODES = {
  code128: { icon: "upc-scan", field: "member_number", width: 30.8, height: 6.4 },
  qr: { icon: "qr-code", field: "verify_url", width: 15, height: 15 },
};

export class Palette {
  #session;
  #root;

  constructor(session, root) {
    this.#session = session;
    this.#root = root;
    for (const button of root.querySelectorAll("[data-shape]")) {
      button.addEventListener("click", () => this.#insert(SHAPES[button.dataset.shape](this.#place())));
    }
    for (const input of root.querySelectorAll("[data-upload]")) {
      input.addEventListener("change", () => this.#upload(input));
    }
  }

  offer({ fields, symbologies }) {
    this.#root.querySelector("[data-fields]").replaceChildren(...fields.map((field) => this.#button(
      field.kind === "image" ? "person-badge" : "type",
      field.label,
      () => (field.kind === "image" ? photo(field, this.#place()) : fieldText(field, this.#place())),
    )));
    this.#root.querySelector("[data-codes]").replaceChildren(...symbologies.map((known) => this.#button(
      CODES[known.name].icon,
      known.label,
      () => code(known.name, this.#place()),
    )));
  }

  #button(drawing, label, svg) {
    return make("button", {
      type: "button", class: "add", onclick: () => this.#insert(svg()),
    }, icon(drawing), make("span", {}, label));
  }

  // New parts come into the middle, each a little further down than the last.
  #place() {
    const step = (this.#session.boxes.length % 8) * 3;
    return { x: 30, y: CARD.height / 2 - 12 + step };
  }

  #insert(svg) {
    const { source } = this.#session;
    this.#session.apply([{
      op: "insert", into: "", index: source.count(), svg: this.#lettered(svg),
    }]);
  }

  // A design may name its font once, at the root; one from elsewhere may not.
  #lettered(svg) {
    const named = this.#session.source.effective("", "font-family");
    return named || !svg.startsWith("<text") ? svg : svg.replace("<text", `<text font-family="${FAMILY}"`);
  }

  async #upload(input) {
    const [file] = input.files;
    if (file) await this.#session.upload(file, input.dataset.upload);
    input.value = "";
  }
}

const SHAPES = {
  text: ({ x, y }) => `<text x="${x}" y="${mm(y + 3)}" font-size="3" fill="#000000">Chữ mới</text>`,
  rect: ({ x, y }) => `<rect x="${x}" y="${mm(y)}" width="24" height="8" fill="#0d3a86"/>`,
  line: ({ x, y }) => `<rect x="${x}" y="${mm(y)}" width="30" height="0.3" fill="#c9a24a"/>`,
};

function fieldText({ name, sample }, { x, y }) {
  const { size, bold, width, least, lines, format = "" } = LOOKS[name] ?? PLAIN;
  return `<text data-field="${name}" data-panel="k"`
    + (OPTIONAL.has(name) ? ` data-show-if="${name}"` : "")
    + (format ? ` data-format="${format}"` : "")
    + ` x="${x}" y="${mm(y + size)}" font-size="${size}"${bold ? ' font-weight="bold"' : ""}`
    + (lines ? ` data-fit="wrap" data-lines="${lines}"` : "")
    + ` data-max-width="${width}" data-min-size="${least}">${escaped(shown(format, sample))}</text>`;
}

function shown(format, sample) {
  if (format === "{groups}") return sample.replace(/(.{4})(?=.)/g, "$1 ");
  return format ? format.replace("{}", sample) : sample;
}

function photo({ name }, { x, y }) {
  return `<image data-field="${name}" x="${x}" y="${mm(y - 9)}" width="20" height="30"/>`;
}

function code(name, { x, y }) {
  const { field, width, height } = CODES[name];
  return `<rect data-field="${field}" data-panel="k" data-symbology="${name}"`
    + (OPTIONAL.has(field) ? ` data-show-if="${field}"` : "")
    + ` x="${x}" y="${mm(y)}" width="${width}" height="${height}"/>`;
}

function mm(value) {
  return Math.round(value * 100) / 100;
}

function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
