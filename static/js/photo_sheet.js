// The sheet of photos by keyboard: arrows go from card to card, L and R turn the photo,
// the space bar ticks it. Works on [data-photo-card]; a mouse or a finger needs none of it.

const CARD = "[data-photo-card]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.matches("input, textarea, select, summary, button, a")) return;
  const cards = [...document.querySelectorAll(CARD)];
  const at = cards.indexOf(event.target.closest(CARD));
  const step = stepOf(event.key, cards);
  if (step) {
    event.preventDefault();
    const next = cards[at < 0 ? 0 : Math.min(Math.max(at + step, 0), cards.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  } else if (at >= 0) act(event, cards[at]);
});

function act(event, card) {
  const key = event.key.toLowerCase();
  if (key === "l" || key === "r") {
    card.querySelector(`[name=chieu][value=${key === "l" ? "trai" : "phai"}]`)?.click();
  } else if (key === " ") {
    const tick = card.parentElement.querySelector("input[type=checkbox]");
    if (!tick) return;
    event.preventDefault();
    tick.checked = !tick.checked;
  }
}

// Up and down go by the cards that stand beside each other in a row.
function stepOf(key, cards) {
  if (key === "ArrowRight") return 1;
  if (key === "ArrowLeft") return -1;
  if (key !== "ArrowDown" && key !== "ArrowUp") return 0;
  const top = cards[0]?.getBoundingClientRect().top;
  const wide = cards.filter((card) => card.getBoundingClientRect().top === top).length || 1;
  return key === "ArrowDown" ? wide : -wide;
}

// A card that was turned is drawn anew: the keys go on from it.
document.addEventListener("htmx:afterSwap", (event) => {
  const id = event.detail.requestConfig?.target?.id || "";
  if (id.startsWith("anh-")) document.getElementById(id)?.focus();
});
