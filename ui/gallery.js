// The results: pictures in rows, each whole and in its own shape, with what can be done to them.
// Everything of a picture that is text comes in as text; nothing here is read as HTML.

const ACTIONS = [
  { kind: "up", key: "u", icon: "thumb_up", label: "Good match", marks: true },
  { kind: "down", key: "d", icon: "thumb_down", label: "Bad match, hide it", marks: true },
  { kind: "more", key: "m", icon: "image_search", label: "More like this" },
  { kind: "less", key: "l", icon: "image_not_supported", label: "Less like this" },
];
const NARROWEST = 0.5, WIDEST = 3;
const AHEAD = "1500px"; // more results are asked for so long before the last ones are reached

const states = new WeakMap();

const icon = (name) => make("span", { class: "icon", "aria-hidden": "true" }, name);

class Gallery {
  constructor(root) {
    this.root = root;
    this.cards = new Map();
    this.chosen = new Set();
    this.current = null;
    this.list = make("ul", { class: "list", onkeydown: (event) => this.onKey(event) });
    this.further = make(
      "button",
      { class: "further", type: "button", onclick: () => this.askMore() },
      "Show more",
    );
    root.append(this.list, this.further);
    this.observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && this.askMore(),
      { rootMargin: AHEAD },
    );
    this.observer.observe(this.further);
  }

  draw({ data, setTriggerValue, setStateValue }) {
    this.data = data;
    this.tell = setTriggerValue;
    this.keep = setStateValue;
    this.list.dataset.size = data.size;
    this.list.setAttribute("aria-label", data.label);
    const focused = this.root.getRootNode().activeElement; // a card that is moved loses it
    const there = new Set(data.hits.map((hit) => hit.id));
    for (const [id, card] of this.cards) {
      if (!there.has(id)) {
        card.remove();
        this.cards.delete(id);
        this.chosen.delete(id);
      }
    }
    let before = null;
    const put = (element) => {
      const place = before ? before.nextSibling : this.list.firstChild;
      if (place !== element) this.list.insertBefore(element, place);
      before = element;
    };
    const lines = new Map(data.lines.map(({ after, words }) => [after, words]));
    for (const line of this.list.querySelectorAll(".line, .rest")) line.remove();
    data.hits.forEach((hit, number) => {
      if (lines.has(number)) {
        put(make("li", { class: "rest", "aria-hidden": "true" }));
        put(make("li", { class: "line" }, lines.get(number)));
      }
      const card = this.cards.get(hit.id) ?? this.card(hit);
      this.fill(card, hit);
      put(card);
    });
    if (this.round !== data.round && this.chosen.size) {
      this.chosen.clear();
      this.showChosen();
    }
    this.round = data.round;
    if (!this.cards.has(this.current)) this.current = null;
    this.point(this.current ?? data.hits[0]?.id, false);
    if (focused && focused.isConnected && this.list.contains(focused)) focused.focus({ preventScroll: true });
    this.further.hidden = !data.hasMore;
    if (this.asked !== data.hits.length) this.asked = null;
    // An observer tells only of changes: a page that is not full needs a second look.
    this.observer.unobserve(this.further);
    this.observer.observe(this.further);
  }

  card(hit) {
    const card = make("li", { "data-id": hit.id });
    const picture = make("button", {
      class: "picture", type: "button", onclick: () => this.act("open", hit.id),
    });
    const image = make("img", { loading: "lazy", decoding: "async", alt: "" });
    image.addEventListener("error", () => card.classList.add("broken"));
    picture.append(image, make("span", { class: "nothing" }, "no preview"), make("canvas"));
    const tick = make("button", {
      class: "tick", type: "button", "aria-pressed": "false", "aria-keyshortcuts": "x",
      "aria-label": "Choose", title: "Choose (x)", onclick: () => this.choose(hit.id),
    }, icon("check"));
    const bar = make("div", { class: "bar" });
    for (const { kind, key, icon: name, label } of ACTIONS) {
      bar.append(make("button", {
        class: kind, type: "button", "aria-keyshortcuts": key,
        onclick: () => this.act(kind, hit.id),
      }, icon(name)));
    }
    const words = make("p", {}, make("span", { class: "name" }));
    card.append(make("div", { class: "frame" }, picture, tick, bar), words);
    card.addEventListener("focusin", () => this.point(hit.id, false));
    this.cards.set(hit.id, card);
    return card;
  }

  fill(card, hit) {
    const said = JSON.stringify([hit, this.data.canMark]);
    if (card.said === said) return;
    card.said = said;
    const shape = Math.min(Math.max(hit.width / hit.height || 1, NARROWEST), WIDEST);
    card.style.setProperty("--shape", shape.toFixed(3));
    const image = card.querySelector("img");
    if (image.getAttribute("src") !== hit.src) {
      card.classList.remove("broken");
      image.src = hit.src;
    }
    image.alt = hit.name;
    const label = [hit.name, hit.note].filter(Boolean).join(", ");
    card.querySelector(".picture").setAttribute("aria-label", label);
    card.querySelector(".name").textContent = hit.note ? `${hit.name} (${hit.note})` : hit.name;
    card.querySelector(".name").title = hit.name;
    card.classList.toggle("liked", hit.mark > 0);
    for (const { kind, key, label: text, marks } of ACTIONS) {
      const button = card.querySelector(`.bar .${kind}`);
      button.hidden = Boolean(marks && !this.data.canMark);
      const words = kind === "up" && hit.mark > 0 ? "Liked, press to take it back" : text;
      button.setAttribute("aria-label", `${words}: ${hit.name}`);
      button.title = `${words} (${key})`;
      if (kind === "up") button.setAttribute("aria-pressed", String(hit.mark > 0));
    }
    card.querySelector(".tick").setAttribute("aria-label", `Choose: ${hit.name}`);
    const canvas = card.querySelector("canvas");
    canvas.hidden = !hit.heat;
    if (hit.heat) shade(canvas, hit.heat);
  }

  act(kind, id) {
    if (kind === "down") this.point(this.beside(id), true);
    this.tell("act", { kind, id });
  }

  choose(id) {
    if (!this.chosen.delete(id)) this.chosen.add(id);
    this.showChosen();
    this.keep("chosen", { ids: [...this.chosen], round: this.round });
  }

  showChosen() {
    this.list.classList.toggle("choosing", this.chosen.size > 0);
    for (const [id, card] of this.cards) {
      const isChosen = this.chosen.has(id);
      card.classList.toggle("chosen", isChosen);
      card.querySelector(".tick").setAttribute("aria-pressed", String(isChosen));
    }
  }

  askMore() {
    if (!this.data?.hasMore || this.asked === this.data.hits.length) return;
    this.asked = this.data.hits.length;
    this.tell("more", this.asked);
  }

  // One picture of all can be reached by the tab key; arrows lead to the others.
  point(id, focus) {
    if (id === undefined) return;
    for (const [other, card] of this.cards) {
      const order = other === id ? "0" : "-1";
      if (card.order === order) continue;
      card.order = order;
      for (const button of card.querySelectorAll("button")) button.tabIndex = Number(order);
    }
    this.current = id;
    if (focus) this.cards.get(id)?.querySelector(".picture").focus();
  }

  ids() {
    return this.data.hits.map((hit) => hit.id);
  }

  beside(id) {
    const ids = this.ids(), place = ids.indexOf(id);
    return ids[place + 1] ?? ids[place - 1];
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.current === null) return;
    const ids = this.ids(), place = ids.indexOf(this.current);
    const steps = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: ids.length - 1 };
    const action = ACTIONS.find(({ key, marks }) => key === event.key && (!marks || this.data.canMark));
    if (event.key in steps) this.point(ids[Math.min(Math.max(steps[event.key], 0), ids.length - 1)], true);
    else if (event.key === "ArrowDown") this.point(this.nextRow(1), true);
    else if (event.key === "ArrowUp") this.point(this.nextRow(-1), true);
    else if (event.key === "x") this.choose(this.current);
    else if (action) this.act(action.kind, this.current);
    else return;
    event.preventDefault();
  }

  nextRow(sign) {
    const box = this.cards.get(this.current).getBoundingClientRect();
    const middle = box.left + box.width / 2;
    let best, least = Infinity;
    for (const [id, card] of this.cards) {
      const other = card.getBoundingClientRect();
      const down = sign * (other.top - box.top);
      if (down < 4) continue;
      const distance = down * 10 + Math.abs(other.left + other.width / 2 - middle);
      if (distance < least) [best, least] = [id, distance];
    }
    return best;
  }
}

export default function (component) {
  const root = component.parentElement;
  if (!states.has(root)) states.set(root, new Gallery(root.querySelector(".gallery")));
  const gallery = states.get(root);
  gallery.draw(component);
  return () => gallery.observer.disconnect();
}
