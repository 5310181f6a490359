// Colours that also differ for the colour-blind (after Paul Tol's schemes), for light and dark.
// Names say which cluster is which; colours only have to tell neighbours apart.

const ON_LIGHT = [
  "#0077bb", "#cc5500", "#117733", "#aa3377", "#332288", "#87791f", "#cc3344", "#1f8a7d",
];
const ON_DARK = [
  "#77aadd", "#ee8866", "#44bb99", "#ffaabb", "#b79cf0", "#eedd88", "#f0707a", "#99ddff",
];

// For each cluster the number of a colour that no near one has.
function colourNumbers(clusters) {
  const numbers = [];
  clusters.forEach((cluster, place) => {
    let [best, farthest] = [0, -1];
    for (let colour = 0; colour < ON_LIGHT.length; colour++) {
      let away = Infinity;
      for (let other = 0; other < place; other++) {
        if (numbers[other] !== colour) continue;
        const one = clusters[other];
        away = Math.min(away, (one.x - cluster.x) ** 2 + (one.y - cluster.y) ** 2);
      }
      if (away > farthest) [best, farthest] = [colour, away];
    }
    numbers.push(best);
  });
  return numbers;
}

// What the page's theme says, as it is right now.
function themeOf(element) {
  const style = getComputedStyle(element);
  const said = (name, other) => style.getPropertyValue(name).trim() || other;
  const background = said("--st-background-color", "#ffffff");
  return {
    background,
    text: said("--st-text-color", "#31333f"),
    primary: said("--st-primary-color", "#1d5c8f"),
    font: said("--st-font", "sans-serif"),
    colours: isDark(background) ? ON_DARK : ON_LIGHT,
  };
}

function isDark(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  const hex = context.fillStyle; // the browser writes every colour as #rrggbb
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}
