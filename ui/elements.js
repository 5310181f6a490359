// What several components need. It is put before their own scripts.

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// What matches words stays as it is, the rest is darkened.
function shade(canvas, levels) {
  const small = new OffscreenCanvas(levels[0].length, levels.length);
  const pen = small.getContext("2d");
  levels.forEach((row, y) =>
    row.forEach((level, x) => {
      pen.fillStyle = `rgb(0 0 0 / ${0.68 * (1 - level / 100)})`;
      pen.fillRect(x, y, 1, 1);
    }),
  );
  canvas.width = canvas.height = 64;
  const large = canvas.getContext("2d");
  large.imageSmoothingQuality = "high";
  large.drawImage(small, 0, 0, 64, 64);
}
