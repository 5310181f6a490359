// Opens and closes the side panel: Streamlit offers no way to do so but its own two arrows.

const EXPAND = '[data-testid="stExpandSidebarButton"]';
const COLLAPSE = '[data-testid="stSidebarCollapseButton"] button';
const WAIT = 50; // milliseconds between two looks for the open panel
const LOOKS = 20;

function focusPanel(looks) {
  const first = document.querySelector(COLLAPSE);
  if (first) first.focus();
  else if (looks) setTimeout(focusPanel, WAIT, looks - 1);
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
