// Which part of the map is seen: places on the map to points of the screen, and back.

const FARTHEST = 0.7;
const EDGE = 0.9; // share of the screen that the whole map takes
const STRETCH = 1.6;
const FLIGHT = 220; // milliseconds

class View {
  constructor(bounds, count) {
    this.bounds = bounds;
    this.closest = Math.max(4, Math.sqrt(count)); // then no more than some pictures are in sight
    this.width = this.height = 1;
    this.whole();
  }

  // All of the map, in the middle.
  whole() {
    this.zoom = 1;
    this.x = (this.bounds.left + this.bounds.right) / 2;
    this.y = (this.bounds.top + this.bounds.bottom) / 2;
  }

  // Pixels for the map's own width and height of 1. Its axes mean nothing, so that it may be
  // stretched a little to fill the screen.
  get scales() {
    const { left, top, right, bottom } = this.bounds;
    const x = this.width / Math.max(right - left, 1e-3);
    const y = this.height / Math.max(bottom - top, 1e-3);
    const share = this.zoom * EDGE;
    return { x: share * Math.min(x, STRETCH * y), y: share * Math.min(y, STRETCH * x) };
  }

  // Pixels for 1 both ways, on average.
  get scale() {
    const { x, y } = this.scales;
    return Math.sqrt(x * y);
  }

  screenX(x) {
    return (x - this.x) * this.scales.x + this.width / 2;
  }

  screenY(y) {
    return (y - this.y) * this.scales.y + this.height / 2;
  }

  mapX(x) {
    return (x - this.width / 2) / this.scales.x + this.x;
  }

  mapY(y) {
    return (y - this.height / 2) / this.scales.y + this.y;
  }

  // What is seen, and so many pixels around it.
  box(margin) {
    return {
      left: this.mapX(-margin),
      right: this.mapX(this.width + margin),
      top: this.mapY(-margin),
      bottom: this.mapY(this.height + margin),
    };
  }

  move(x, y) {
    this.x -= x / this.scales.x;
    this.y -= y / this.scales.y;
    this.keepInside();
  }

  // Zoom by a factor; what is at a point of the screen stays there.
  zoomAt(factor, x, y) {
    const [mapX, mapY] = [this.mapX(x), this.mapY(y)];
    this.zoom = Math.max(FARTHEST, Math.min(this.closest, this.zoom * factor));
    this.x += mapX - this.mapX(x);
    this.y += mapY - this.mapY(y);
    this.keepInside();
  }

  // The middle of the screen never leaves the map.
  keepInside() {
    this.x = Math.max(this.bounds.left, Math.min(this.bounds.right, this.x));
    this.y = Math.max(this.bounds.top, Math.min(this.bounds.bottom, this.y));
  }

  // Where to look from to see a box whole.
  around(box) {
    const zoom =
      this.zoom *
      0.8 *
      Math.min(
        this.width / (Math.max(box.right - box.left, 1e-3) * this.scales.x),
        this.height / (Math.max(box.bottom - box.top, 1e-3) * this.scales.y),
      );
    return {
      x: (box.left + box.right) / 2,
      y: (box.top + box.bottom) / 2,
      zoom: Math.max(FARTHEST, Math.min(this.closest, zoom)),
    };
  }

  // Go there, at once for people who want no motion; `draw` shows every step.
  fly(goal, draw) {
    cancelAnimationFrame(this.flight);
    const from = { x: this.x, y: this.y, zoom: this.zoom };
    const began = performance.now();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = (now) => {
      const share = still ? 1 : Math.min(1, (now - began) / FLIGHT);
      const eased = 1 - (1 - share) ** 3;
      this.zoom = from.zoom * (goal.zoom / from.zoom) ** eased;
      this.x = from.x + (goal.x - from.x) * eased;
      this.y = from.y + (goal.y - from.y) * eased;
      draw();
      if (share < 1) this.flight = requestAnimationFrame(step);
    };
    step(began);
  }

  stop() {
    cancelAnimationFrame(this.flight);
  }
}
