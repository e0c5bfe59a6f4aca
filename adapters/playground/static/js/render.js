// A card: whom it notifies, title, blocks, buttons, in the colour of its tone. A line is the same
// without title and frame; a bare message is its words and addresses alone.

import { el, icon, shows, visible } from "./dom.js";
import { bare } from "./bare.js";
import { block, buttons } from "./blocks.js";
import { locale, msg } from "./language.js";

const TONES = new Set(["info", "success", "warning", "danger"]);
const SPOKEN = { success: () => msg("Done:"), warning: () => msg("Warning:"), danger: () => msg("Failed:") };

export function card(data, press = null) {
  const pinged = data.pings?.length
    ? el("p", { class: "pings" }, [...new Set(data.pings)].map((id) => el("span", { class: "mention ping" }, `@${id}`))) : null;
  if (data.shape === "bare") return el("article", { class: "card bare" }, pinged, bare(data));
  const framed = data.shape !== "line";
  const tone = TONES.has(data.tone) ? data.tone : "neutral";
  const parts = [...data.blocks.map((part) => block(part, press)), data.buttons.length ? buttons(data.buttons, press) : null];
  const empty = !parts.some(shows);
  const words = visible(data.title) ? data.title : empty ? msg("(no text)") : "";
  const title = words && (framed || empty)
    ? el("h3", { class: "card-title" },
      tone === "neutral" ? null : icon(tone),
      el("span", {}, SPOKEN[tone] ? el("span", { class: "visually-hidden" }, SPOKEN[tone](), " ") : null, words))
    : null;
  return el("article", { class: `card ${framed ? tone : "line"}` }, pinged, title, parts);
}

const UNITS = ["byte", "kilobyte", "megabyte"];

function sizeOf(file) {
  let size = file.size;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) { size /= 1000; unit += 1; }
  const how = { style: "unit", unit: UNITS[unit], unitDisplay: unit ? "short" : "long", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale(), how).format(size);
}

export function files(list, person) {
  return el("div", { class: "files" }, list.map((file) => {
    const address = `api/files/${encodeURIComponent(file.id)}?person=${encodeURIComponent(person)}`;
    if (file.picture) return el("a", { class: "file-picture", href: address, target: "_blank", rel: "noopener" }, el("img", { src: address, alt: file.name, loading: "lazy" }));
    return el("a", { class: "file", href: address, download: file.name },
      el("span", { class: "file-mark" }, icon("file")),
      el("span", {}, el("span", { class: "file-name" }, file.name), el("span", { class: "file-size" }, `${sizeOf(file)} · `, msg("Download"))));
  }));
}
