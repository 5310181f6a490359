// The map: what is seen, what is chosen, and telling Python of it.

const SEEN_FROM_FAR = 90; // pixels from the middle within which the keyboard finds a picture

class PictureMap {
  constructor(root) {
    this.parts = buildPage({
      zoomIn: () => this.zoom(ZOOM),
      zoomOut: () => this.zoom(1 / ZOOM),
      whole: () => this.showWhole(),
      lasso: () => this.setLasso(!this.isLasso),
      clear: () => this.choose(null),
    });
    root.append(this.parts.page);
    this.context = this.parts.canvas.getContext("2d");
    this.look = { chosen: null, current: -1, lasso: [], hasCross: false, shown: [] };
    this.isLasso = false;
    this.resizing = new ResizeObserver(() => this.resize());
    listenToPointer(this);
    listenToKeys(this);
  }

  // Take what Python says; the view stays as it is if the map is the same.
  update(data, tell) {
    this.tell = tell;
    if (data.stamp === this.stamp) return;
    this.stamp = data.stamp;
    this.map = readMap(data);
    this.view = new View(this.map.bounds, this.map.count);
    this.look.numbers = colourNumbers(this.map.clusters);
    this.look.pictures = new Pictures(this.map.address, () => this.draw());
    this.look.theme = themeOf(this.parts.page);
    this.parts.canvas.setAttribute(
      "aria-label",
      `Map of ${this.map.count} pictures. Arrow keys move, plus and minus zoom, 0 shows all, ` +
        "Enter finds more like the picture in the middle. The groups follow as a list.",
    );
    fillList(this.parts.list, this.map, this.look.theme, this.look.numbers, (cluster) =>
      this.chooseCluster(cluster),
    );
    this.mark(this.said ?? null);
    this.resize();
  }

  start() {
    this.resizing.observe(this.parts.stage);
    // The theme may change at any time, and tells nobody.
    this.watching = setInterval(() => this.followTheme(), 1000);
  }

  stop() {
    this.resizing.disconnect();
    clearInterval(this.watching);
    this.view?.stop();
  }

  followTheme() {
    const { background } = themeOf(this.parts.page);
    if (background === this.look.theme.background) return;
    this.look.theme = themeOf(this.parts.page);
    const dots = this.parts.list.querySelectorAll(".dot");
    dots.forEach((dot, place) => {
      dot.style.background = this.look.theme.colours[this.look.numbers[place]];
    });
    this.draw();
  }

  resize() {
    const { canvas, stage } = this.parts;
    const ratio = window.devicePixelRatio || 1;
    [this.view.width, this.view.height] = [stage.clientWidth || 1, stage.clientHeight || 1];
    canvas.width = Math.round(this.view.width * ratio);
    canvas.height = Math.round(this.view.height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.draw();
  }

  // At the browser's next frame, however often it is asked for.
  draw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.look.shown = shownAsPictures(this.map, this.view);
      this.look.pictures.want(this.look.shown);
      const { offsetLeft, offsetTop, offsetHeight } = this.parts.tools;
      this.look.tools = { left: offsetLeft, bottom: offsetTop + offsetHeight };
      draw(this.context, this.map, this.view, this.look);
    });
  }

  pan(x, y) {
    this.hidePreview();
    this.view.move(x, y);
    this.draw();
  }

  zoom(factor, x = this.view.width / 2, y = this.view.height / 2) {
    this.hidePreview();
    this.view.zoomAt(factor, x, y);
    this.draw();
  }

  showWhole() {
    this.hidePreview();
    this.view.whole();
    this.draw();
  }

  // The point that is meant by a place on the screen: a thumbnail there, or the nearest.
  pointAt({ x, y }, reach) {
    const { shown } = this.look;
    for (let n = shown.length - 1; n >= 0; n--) {
      const dx = Math.abs(this.view.screenX(this.map.x[shown[n]]) - x);
      const dy = Math.abs(this.view.screenY(this.map.y[shown[n]]) - y);
      if (dx <= SIDE / 2 && dy <= SIDE / 2) return shown[n];
    }
    return nearest(this.map, this.view.mapX(x), this.view.mapY(y), reach, this.view.scales);
  }

  // What the mouse is over; null is nothing.
  hover(place) {
    if (place && this.isLasso) return;
    this.look.hasCross = false;
    const point = place ? this.pointAt(place, REACH) : -1;
    this.parts.canvas.style.cursor = point >= 0 ? "pointer" : "";
    this.preview(point, "Press for more like this");
  }

  // What the keyboard points to.
  lookAtMiddle() {
    if (this.isLasso) return;
    const middle = { x: this.view.width / 2, y: this.view.height / 2 };
    this.look.hasCross = true;
    this.look.shown = shownAsPictures(this.map, this.view);
    const point = this.pointAt(middle, SEEN_FROM_FAR);
    this.preview(point, "Enter: more like this");
    const { names, clusters, own } = this.map;
    this.parts.status.textContent =
      point < 0 ? "No picture here" : `${names[point]}, ${clusters[own[point]].name}`;
  }

  preview(point, how) {
    this.look.current = point;
    if (point >= 0) showPreview(this.parts, this.map, this.view, point, how);
    else this.parts.preview.box.hidden = true;
    this.draw();
  }

  hidePreview() {
    this.look.current = -1;
    this.parts.preview.box.hidden = true;
  }

  // A finger cannot hover: its first press shows the picture, the second one opens it.
  press(place, isMouse) {
    const before = this.look.current;
    const point = this.pointAt(place, REACH);
    if (point >= 0 && (isMouse || point === before)) this.open(point);
    else this.preview(point, "Press again for more like this");
  }

  openCurrent() {
    if (this.look.current >= 0) this.open(this.look.current);
  }

  open(point) {
    this.tell("like", this.map.id[point]);
  }

  setLasso(isOn) {
    this.isLasso = isOn;
    this.look.lasso = [];
    this.hidePreview();
    const { lasso, hint, stage } = this.parts;
    lasso.setAttribute("aria-pressed", String(isOn));
    stage.classList.toggle("choosing", isOn);
    hint.hidden = !isOn;
    hint.textContent = "Draw around pictures to choose them. Escape: do not.";
    this.draw();
  }

  beginLasso({ x, y }) {
    this.look.lasso = [[this.view.mapX(x), this.view.mapY(y)]];
  }

  drawLasso({ x, y }, least) {
    const [lastX, lastY] = this.look.lasso.at(-1) ?? [Infinity, Infinity];
    const corner = [this.view.mapX(x), this.view.mapY(y)];
    const far = Math.hypot(corner[0] - lastX, corner[1] - lastY) * this.view.scale;
    if (far >= least) this.look.lasso.push(corner);
    this.draw();
  }

  dropLasso() {
    this.look.lasso = [];
    this.draw();
  }

  endLasso() {
    const every = Math.ceil(this.look.lasso.length / 500);
    const corners = this.look.lasso.filter((_, place) => place % every === 0);
    this.setLasso(false);
    if (corners.length >= 3) this.choose({ polygon: corners });
  }

  chooseCluster(cluster) {
    const isChosen = this.said?.cluster === cluster;
    this.choose(isChosen ? null : { cluster });
    if (isChosen) return;
    this.hidePreview();
    const box = boundsOf(this.map, this.map.members[cluster]);
    this.view.fly(this.view.around(box), () => this.draw());
  }

  choose(said) {
    this.mark(said);
    this.tell("chosen", this.said);
  }

  // Show what is chosen; a lasso around nothing chooses nothing.
  mark(said) {
    let points = [];
    if (said?.polygon) points = insidePolygon(this.map, said.polygon);
    else if (said) points = this.map.members[said.cluster] ?? [];
    this.said = points.length ? said : null;
    this.look.chosen = points.length ? new Set(points) : null;
    this.parts.clear.hidden = !points.length;
    this.parts.status.textContent = points.length ? `${points.length} pictures chosen` : "";
    this.parts.list.querySelectorAll("button").forEach((button, place) => {
      button.setAttribute("aria-pressed", String(this.said?.cluster === place));
    });
    this.draw();
  }
}

const maps = new WeakMap();

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const map = maps.get(parentElement) ?? new PictureMap(parentElement);
  maps.set(parentElement, map);
  map.update(data, (name, value) =>
    name === "like" ? setTriggerValue(name, value) : setStateValue(name, value),
  );
  map.start();
  return () => map.stop();
}
