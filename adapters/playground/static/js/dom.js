// Making elements. Strings become text nodes, so nothing that is shown can turn into markup.

import { msg } from "./language.js";
import { store } from "./store.js";

export const $ = (id) => document.getElementById(id);

/** An element. props: attributes; `class`, `on` (event → handler) and `data` are special; a value
 *  of null, undefined or false leaves the attribute out. */
export function el(name, props = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") node.className = value;
    else if (key === "on") for (const [type, handler] of Object.entries(value)) node.addEventListener(type, handler);
    else if (key === "data") Object.assign(node.dataset, value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Whether there is anything to be seen in a text. */
export const visible = (text) => /[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text ?? "");

/** Whether an element, or null for none, shows anything. */
export const shows = (node) => Boolean(node) && (visible(node.textContent) || node.querySelector("img, button, progress, .tile, .picture-missing") !== null);

/** The address, if it is http or https and absolute; null for anything else (javascript:, data:). */
export function webAddress(text) {
  if (typeof text !== "string") return null;
  try {
    const url = new URL(text);
    return (url.protocol === "https:" || url.protocol === "http:") && url.host ? url.href : null;
  } catch {
    return null;
  }
}

const X = /^(?:www\.|mobile\.|m\.)?(?:x|twitter)\.com$/;

/** Where an address of x.com leads where nothing is on X: to the page that stands for it. */
function standIn(href) {
  const url = new URL(href);
  return store.xPages && X.test(url.hostname) ? `${store.xPages}${url.pathname === "/" ? "" : url.pathname}${url.search}` : null;
}

/** A link that opens a new tab, or plain text when the address is none of the web. */
export function link(text, address, props = {}) {
  const href = webAddress(address);
  if (!href) return el("span", props, text);
  const instead = standIn(href);
  const title = instead ? msg("Opens a page of the sandbox: none of this is on X") : null;
  return el("a", { title, ...props, href: instead ?? href, target: "_blank", rel: "noopener noreferrer" }, text);
}

const PATHS = {
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  moon: "M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  send: "M12 19V6M6 11.5L12 5.5l6 6",
  up: "M6 18.5V12a4 4 0 0 1 4-4h8.5M14.5 4l4 4-4 4",
  picture: "M4 5.5h16v13H4zM4 15l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9v.2",
  down: "M12 5v13M6 12.5l6 6 6-6",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  tick: "M5 12.5l4.5 4.5L19 7.5",
  info: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5M12 7.8v.2",
  success: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8.5 12.2l2.4 2.4 4.6-5",
  warning: "M12 4L2.8 19.5h18.4L12 4zM12 10v4M12 16.8v.2",
  danger: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5v5M12 16v.2",
  file: "M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 13h6M9 16.5h6",
  out: "M14 5h5v5M19 5l-8 8M11 6H6v12h12v-5",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  left: "M14.5 5.5L8 12l6.5 6.5",
  right: "M9.5 5.5L16 12l-6.5 6.5",
};

/** A small line drawing, hidden from screen readers. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A square with someone's picture, or the first letter of the name on a colour of its own. */
export function avatar(name, { picture = null, bot = false } = {}) {
  if (bot) return el("span", { class: "avatar bot", "aria-hidden": "true" }, el("img", { src: "static/icon.svg", alt: "" }));
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 6007, 7) % 6;
  const node = el("span", { class: "avatar", "aria-hidden": "true", data: { hue } }, [...name.replace(/^@/, "")][0]?.toUpperCase() ?? "?");
  const address = webAddress(picture);
  if (address) {
    const letter = node.textContent;
    const image = el("img", { src: address, alt: "", loading: "lazy", referrerpolicy: "no-referrer" });
    image.addEventListener("error", () => node.replaceChildren(letter));
    node.replaceChildren(image);
  }
  return node;
}

/** A word that appears for some seconds and is read out. */
export function toast(text) {
  const node = el("div", { class: "toast" }, text);
  $("toasts").append(node);
  setTimeout(() => node.remove(), 5000);
}
