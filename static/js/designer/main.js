// The designer's page: stands the parts up and lets them talk through the session.

import { Commands } from "./commands.js";
import { Conflict } from "./conflict.js";
import { spoken } from "./dom.js";
import { Gestures } from "./gestures.js";
import { Keyboard } from "./keyboard.js";
import { Layers, Problems } from "./lists.js";
import { Numbers } from "./numbers.js";
import { Overlay } from "./overlay.js";
import { looks, publishing, sides, tabs, zooms } from "./page.js";
import { Palette } from "./palette.js";
import { Preview } from "./preview.js";
import { Properties } from "./properties.js";
import { Refused, Server } from "./server.js";
import { Session } from "./session.js";
import { Stage } from "./stage.js";

const ROOMY = matchMedia("(min-width: 60rem)");

const root = document.querySelector("[data-designer]");
if (root) start();

async function start() {
  const server = new Server(root.dataset.api, root.dataset.token);
  const session = new Session(server);
  const stage = new Stage(part("stage"), session);
  const overlay = new Overlay(part("stage"), session, stage);
  const preview = new Preview(session, server, part("previews"));
  const properties = new Properties(session, part("properties"));
  const gestures = new Gestures(session, stage, overlay);
  new Numbers(session, part("properties"), Boolean(root.dataset.edits));
  new Layers(session, stage, part("layers").querySelector("ul"));
  new Problems(session, stage, part("problems"));
  tell(session, part("refused"), part("told"));
  sides(session, root);
  looks(root);
  const fit = zooms(stage, part("scroll"), root);
  if (!ROOMY.matches) for (const name of ["palette", "layers"]) part(name)?.removeAttribute("open");

  // Letters are measured on the stage: with the font of the cards, not with another.
  await Promise.all(["400", "700"].map((weight) => document.fonts.load(`${weight} 3px "Be Vietnam Pro"`)));
  await session.show(root.dataset.side);
  const offered = session.state && await offers(server);
  if (!offered) return;
  preview.offer(offered);
  properties.offer(offered);
  if (root.dataset.edits) edit({ server, session, stage, overlay, gestures, offered, fit });
  fit();
  root.dataset.ready = "1";
}

// What only somebody who may change the design is given.
function edit({ server, session, stage, overlay, gestures, offered, fit }) {
  const commands = new Commands(session, root);
  gestures.begin();
  new Keyboard({ session, stage, overlay, commands, root });
  new Palette(session, part("palette")).offer(offered);
  const conflict = new Conflict(session, part("conflict"));
  conflict.addEventListener("gone", () => {
    say(part("refused"), "Phần bạn vừa sửa đã bị người kia đổi hoặc xóa, nên thao tác của bạn không được làm lại. Hãy xem mặt thẻ rồi làm tiếp.");
  });
  publishing(session, root);
  tabs({ session, server, offered, root, fit });
}

async function offers(server) {
  try {
    return await server.fields();
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    say(part("refused"), refused.message);
    return null;
  }
}

function part(name) {
  return root.querySelector(`[data-${name}]`);
}

// What went wrong, in a place that stays until something works again; and for those who
// cannot see the stage, where things now are.
function tell(session, refused, told) {
  session.addEventListener("refused", ({ detail }) => say(refused, detail.message));
  session.addEventListener("state", () => {
    told.textContent = session.selected.length === 1
      ? `Đã lưu. ${session.selected[0].label}: trái ${spoken(session.selected[0].x_mm)} mm, trên ${spoken(session.selected[0].y_mm)} mm.`
      : "Đã lưu.";
  });
  let waiting = 0;
  session.addEventListener("busy", () => {
    if (waiting === 0) refused.hidden = true;
    waiting = session.waiting;
    root.toggleAttribute("data-busy", waiting > 0);
  });
  refused.querySelector("button").addEventListener("click", () => { refused.hidden = true; });
}

function say(note, message) {
  note.querySelector("[data-text]").textContent = message;
  note.hidden = false;
}
