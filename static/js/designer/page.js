// The frame around the stage: sides, what is shown beside the card, zoom, and the tabs.

import { CARD } from "./boxes.js";
import { MARGIN_MM } from "./stage.js";

const ZOOM_STEP = 1.25;
const LEAST_SCALE = 3;
const GREATEST_SCALE = 40;
const CSS_PX_PER_MM = 96 / 25.4;

export function sides(session, root) {
  const buttons = [...root.querySelectorAll("[data-side-choice]")];
  for (const button of buttons) {
    button.addEventListener("click", () => session.show(button.dataset.sideChoice));
  }
  session.addEventListener("state", () => {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", button.dataset.sideChoice === session.side);
    }
  });
}

// Grid, zones and the like: a class on the page, CSS does the rest.
export function looks(root) {
  for (const button of root.querySelectorAll("[data-look]")) {
    button.addEventListener("click", () => {
      const on = root.classList.toggle(`shows-${button.dataset.look}`);
      button.setAttribute("aria-pressed", on);
    });
  }
}

export function zooms(stage, scroll, root) {
  const told = root.querySelector("[data-zoom-told]");
  const set = (scale) => {
    stage.zoom(Math.min(GREATEST_SCALE, Math.max(LEAST_SCALE, scale)));
    told.textContent = `${Math.round((stage.scale / CSS_PX_PER_MM) * 100)} %`;
  };
  const fit = () => set(scroll.clientWidth / (CARD.width + 2 * MARGIN_MM));
  const ways = {
    in: () => set(stage.scale * ZOOM_STEP),
    out: () => set(stage.scale / ZOOM_STEP),
    fit,
  };
  for (const button of root.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", ways[button.dataset.zoom]);
  }
  return fit;
}

// "#ma-nguon" shows the source; its editor is fetched when it is first asked for.
export function tabs({ session, server, offered, root, fit }) {
  const source = root.querySelector("[data-source]");
  const design = root.querySelector("[data-design]");
  let editor = null;
  const show = async () => {
    const isSource = location.hash === "#ma-nguon";
    source.hidden = !isSource;
    design.hidden = isSource;
    for (const link of root.querySelectorAll("[data-tab]")) {
      if ((link.dataset.tab === "source") === isSource) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (!isSource) fit();
    else if (!editor) {
      const { SourceTab } = await import("./source_tab.js");
      editor ??= new SourceTab(session, server, source, offered);
    }
  };
  session.addEventListener("refused", ({ detail }) => {
    if (!source.hidden && detail.answer?.line) editor?.goTo(detail.answer.line);
  });
  addEventListener("hashchange", show);
  addEventListener("beforeunload", (event) => {
    if (editor?.hasChanges) event.preventDefault();
  });
  show();
}

// The form says which revision its author has looked at.
export function publishing(session, root) {
  const dialog = root.querySelector("[data-publish]");
  root.querySelector("[data-open-publish]").addEventListener("click", () => {
    dialog.querySelector("[data-revision]").value = session.state.revision;
    dialog.showModal();
  });
  dialog.querySelector("[data-close-publish]").addEventListener("click", () => dialog.close());
}
