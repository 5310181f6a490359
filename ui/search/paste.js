// A picture that is pasted, or dropped anywhere on the page, goes to the page's own file chooser.
// There it takes the same way, with the same limits, as a file that was chosen.

const CHOOSER = '.st-key-example input[type="file"]';

function give(file) {
  const chooser = document.querySelector(CHOOSER);
  if (!chooser) return false;
  const files = new DataTransfer();
  files.items.add(file);
  chooser.files = files.files;
  chooser.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function onPaste(event) {
  const typing = event.target instanceof Element && event.target.closest("input, textarea");
  // Office programs put words on the clipboard as a picture, too: in a text box, words win.
  if (typing && event.clipboardData.types.includes("text/plain")) return;
  const file = [...event.clipboardData.files].find((one) => one.type.startsWith("image/"));
  if (file && give(file)) event.preventDefault();
}

function isForPage(event) {
  const inside = event.target instanceof Element && event.target.closest('[data-testid^="stFile"]');
  return !inside && event.dataTransfer.types.includes("Files");
}

function onDragOver(event) {
  // Without this a browser opens the dropped file, and the page is gone.
  if (isForPage(event)) event.preventDefault();
}

function onDrop(event) {
  if (!isForPage(event)) return;
  event.preventDefault();
  const file = event.dataTransfer.files[0];
  if (file) give(file);
}

const LISTENERS = { paste: onPaste, dragover: onDragOver, drop: onDrop };

export default function () {
  // Adding the same function again changes nothing, so every new drawing may come here.
  for (const [name, listener] of Object.entries(LISTENERS)) {
    document.addEventListener(name, listener);
  }
  return () => {
    for (const [name, listener] of Object.entries(LISTENERS)) {
      document.removeEventListener(name, listener);
    }
  };
}
