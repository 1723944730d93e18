// Choose the 2:3 part of a photo. Enhances <form data-photo-crop>, which holds one file
// input and hidden inputs crop_left, crop_top, crop_width, crop_height. They receive
// fractions (0 to 1) of the upright picture; left empty, the server crops the centre.

import Cropper from "../vendor/cropper.esm.min.js";

const RATIO = 2 / 3;
const LONGEST_SIDE_PX = 2000;
const STEP = 0.1;

const TEMPLATE = `
  <cropper-canvas background>
    <cropper-image translatable scalable></cropper-image>
    <cropper-shade hidden></cropper-shade>
    <cropper-selection aspect-ratio="${RATIO}" initial-coverage="0.9" movable resizable
                       keyboard outlined precise>
      <cropper-handle action="move" theme-color="rgba(255, 255, 255, 0.1)"></cropper-handle>
      <cropper-handle action="nw-resize"></cropper-handle>
      <cropper-handle action="ne-resize"></cropper-handle>
      <cropper-handle action="sw-resize"></cropper-handle>
      <cropper-handle action="se-resize"></cropper-handle>
    </cropper-selection>
  </cropper-canvas>`;

for (const form of document.querySelectorAll("form[data-photo-crop]")) enhance(form);

function enhance(form) {
  const input = form.querySelector("input[type=file]");
  const stage = document.createElement("div");
  stage.className = "crop-stage";
  stage.hidden = true;
  input.closest(".field, div, form").append(stage);
  input.addEventListener("change", () => show(form, input, stage));
  // Chosen before this script was there: a phone on a slow line is quicker than it.
  if (input.files.length) show(form, input, stage);
}

async function show(form, input, stage) {
  stage.replaceChildren();
  stage.hidden = true;
  write(form, null);
  const file = input.files[0];
  if (!file) return;
  const picture = await readPicture(file);
  // A format this browser cannot draw (HEIC, mostly): the server reads it.
  if (!picture || input.files[0] !== file) return;
  if (picture.smaller) replaceFile(input, picture.smaller);
  stage.hidden = false;
  const image = new Image();
  image.alt = "Ảnh vừa chọn";
  image.src = URL.createObjectURL(picture.smaller ?? file);
  await image.decode();
  const cropper = new Cropper(image, { container: stage, template: TEMPLATE });
  await follow(cropper, form, stage);
  stage.scrollIntoView({ block: "nearest" });
  URL.revokeObjectURL(image.src);
}

// Phones send 4 to 12 MB; the largest print needs 472 by 709 px.
async function readPicture(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return null;
  }
  const scale = LONGEST_SIDE_PX / Math.max(bitmap.width, bitmap.height);
  if (scale >= 1) return { smaller: null };
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
  return { smaller: blob && new File([blob], name, { type: "image/jpeg" }) };
}

function replaceFile(input, file) {
  const transfer = new DataTransfer();
  transfer.items.add(file);
  input.files = transfer.files;
}

async function follow(cropper, form, stage) {
  const canvas = cropper.getCropperCanvas();
  const image = cropper.getCropperImage();
  const selection = cropper.getCropperSelection();
  selection.setAttribute("aria-label", "Khung ảnh thẻ 2 × 3: phím mũi tên để dời");
  await image.$ready();
  image.$center("contain");
  place(selection, boxOf(image, canvas));

  // Never past the edge of the picture: there is nothing to print there.
  selection.addEventListener("change", (event) => {
    const box = boxOf(image, canvas);
    if (within(event.detail, box)) return requestAnimationFrame(update);
    event.preventDefault();
    if (sameSize(event.detail, selection)) move(selection, event.detail, box);
  });
  image.addEventListener("transform", () => requestAnimationFrame(update));
  stage.append(tools(selection, canvas, image));
  update();

  function update() {
    write(form, fractions(selection, boxOf(image, canvas)));
  }
}

// Where the picture stands on the canvas, in the canvas's pixels.
function boxOf(image, canvas) {
  const inner = image.getBoundingClientRect();
  const outer = canvas.getBoundingClientRect();
  return {
    x: inner.left - outer.left - canvas.clientLeft,
    y: inner.top - outer.top - canvas.clientTop,
    width: inner.width,
    height: inner.height,
  };
}

// The largest 2:3 box, in the middle: what the server does without script.
function place(selection, box) {
  const width = Math.min(box.width, box.height * RATIO);
  const height = width / RATIO;
  selection.$change(
    box.x + (box.width - width) / 2, box.y + (box.height - height) / 2, width, height, RATIO, true,
  );
}

function within(part, box) {
  const slack = 0.5;
  return part.x >= box.x - slack && part.y >= box.y - slack
    && part.x + part.width <= box.x + box.width + slack
    && part.y + part.height <= box.y + box.height + slack;
}

function sameSize(part, other) {
  return Math.abs(part.width - other.width) < 0.5 && Math.abs(part.height - other.height) < 0.5;
}

// As far towards the wanted place as the picture reaches.
function move(selection, wanted, box) {
  const x = Math.min(Math.max(wanted.x, box.x), box.x + box.width - selection.width);
  const y = Math.min(Math.max(wanted.y, box.y), box.y + box.height - selection.height);
  selection.$moveTo(x, y);
}

function fractions(part, box) {
  const unit = (value) => Math.min(1, Math.max(0, value));
  const left = unit((part.x - box.x) / box.width);
  const top = unit((part.y - box.y) / box.height);
  return {
    left,
    top,
    width: Math.min(1 - left, part.width / box.width),
    height: Math.min(1 - top, part.height / box.height),
  };
}

function write(form, crop) {
  for (const name of ["left", "top", "width", "height"]) {
    const input = form.elements[`crop_${name}`];
    if (input) input.value = crop ? crop[name].toFixed(5) : "";
  }
}

function tools(selection, canvas, image) {
  const row = document.createElement("div");
  row.className = "crop-tools";
  row.append(
    button("Khung nhỏ lại", () => resize(1 - STEP)),
    button("Khung to ra", () => resize(1 + STEP)),
    button("Đặt lại giữa ảnh", () => place(selection, boxOf(image, canvas))),
  );
  return row;

  // About its own centre, but never past the edge of the picture.
  function resize(factor) {
    const box = boxOf(image, canvas);
    const width = Math.min(selection.width * factor, box.width, box.height * RATIO);
    const height = width / RATIO;
    const centreX = selection.x + selection.width / 2;
    const centreY = selection.y + selection.height / 2;
    const x = Math.min(Math.max(centreX - width / 2, box.x), box.x + box.width - width);
    const y = Math.min(Math.max(centreY - height / 2, box.y), box.y + box.height - height);
    selection.$change(x, y, width, height, RATIO, true);
  }
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-secondary";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}
