// Thumbnails: which of them are shown, and having them loaded, a few at a time.

const SIDE = 64; // pixels of a thumbnail's box
const GAP = 6;
const DENSEST = 10; // points for each box that there is room for; with more, points are shown
const MOST_SHOWN = 160;
const MOST_KEPT = 500;
const AT_ONCE = 8;

// Points to show as thumbnails: none overlaps another, and the first in the library win.
function shownAsPictures(map, view) {
  const box = view.box(SIDE / 2);
  const points = [];
  const room = (view.width * view.height) / (SIDE + GAP) ** 2;
  let inSight = 0;
  within(map, box, (i) => {
    const isSeen =
      map.x[i] >= box.left && map.x[i] <= box.right && map.y[i] >= box.top && map.y[i] <= box.bottom;
    if (isSeen && ++inSight <= DENSEST * room) points.push(i);
  });
  if (inSight > DENSEST * room) return [];
  points.sort((a, b) => a - b);
  const taken = new Map();
  const size = SIDE + GAP;
  const shown = [];
  for (const i of points) {
    const x = view.screenX(map.x[i]);
    const y = view.screenY(map.y[i]);
    const [column, row] = [Math.floor(x / size), Math.floor(y / size)];
    let isFree = true;
    for (let r = row - 1; r <= row + 1 && isFree; r++) {
      for (let c = column - 1; c <= column + 1 && isFree; c++) {
        const other = taken.get(`${c},${r}`);
        isFree = !other || Math.abs(other.x - x) >= size || Math.abs(other.y - y) >= size;
      }
    }
    if (!isFree) continue;
    taken.set(`${column},${row}`, { x, y });
    shown.push(i);
    if (shown.length === MOST_SHOWN) break;
  }
  return shown;
}

class Pictures {
  constructor(address, onLoad) {
    this.address = address;
    this.onLoad = onLoad;
    this.images = new Map(); // the least recently shown first
    this.loading = 0;
    this.wanted = [];
  }

  // Have these loaded, and forget what else was still to be.
  want(points) {
    this.wanted = points.filter((point) => !this.images.has(point));
    this.load();
  }

  // An image that is there, or null.
  get(point) {
    const image = this.images.get(point);
    if (!image) return null;
    this.images.delete(point);
    this.images.set(point, image);
    return image.complete && image.naturalWidth ? image : null;
  }

  load() {
    while (this.loading < AT_ONCE && this.wanted.length) {
      const point = this.wanted.shift();
      const image = new Image();
      const ended = () => {
        this.loading--;
        this.onLoad();
        this.load();
      };
      image.onload = image.onerror = ended;
      this.loading++;
      this.images.set(point, image);
      image.src = this.address(point);
    }
    for (const point of this.images.keys()) {
      if (this.images.size <= MOST_KEPT) break;
      this.images.delete(point);
    }
  }
}
