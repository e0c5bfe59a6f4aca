// The blocks of a card.

import { avatar, el, icon, link, webAddress } from "./dom.js";
import { line } from "./inline.js";
import { msg, nmsg } from "./language.js";
import { lightbox } from "./lightbox.js";
import { missing } from "./missing.js";
import { table } from "./table.js";
import { timeElement } from "./time.js";

const TILES = 9;

/** press(button, element): what a button with an action does. */
export function block(data, press) {
  switch (data.type) {
    case "Text": return el("p", { class: data.subtle ? "text subtle" : "text" }, line(data.line));
    case "Quote": return quote(data);
    case "Fields": return fields(data);
    case "Table": return table(data);
    case "Gallery": return gallery(data);
    case "Picture": return picture(data);
    case "Progress": return progress(data);
    case "Buttons": return buttons(data.buttons, press);
    case "Picker": return picker(data, press);
    default: return el("p", { class: "text subtle" }, msg("(Reload the page to see this part.)"));
  }
}

function quote(data) {
  const head = [];
  if (data.author) {
    head.push(avatar(data.author, { picture: data.avatar_url }));
    head.push(link(data.author, data.author_url, { class: "quote-author" }));
  }
  if (data.at !== null && data.at !== undefined) {
    const when = timeElement(data.at, { relative: true, zone: data.zone });
    head.push(webAddress(data.url) ? link(when, data.url, { class: "quote-when" }) : el("span", { class: "quote-when" }, when));
  } else if (webAddress(data.url)) {
    head.push(link(msg("Open on X"), data.url, { class: "quote-when" }));
  }
  const words = el("p", { class: "quote-text", dir: "auto" }, data.text);
  const node = el("blockquote", { class: "quote" }, head.length ? el("div", { class: "quote-head" }, head) : null, words);
  // A text that is to be confirmed is never folded.
  const long = data.text.length > 900 || data.text.split("\n").length > 14;
  if (long && data.priority !== "own") {
    words.classList.add("clipped");
    const all = nmsg("Show the {n} character", "Show all {n} characters", { n: [...data.text].length });
    const more = el("button", { class: "plain-link", type: "button", "aria-expanded": "false" }, all);
    more.addEventListener("click", () => {
      const clipped = words.classList.toggle("clipped");
      more.setAttribute("aria-expanded", String(!clipped));
      more.textContent = clipped ? all : msg("Show less");
    });
    node.append(more);
  }
  return node;
}

function fields(data) {
  return el("dl", { class: "fields" }, data.items.map((item) =>
    el("div", { class: item.short ? "field" : "field long" }, el("dt", {}, item.name), el("dd", {}, line(item.value)))));
}

function gallery(data) {
  const shown = data.items.slice(0, TILES);
  const hidden = data.items.length - shown.length;
  const size = shown.length === 1 ? " one" : shown.length > 4 ? " many" : "";
  const tiles = shown.map((item, index) => tile(data, item, index, index === TILES - 1 ? hidden : 0));
  const more = webAddress(data.more_url)
    ? el("p", { class: "gallery-more" }, link(msg("Open the whole gallery"), data.more_url)) : null;
  return el("div", {}, el("div", { class: `gallery${size}` }, tiles), more);
}

const kind = (item) => (item.kind === "photo" ? msg("Picture") : item.kind === "gif" ? msg("GIF") : msg("Video"));

const opening = (item, words) => (item.kind === "photo" ? msg("Open the picture: {words}", { words }) : msg("Open the video: {words}", { words }));

function tile(data, item, index, hidden) {
  const address = webAddress(item.url);
  const words = item.alt || msg("{what} {number}", { what: kind(item), number: index + 1 });
  const node = el("button", { class: "tile", type: "button", "aria-label": opening(item, words) });
  if (address && item.kind === "photo") {
    const image = el("img", { src: address, alt: "", loading: "lazy", referrerpolicy: "no-referrer" });
    image.addEventListener("error", () => image.replaceWith(missing(words)));
    node.append(image);
  } else {
    node.append(missing(words));
  }
  if (item.kind !== "photo") node.append(el("span", { class: "tile-kind" }, kind(item)));
  if (hidden > 0) node.append(el("span", { class: "tile-more" }, `+${hidden}`));
  let veil = null;
  if (data.sensitive) {
    veil = el("span", { class: "tile-veil" }, msg("Sensitive – press to show"));
    node.classList.add("veiled");
    node.append(veil);
    node.setAttribute("aria-label", msg("Sensitive picture: show it"));
  }
  node.addEventListener("click", () => {
    if (veil) {
      veil.remove();
      veil = null;
      node.classList.remove("veiled");
      node.setAttribute("aria-label", opening(item, words));
    } else {
      lightbox(data.items, index);
    }
  });
  return node;
}

function picture(data) {
  const address = webAddress(data.url);
  if (!address) return missing(data.alt);
  const image = el("img", { src: address, alt: data.alt, loading: "lazy", referrerpolicy: "no-referrer" });
  const node = el("button", { class: "picture", type: "button" }, image);
  image.addEventListener("error", () => node.replaceWith(missing(data.alt)));
  node.addEventListener("click", () => lightbox([{ ...data, kind: "photo" }], 0));
  return node;
}

function progress(data) {
  const total = Math.max(data.total, 1);
  const label = data.label || msg("Progress");
  return el("div", {},
    el("div", { class: "progress-label" }, el("span", {}, label), el("span", {}, msg("{done} of {total}", { done: data.done, total: data.total }))),
    el("progress", { value: Math.min(data.done, total), max: total, "aria-label": label }));
}

/** A menu in the message: a choice acts at once. */
function picker(data, press) {
  const chosen = data.choices.some((choice) => choice.value === data.value);
  const node = el("select", { disabled: !press, data: { action: data.action } },
    chosen ? null : el("option", { value: "", selected: true }, msg("Choose…")),
    data.choices.map((choice) => el("option", { value: choice.value, selected: choice.value === data.value }, choice.label)));
  if (press) node.addEventListener("change", () => node.value && press({ ...data, picked: node.value }, node));
  return el("label", { class: "picker" }, el("span", {}, data.label), node);
}

export function buttons(list, press) {
  return el("div", { class: "buttons" }, list.map((data) => button(data, press)));
}

function button(data, press) {
  const style = data.style === "secondary" ? "" : ` ${data.style}`;
  if (data.url !== null && data.url !== undefined) {
    if (!webAddress(data.url)) return el("button", { class: "button", type: "button", disabled: true }, data.label);
    return link([data.label, icon("out")], data.url, { class: "button" });
  }
  const node = el("button", { class: `button${style}`, type: "button", disabled: data.disabled || !press, data: { action: data.action } }, data.label);
  if (press) node.addEventListener("click", () => press(data, node));
  return node;
}
