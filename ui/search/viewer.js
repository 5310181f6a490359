// One picture, large: a box can be drawn on it to search with that part, and arrows lead on. A finger
// leads on, too; it draws a box after it was asked to, as it would never get past the picture else.

const states = new WeakMap();
const LEAST = 0.02; // of a side; smaller boxes are slips of the hand

const SWIPE = 40; // pixels to the side; less is no swipe

const clamp = (value) => Math.min(Math.max(value, 0), 1);

class Viewer {
  constructor(root) {
    this.image = make("img", { draggable: "false" });
    this.canvas = make("canvas");
    this.box = make("div", { class: "box", hidden: "" });
    this.stage = make(
      "div",
      {
        class: "stage", tabindex: "0", role: "application",
        onpointerdown: (event) => this.begin(event),
        onpointermove: (event) => this.move(event),
        onpointerup: (event) => this.end(event),
        onpointercancel: (event) => this.end(event),
        onkeydown: (event) => this.onKey(event),
      },
      this.image, this.canvas, this.box,
    );
    const button = (kind, label, icon) =>
      make("button", { class: kind, type: "button", "aria-label": label, title: label,
        onclick: () => this.press(kind) }, make("span", { class: "icon", "aria-hidden": "true" }, icon));
    this.previous = button("previous", "Previous picture", "chevron_left");
    this.next = button("next", "Next picture", "chevron_right");
    this.search = make("button", { class: "search", type: "button", hidden: "",
      onclick: () => this.press("search") }, "Search with this part");
    this.choose = make("button", { class: "choose", type: "button",
      onclick: () => this.setChoosing(true) }, "Select a part");
    this.hint = make("p", { class: "hint" });
    root.append(make("div", { class: "around" }, this.previous, this.stage, this.next),
      make("div", { class: "below" }, this.search, this.choose, this.hint));
  }

  draw({ data, setTriggerValue }) {
    this.tell = setTriggerValue;
    if (this.source !== data.src) {
      this.source = data.src;
      this.image.src = data.src;
      this.part = null;
      this.setChoosing(false);
    }
    this.image.alt = data.name;
    this.stage.style.setProperty("--shape", String(data.width / data.height || 1));
    this.stage.setAttribute("aria-label",
      `${data.name}: draw a box with the pointer, or press b for one and move it with the arrows`);
    this.previous.hidden = !data.steps;
    this.next.hidden = !data.steps;
    this.canvas.hidden = !data.heat;
    if (data.heat) shade(this.canvas, data.heat);
    this.hint.textContent = "Draw a box on the picture to search with that part of it.";
  }

  setChoosing(isChoosing) {
    this.isChoosing = isChoosing;
    this.stage.classList.toggle("choosing", isChoosing);
    this.showBox();
  }

  place(event) {
    const box = this.stage.getBoundingClientRect();
    return [clamp((event.clientX - box.left) / box.width), clamp((event.clientY - box.top) / box.height)];
  }

  begin(event) {
    if (event.button > 0) return;
    if (event.pointerType === "touch" && !this.isChoosing) {
      this.swipe = event.clientX;
      return;
    }
    this.start = this.place(event);
    this.stage.setPointerCapture(event.pointerId);
  }

  move(event) {
    if (!this.start) return;
    const [x, y] = this.place(event), [a, b] = this.start;
    this.part = [Math.min(a, x), Math.min(b, y), Math.max(a, x), Math.max(b, y)];
    this.showBox();
  }

  end(event) {
    if (this.swipe !== undefined) {
      const far = event.clientX - this.swipe;
      this.swipe = undefined;
      const isSwipe = event.type === "pointerup" && Math.abs(far) > SWIPE;
      if (isSwipe && !this.next.hidden) this.press(far < 0 ? "next" : "previous");
      return;
    }
    if (this.part && Math.min(this.part[2] - this.part[0], this.part[3] - this.part[1]) < LEAST) this.part = null;
    this.start = null;
    this.showBox();
  }

  showBox() {
    this.box.hidden = !this.part;
    this.search.hidden = !this.part || Boolean(this.start);
    this.hint.hidden = !this.search.hidden;
    this.choose.hidden = !this.search.hidden || this.isChoosing;
    this.hint.classList.toggle("always", this.isChoosing);
    if (!this.part) return;
    const [left, top, right, bottom] = this.part.map((share) => 100 * share);
    Object.assign(this.box.style, {
      left: `${left}%`, top: `${top}%`, width: `${right - left}%`, height: `${bottom - top}%`,
    });
  }

  press(kind) {
    if (kind === "search") this.tell("part", this.part);
    else this.tell("step", kind === "next" ? 1 : -1);
  }

  onKey(event) {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "b") this.part = this.part ? null : [0.25, 0.25, 0.75, 0.75];
    else if (event.key === "Enter" && this.part) this.press("search");
    else if (arrow && this.part) this.shift(arrow, event.shiftKey);
    else if (arrow && arrow[0] && !this.next.hidden) this.press(arrow[0] > 0 ? "next" : "previous");
    else return;
    event.preventDefault();
    this.showBox();
  }

  // Arrows move the box; with the shift key they make it larger and smaller.
  shift([x, y], isSize) {
    const step = 0.05;
    let [left, top, right, bottom] = this.part;
    if (!isSize) {
      const dx = Math.max(-left, Math.min(x * step, 1 - right));
      const dy = Math.max(-top, Math.min(y * step, 1 - bottom));
      [left, right, top, bottom] = [left + dx, right + dx, top + dy, bottom + dy];
    } else {
      right = clamp(Math.max(left + step, right + x * step));
      bottom = clamp(Math.max(top + step, bottom + y * step));
    }
    this.part = [left, top, right, bottom];
  }
}

export default function (component) {
  const root = component.parentElement;
  if (!states.has(root)) states.set(root, new Viewer(root.querySelector(".viewer")));
  states.get(root).draw(component);
}
