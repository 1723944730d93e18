// The designer's page: stands the parts up and lets them talk through the session.

import { Commands } from "./commands.js";
import { Conflict } from "./conflict.js";
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
  const part = (name) => root.querySelector(`[data-${name}]`);
  const server = new Server(root.dataset.api, root.dataset.token);
  const session = new Session(server);
  const stage = new Stage(part("stage"), session);
  const overlay = new Overlay(part("stage"), session, stage);
  const commands = new Commands(session, root);
  const preview = new Preview(session, server, part("previews"));
  const palette = new Palette(session, part("palette"));
  const properties = new Properties(session, part("properties"));
  new Gestures(session, stage, overlay);
  new Keyboard({ session, stage, overlay, commands, root });
  new Numbers(session, part("properties"));
  new Layers(session, stage, part("layers").querySelector("ul"));
  new Problems(session, stage, part("problems"));
  new Conflict(session, part("conflict"));
  tell(session, part("refused"), part("told"));
  part("conflict").addEventListener("gone", () => {
    say(part("refused"), "Phần bạn vừa sửa đã bị người kia đổi hoặc xóa, nên thao tác của bạn không được làm lại. Hãy xem mặt thẻ rồi làm tiếp.");
  });
  sides(session, root);
  looks(root);
  publishing(root);
  const fit = zooms(stage, part("scroll"), root);
  if (!ROOMY.matches) for (const name of ["palette", "layers"]) part(name).open = false;

  await session.show(root.dataset.side);
  if (!session.state) return;
  fit();
  preview.drawBoth();
  let offered;
  try {
    offered = await server.fields();
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    return say(part("refused"), refused.message);
  }
  palette.offer(offered);
  preview.offer(offered);
  properties.offer(offered);
  tabs({ session, server, offered, root, fit });
  root.dataset.ready = "1";
}

// What went wrong, in a place that stays until something works again; and for those who
// cannot see the stage, where things now are.
function tell(session, refused, told) {
  session.addEventListener("refused", ({ detail }) => say(refused, detail.message));
  session.addEventListener("state", () => {
    told.textContent = session.selected.length === 1
      ? `Đã lưu. ${session.selected[0].label}: trái ${session.selected[0].x_mm} mm, trên ${session.selected[0].y_mm} mm.`
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
