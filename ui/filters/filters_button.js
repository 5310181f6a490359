// Opens and closes the side panel: Streamlit offers no way to do so but its own two arrows.

const EXPAND = '[data-testid="stExpandSidebarButton"]';
const COLLAPSE = '[data-testid="stSidebarCollapseButton"] button';
const CONTROL = '[data-testid="stSidebarUserContent"] :is(button, input)';
const WAIT = 50; // milliseconds between two looks for the open panel
const LOOKS = 20;

function focusPanel(looks) {
  // The arrow itself hides until the pointer is near it, and cannot be focused.
  const first = document.querySelector(CONTROL);
  first?.focus({ preventScroll: true });
  if (document.activeElement !== first && looks) setTimeout(focusPanel, WAIT, looks - 1);
}

function toggle() {
  const closed = document.querySelector(EXPAND);
  if (closed) {
    closed.click();
    focusPanel(LOOKS); // who works by keyboard is taken along
  } else document.querySelector(COLLAPSE)?.click();
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.querySelector("b").textContent = data.label;
  button.onclick = toggle;
}
