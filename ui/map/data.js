// The map as Python sends it (ui/map_data.py), unpacked, and a grid to find points by place.

const STEPS = 65535;
const CELLS = 96; // along one side of the grid
const DIGEST_BYTES = 32;

function bytesOf(text) {
  const said = atob(text);
  const bytes = new Uint8Array(said.length);
  for (let i = 0; i < said.length; i++) bytes[i] = said.charCodeAt(i);
  return bytes;
}

function readMap(data) {
  const steps = new DataView(bytesOf(data.places).buffer);
  const ids = new DataView(bytesOf(data.ids).buffer);
  const own = bytesOf(data.own);
  const count = own.length;
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const id = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    x[i] = steps.getUint16(4 * i, true) / STEPS;
    y[i] = steps.getUint16(4 * i + 2, true) / STEPS;
    id[i] = ids.getFloat64(8 * i, true);
  }
  const map = { count, x, y, id, own, names: data.names.split("\n"), clusters: data.clusters };
  map.members = membersOf(own, data.clusters.length);
  map.grid = gridOf(x, y);
  map.bounds = boundsOf(map, null);
  const digests = bytesOf(data.digests);
  map.address = (point) => {
    let digest = "";
    for (let i = DIGEST_BYTES * point; i < DIGEST_BYTES * (point + 1); i++) {
      digest += digests[i].toString(16).padStart(2, "0");
    }
    return data.address.replace("DIGEST", digest);
  };
  return map;
}

// The points of each cluster.
function membersOf(own, clusters) {
  const members = Array.from({ length: clusters }, () => []);
  for (let i = 0; i < own.length; i++) members[own[i]].push(i);
  return members;
}

// The least box around some points; null is all of them.
function boundsOf(map, points) {
  let [left, top, right, bottom] = [1, 1, 0, 0];
  const count = points ? points.length : map.count;
  for (let n = 0; n < count; n++) {
    const i = points ? points[n] : n;
    left = Math.min(left, map.x[i]);
    right = Math.max(right, map.x[i]);
    top = Math.min(top, map.y[i]);
    bottom = Math.max(bottom, map.y[i]);
  }
  return left > right ? { left: 0, top: 0, right: 1, bottom: 1 } : { left, top, right, bottom };
}

const cellOf = (value) => Math.max(0, Math.min(CELLS - 1, Math.floor(value * CELLS)));

// Points by cell: those of cell c are order[start[c]] up to order[start[c + 1]].
function gridOf(x, y) {
  const start = new Uint32Array(CELLS * CELLS + 1);
  const cells = new Uint16Array(x.length);
  for (let i = 0; i < x.length; i++) {
    cells[i] = cellOf(y[i]) * CELLS + cellOf(x[i]);
    start[cells[i] + 1]++;
  }
  for (let c = 0; c < CELLS * CELLS; c++) start[c + 1] += start[c];
  const next = start.slice();
  const order = new Uint32Array(x.length);
  for (let i = 0; i < x.length; i++) order[next[cells[i]]++] = i;
  return { start, order };
}

// Calls `see` with every point of the cells that a box touches.
function within(map, box, see) {
  const { start, order } = map.grid;
  for (let row = cellOf(box.top); row <= cellOf(box.bottom); row++) {
    const first = start[row * CELLS + cellOf(box.left)];
    const end = start[row * CELLS + cellOf(box.right) + 1];
    for (let n = first; n < end; n++) see(order[n]);
  }
}

// The nearest point to a place, at most `reach` pixels away; -1 is none.
function nearest(map, x, y, reach, scales) {
  let best = -1;
  let least = reach * reach;
  const [wide, high] = [reach / scales.x, reach / scales.y];
  within(map, { left: x - wide, right: x + wide, top: y - high, bottom: y + high }, (i) => {
    const away = ((map.x[i] - x) * scales.x) ** 2 + ((map.y[i] - y) * scales.y) ** 2;
    if (away <= least) [best, least] = [i, away];
  });
  return best;
}

// Even-odd, as `Atlas.inside` in Python.
function insidePolygon(map, corners) {
  const found = [];
  if (corners.length < 3) return found;
  for (let i = 0; i < map.count; i++) {
    let is = false;
    for (let a = 0, b = corners.length - 1; a < corners.length; b = a++) {
      const [x1, y1] = corners[a];
      const [x2, y2] = corners[b];
      const crosses = y1 > map.y[i] !== y2 > map.y[i];
      if (crosses && map.x[i] < ((x2 - x1) * (map.y[i] - y1)) / (y2 - y1) + x1) is = !is;
    }
    if (is) found.push(i);
  }
  return found;
}
