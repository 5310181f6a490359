// Mouse, fingers and keys on the drawing.

const CLICK = 5; // pixels that a hand may shake in a click
const REACH = 18; // pixels from a point that still mean it
const STEP = 0.15; // of the screen, for an arrow key
const ZOOM = 1.5;
const CORNER = 4; // pixels between two corners of a lasso

function listenToPointer(map) {
  const { canvas } = map.parts;
  const fingers = new Map();
  let began = null; // where the first finger went down, and whether it has moved since
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    map.view.stop();
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, at(event));
    began = fingers.size === 1 ? { ...at(event), moved: false } : null;
    if (fingers.size > 1) map.dropLasso();
    else if (map.isLasso) map.beginLasso(at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    const now = at(event);
    if (!before) {
      if (event.pointerType === "mouse") map.hover(now);
      return;
    }
    if (began && Math.hypot(now.x - began.x, now.y - began.y) > CLICK) began.moved = true;
    if (fingers.size === 2) pinch(map, fingers, event.pointerId, now);
    else if (map.isLasso) map.drawLasso(now, CORNER);
    else if (!began || began.moved) map.pan(now.x - before.x, now.y - before.y);
    if (!began || began.moved || fingers.size === 2) fingers.set(event.pointerId, now);
  });
  const ended = (event) => {
    if (!fingers.delete(event.pointerId)) return;
    const isClick = began && !began.moved && event.type === "pointerup";
    if (map.isLasso && !fingers.size) map.endLasso();
    else if (isClick) map.press(at(event), event.pointerType === "mouse");
    if (!fingers.size) began = null;
  };
  canvas.addEventListener("pointerup", ended);
  canvas.addEventListener("pointercancel", ended);
  // A finger leaves whenever it is lifted: what it has found stays.
  canvas.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && !fingers.size) map.hover(null);
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const { x, y } = at(event);
      map.zoom(Math.exp(-event.deltaY * lines * 0.002), x, y);
    },
    { passive: false },
  );
}

function pinch(map, fingers, moved, now) {
  const before = fingers.get(moved);
  const [, other] = [...fingers].find(([finger]) => finger !== moved);
  const far = Math.hypot(before.x - other.x, before.y - other.y);
  const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(far, 1);
  map.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
  map.zoom(factor, (now.x + other.x) / 2, (now.y + other.y) / 2);
}

const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function listenToKeys(map) {
  const { canvas, stage } = map.parts;
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onCanvas = event.target === canvas;
    const keys = {
      "+": () => map.zoom(ZOOM),
      "=": () => map.zoom(ZOOM),
      "-": () => map.zoom(1 / ZOOM),
      _: () => map.zoom(1 / ZOOM),
      0: () => map.showWhole(),
      l: () => map.setLasso(!map.isLasso),
      L: () => map.setLasso(!map.isLasso),
      Escape: () => (map.isLasso ? map.setLasso(false) : map.choose(null)),
    };
    if (onCanvas && ARROWS[event.key]) {
      const [x, y] = ARROWS[event.key];
      map.pan(x * STEP * map.view.width, y * STEP * map.view.height);
    } else if (onCanvas && event.key === "Enter") {
      map.openCurrent();
    } else if (keys[event.key]) {
      keys[event.key]();
    } else {
      return;
    }
    event.preventDefault();
    if (onCanvas) map.lookAtMiddle();
  });
  canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && map.lookAtMiddle());
  canvas.addEventListener("blur", () => map.hover(null));
}
