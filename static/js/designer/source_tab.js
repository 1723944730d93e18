// The tab "Mã nguồn": the text of the side, with the names that may stand in it, checked
// by the server, and saved as one operation.

import {
  completeFromSchema, EditorView, basicSetup, forceLinting, linter, lintGutter, xml, xmlLanguage,
} from "../../vendor/codemirror.esm.min.js";

const CHECK_AFTER_MS = 500;
const LOOK = EditorView.theme({
  "&": { height: "100%", fontSize: "14px", backgroundColor: "#fff" },
  "&.cm-focused": { outline: "3px solid #1a5fae" },
  ".cm-scroller": { fontFamily: "ui-monospace, Consolas, monospace", lineHeight: "1.5" },
  ".cm-gutters": { color: "#4c5a6b" },
  // Any tint behind the letters takes them below the contrast that all can read.
  ".cm-activeLine, .cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "transparent" },
});

export class SourceTab {
  #session;
  #server;
  #root;
  #view;
  #side = "";
  #base = "";
  #saved = "";
  // What was written on a side and not yet saved, while the other side is shown.
  #unsaved = new Map();

  constructor(session, server, root, palette) {
    this.#session = session;
    this.#server = server;
    this.#root = root;
    // In a shadow tree CodeMirror adopts its style sheets; as <style> elements the
    // page's policy would block them.
    const host = root.querySelector("[data-source-host]");
    const shadow = host.attachShadow({ mode: "open" });
    this.#view = new EditorView({
      parent: shadow,
      root: shadow,
      extensions: [
        basicSetup,
        xml(),
        xmlLanguage.data.of({ autocomplete: completeFromSchema([], attributes(palette)) }),
        lintGutter(),
        linter(() => this.#check(), { delay: CHECK_AFTER_MS }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": "Mã nguồn SVG của mặt thẻ", tabindex: "0" }),
        EditorView.updateListener.of((update) => update.docChanged && this.#mark()),
        LOOK,
      ],
    });
    root.querySelector("[data-save-source]").addEventListener("click", () => this.#save());
    root.querySelector("[data-drop-source]").addEventListener("click", () => this.#load());
    session.addEventListener("state", () => this.#follow());
    this.#load();
  }

  get hasChanges() {
    return this.#changed() || this.#unsaved.size > 0;
  }

  // Bring a line into sight, with the cursor in it.
  goTo(line) {
    const { doc } = this.#view.state;
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines)).from;
    this.#view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    this.#view.focus();
  }

  #changed() {
    return this.#view.state.doc.toString() !== this.#saved;
  }

  #follow() {
    if (this.#side !== this.#session.side) this.#turn();
    else if (this.#changed()) this.#mark();
    else this.#load();
  }

  #turn() {
    if (this.#changed()) {
      this.#unsaved.set(this.#side, { text: this.#view.state.doc.toString(), base: this.#base });
    }
    const kept = this.#unsaved.get(this.#session.side);
    this.#unsaved.delete(this.#session.side);
    this.#load();
    if (!kept) return;
    this.#base = kept.base;
    this.#write(kept.text);
    this.#mark();
  }

  #load() {
    this.#side = this.#session.side;
    this.#base = this.#session.state.source;
    this.#write(this.#base);
    this.#saved = this.#view.state.doc.toString();
    this.#mark();
  }

  #write(text) {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }

  #mark() {
    const changed = this.#changed();
    for (const button of this.#root.querySelectorAll("[data-save-source], [data-drop-source]")) {
      button.disabled = !changed;
    }
    const behind = changed && this.#base !== this.#session.state.source;
    this.#root.querySelector("[data-source-state]").textContent = !changed ? "Đã lưu"
      : behind ? "Có sửa đổi chưa lưu. Mặt thẻ đã đổi sau khi bạn bắt đầu viết: lưu sẽ thay cả những đổi đó."
        : "Có sửa đổi chưa lưu";
  }

  async #save() {
    const text = this.#view.state.doc.toString();
    if (await this.#session.apply([{ op: "replace", svg: ended(text, this.#session.state.source) }])) {
      this.#load();
    } else {
      forceLinting(this.#view);
    }
  }

  async #check() {
    const { doc } = this.#view.state;
    const { findings } = await this.#server.check(this.#session.side, doc.toString());
    return findings.filter(({ line }) => line !== null).map(({ line, level, message }) => {
      const place = doc.line(Math.min(Math.max(line, 1), doc.lines));
      return { from: place.from, to: place.to, severity: level === "error" ? "error" : "warning", message };
    });
  }
}

// CodeMirror counts lines with \n; the file keeps the line ends that it came with.
function ended(text, before) {
  return before.includes("\r\n") ? text.replace(/\n/g, "\r\n") : text;
}

function attributes({ fields, symbologies }) {
  const names = fields.map(({ name }) => name);
  const known = {
    "data-field": names,
    "data-fit": ["shrink", "wrap"],
    "data-format": ["{}", "{groups}"],
    "data-grow": ["down", "middle", "up"],
    "data-layer": ["static", "variable"],
    "data-line-height": [],
    "data-lines": ["1", "2", "3"],
    "data-locked": ["1"],
    "data-max-height": [],
    "data-max-width": [],
    "data-min-size": [],
    "data-panel": ["k"],
    "data-show-if": [...names, "card_kind=standard", "card_kind=linked"],
    "data-symbology": symbologies.map(({ name }) => name),
    "data-transform": ["upper"],
    fill: [], "font-size": [], "font-weight": ["normal", "bold"], height: [], "letter-spacing": [],
    "text-anchor": ["start", "middle", "end"], transform: [], width: [], x: [], y: [],
  };
  return Object.entries(known).map(([name, values]) => ({ name, values, global: true }));
}
