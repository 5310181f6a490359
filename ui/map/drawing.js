// Draws the map: points or thumbnails, names of clusters, what is chosen.

const LABEL = 13; // pixels of a name's letters
const FARTHEST_NAME = 52; // pixels from its place that it is moved to hide no picture
const FAINT = 0.18; // of what is not chosen, while something is

function draw(context, map, view, look) {
  const { theme, chosen, pictures, shown } = look;
  context.clearRect(0, 0, view.width, view.height);
  drawPoints(context, map, view, look);
  for (const point of shown) {
    const image = pictures.get(point);
    if (!image) continue;
    context.globalAlpha = !chosen || chosen.has(point) ? 1 : 2 * FAINT;
    drawPicture(context, map, view, look, point, image);
  }
  context.globalAlpha = 1;
  if (look.current >= 0) drawRing(context, map, view, look.current, theme);
  drawNames(context, map, view, look);
  if (look.lasso.length > 1) drawLasso(context, view, look.lasso, theme);
  if (look.hasCross) drawCross(context, view, theme);
}

function colourOf(map, look, point) {
  return look.theme.colours[look.numbers[map.own[point]]];
}

function radiusOf(map, view) {
  const spacing = view.scale / Math.sqrt(Math.max(map.count, 1));
  return Math.max(1.1, Math.min(5, spacing / 7));
}

function drawPoints(context, map, view, look) {
  const radius = radiusOf(map, view);
  const box = view.box(radius);
  for (let cluster = 0; cluster < map.members.length; cluster++) {
    context.fillStyle = look.theme.colours[look.numbers[cluster]];
    const members = map.members[cluster];
    if (look.chosen) {
      const isChosen = (point) => look.chosen.has(point);
      context.globalAlpha = FAINT;
      fillPoints(context, map, view, box, radius, members.filter((point) => !isChosen(point)));
      context.globalAlpha = 1;
      fillPoints(context, map, view, box, radius + 0.5, members.filter(isChosen));
    } else {
      context.globalAlpha = map.count > 20000 && radius < 2 ? 0.6 : 0.85;
      fillPoints(context, map, view, box, radius, members);
    }
  }
  context.globalAlpha = 1;
}

function fillPoints(context, map, view, box, radius, points) {
  const { scales } = view;
  const left = view.width / 2 - view.x * scales.x;
  const top = view.height / 2 - view.y * scales.y;
  const isRound = radius > 1.6;
  context.beginPath();
  for (const i of points) {
    const x = map.x[i];
    const y = map.y[i];
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) continue;
    const [px, py] = [left + x * scales.x, top + y * scales.y];
    if (isRound) {
      context.moveTo(px + radius, py);
      context.arc(px, py, radius, 0, 2 * Math.PI);
    } else {
      context.fillRect(px - radius, py - radius, 2 * radius, 2 * radius);
    }
  }
  context.fill();
}

function drawPicture(context, map, view, look, point, image) {
  const shrink = SIDE / Math.max(image.naturalWidth, image.naturalHeight);
  const width = image.naturalWidth * shrink;
  const height = image.naturalHeight * shrink;
  const x = view.screenX(map.x[point]) - width / 2;
  const y = view.screenY(map.y[point]) - height / 2;
  context.fillStyle = look.theme.background;
  context.fillRect(x - 3, y - 3, width + 6, height + 6);
  context.drawImage(image, x, y, width, height);
  context.lineWidth = 2;
  context.strokeStyle = colourOf(map, look, point);
  context.strokeRect(x - 1, y - 1, width + 2, height + 2);
}

function drawRing(context, map, view, point, theme) {
  const [x, y] = [view.screenX(map.x[point]), view.screenY(map.y[point])];
  context.lineWidth = 2;
  context.strokeStyle = theme.text;
  context.beginPath();
  context.arc(x, y, radiusOf(map, view) + 4, 0, 2 * Math.PI);
  context.stroke();
}

// Names, the largest cluster's first; one that would cover another is left out.
function drawNames(context, map, view, look) {
  const { theme } = look;
  context.font = `600 ${LABEL}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const taken = [];
  for (const cluster of map.clusters) {
    if (!cluster.name) continue;
    const [x, y] = [view.screenX(cluster.x), view.screenY(cluster.y)];
    const wide = context.measureText(cluster.name).width / 2 + 7;
    const high = LABEL / 2 + 5;
    const isOut = x + wide < 0 || x - wide > view.width || y < -high || y > view.height + high;
    const edge = y < look.tools.bottom + high ? look.tools.left : view.width;
    const at = {
      x: Math.max(wide + 2, Math.min(edge - wide - 2, x)),
      y: Math.max(high + 2, Math.min(view.height - high - 2, y)),
    };
    at.y = besidePictures(map, view, look.shown, at, wide, high);
    const isFree = taken.every(
      (other) =>
        Math.abs(other.x - at.x) > other.wide + wide + 2 || Math.abs(other.y - at.y) > 2 * high + 2,
    );
    if (isOut || !isFree) continue;
    taken.push({ ...at, wide });
    context.globalAlpha = look.shown.length ? 1 : 0.85;
    context.fillStyle = theme.background;
    context.beginPath();
    context.roundRect(at.x - wide, at.y - high, 2 * wide, 2 * high, 6);
    context.fill();
    if (look.shown.length) {
      context.globalAlpha = 0.35;
      context.strokeStyle = theme.text;
      context.lineWidth = 1;
      context.stroke();
    }
    context.globalAlpha = 1;
    context.fillStyle = theme.text;
    context.fillText(cluster.name, at.x, at.y + 0.5);
  }
}

// Where a name hides no picture: as near to its place as can be, there if everywhere is one.
function besidePictures(map, view, shown, at, wide, high) {
  const near = shown
    .map((point) => [view.screenX(map.x[point]), view.screenY(map.y[point])])
    .filter(([x]) => Math.abs(x - at.x) < wide + SIDE / 2 + 2);
  for (let away = 0; away <= FARTHEST_NAME; away += 4) {
    for (const y of [at.y - away, at.y + away]) {
      const isInside = y >= high + 2 && y <= view.height - high - 2;
      if (isInside && near.every((one) => Math.abs(one[1] - y) >= high + SIDE / 2 + 2)) return y;
    }
  }
  return at.y;
}

function drawLasso(context, view, corners, theme) {
  context.beginPath();
  corners.forEach(([x, y], place) => {
    context[place ? "lineTo" : "moveTo"](view.screenX(x), view.screenY(y));
  });
  context.closePath();
  context.fillStyle = theme.primary;
  context.globalAlpha = 0.12;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = theme.primary;
  context.lineWidth = 2;
  context.setLineDash([6, 4]);
  context.stroke();
  context.setLineDash([]);
}

// Where the keyboard points to: the middle of what is seen.
function drawCross(context, view, theme) {
  const [x, y] = [view.width / 2, view.height / 2];
  context.strokeStyle = theme.text;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
    context.moveTo(x + 6 * dx, y + 6 * dy);
    context.lineTo(x + 14 * dx, y + 14 * dy);
  }
  context.stroke();
}
