// "Cắt lại ảnh đang có": put the kept original into the file input, so that the crop
// box opens on it. The server knows it by its content and does not encode it again.

for (const button of document.querySelectorAll("[data-photo-again]")) {
  button.hidden = false;
  button.addEventListener("click", () => again(button));
}

async function again(button) {
  button.setAttribute("aria-busy", "true");
  const response = await fetch(button.dataset.photoAgain);
  button.removeAttribute("aria-busy");
  if (!response.ok) return;
  const transfer = new DataTransfer();
  transfer.items.add(new File([await response.blob()], "anh.jpg", { type: "image/jpeg" }));
  const input = button.form.querySelector("input[type=file]");
  input.files = transfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
