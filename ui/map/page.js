// The elements around the drawing: buttons, preview, list of clusters. Names are set as text.

const ICONS = {
  in: "M12 5v14M5 12h14",
  out: "M5 12h14",
  whole: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  lasso: "M12 4c5 0 8 2.5 8 5.500s-3.500 5.500-8 5.500-8-2-8-5.500S7 4 12 4M8 14.500c-2 1-2 3.500 0 4s2.500 2-1 2.500",
  clear: "M6 6l12 12M18 6L6 18",
};

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function iconButton(name, label, onClick) {
  const space = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  icon.append(path);
  const button = element("button", { type: "button", "aria-label": label, title: label }, icon);
  button.addEventListener("click", onClick);
  return button;
}

// All elements of a page; `act` holds what its buttons do.
function buildPage(act) {
  const canvas = element("canvas", { tabindex: "0", role: "application" });
  const hint = element("p", { class: "hint", hidden: "" });
  const status = element("p", { class: "unseen", role: "status" });
  const lasso = iconButton("lasso", "Lasso: draw around pictures (L)", act.lasso);
  lasso.setAttribute("aria-pressed", "false");
  const clear = iconButton("clear", "Choose nothing (Escape)", act.clear);
  clear.hidden = true;
  const tools = element(
    "div",
    { class: "tools", role: "toolbar", "aria-label": "Map", "aria-orientation": "vertical" },
    iconButton("in", "Zoom in (+)", act.zoomIn),
    iconButton("out", "Zoom out (-)", act.zoomOut),
    iconButton("whole", "The whole map (0)", act.whole),
    lasso,
    clear,
  );
  const preview = buildPreview();
  const stage = element("div", { class: "stage" }, canvas, tools, hint, preview.box, status);
  const list = element("ul", {});
  const groups = element("nav", { class: "groups", "aria-label": "Groups" }, list);
  const page = element("div", { class: "map" }, stage, groups);
  return { page, stage, canvas, tools, lasso, clear, hint, status, list, preview };
}

function buildPreview() {
  const image = element("img", { alt: "" });
  image.addEventListener("load", () => (image.hidden = false));
  image.addEventListener("error", () => (image.hidden = true));
  const name = element("span", { class: "name" });
  const group = element("span", { class: "group" });
  const how = element("span", { class: "how" });
  const box = element("div", { class: "preview", hidden: "" }, image, name, group, how);
  return { box, image, name, group, how };
}

// Show what is at a point, beside a place on the screen.
function showPreview(parts, map, view, point, how) {
  const { box, image, name, group } = parts.preview;
  box.hidden = false;
  const address = map.address(point);
  if (image.getAttribute("src") !== address) {
    image.hidden = true;
    image.src = address;
  }
  name.textContent = map.names[point];
  group.textContent = map.clusters[map.own[point]].name;
  parts.preview.how.textContent = how;
  const [x, y] = [view.screenX(map.x[point]), view.screenY(map.y[point])];
  const { offsetWidth: wide, offsetHeight: high } = box;
  const left = x + 16 + wide > view.width ? x - 16 - wide : x + 16;
  const top = Math.min(Math.max(y - high / 2, 4), view.height - high - 4);
  box.style.translate = `${Math.max(4, left)}px ${Math.max(4, top)}px`;
}

// The list of clusters, each a button with a few pictures.
function fillList(list, map, theme, numbers, onPress) {
  const items = map.clusters.map((cluster, place) => {
    const dot = element("span", { class: "dot", "aria-hidden": "true" });
    dot.style.background = theme.colours[numbers[place]];
    const pictures = element("span", { class: "pictures", "aria-hidden": "true" });
    for (const point of middleOf(map, place, 3)) {
      const image = element("img", { src: map.address(point), alt: "", loading: "lazy" });
      image.addEventListener("error", () => image.remove()); // without a thumbnail
      pictures.append(image);
    }
    const name = element("span", { class: "name" }, cluster.name || "unnamed");
    const size = element("span", { class: "size" }, map.members[place].length.toLocaleString("en"));
    const button = element("button", { type: "button", "aria-pressed": "false" });
    button.title = cluster.name;
    button.append(dot, name, size, pictures);
    button.addEventListener("click", () => onPress(place));
    return element("li", {}, button);
  });
  list.replaceChildren(...items);
}

// The points of a cluster that are nearest to its middle.
function middleOf(map, place, count) {
  const { x, y } = map.clusters[place];
  const away = (i) => (map.x[i] - x) ** 2 + (map.y[i] - y) ** 2;
  return [...map.members[place]].sort((a, b) => away(a) - away(b)).slice(0, count);
}
