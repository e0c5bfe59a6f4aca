// The picture viewer: a native dialog, closed by Esc, paged by the arrow keys.

import { el, icon, link, webAddress } from "./dom.js";
import { msg } from "./language.js";
import { missing } from "./missing.js";

export function lightbox(items, start) {
  let at = start;
  const count = el("p", { class: "lightbox-count", "aria-live": "polite" });
  const view = el("div", { class: "lightbox-view" });
  const words = el("p", {});
  const out = el("span", {});
  const close = el("button", { class: "icon-button", type: "button", "aria-label": msg("Close") }, icon("close"));
  const back = el("button", { class: "icon-button", type: "button", "aria-label": msg("Previous picture") }, icon("left"));
  const next = el("button", { class: "icon-button", type: "button", "aria-label": msg("Next picture") }, icon("right"));
  const dialog = el("dialog", { class: "lightbox", "aria-label": msg("Pictures") },
    el("div", { class: "lightbox-bar" }, count, out, close),
    view,
    el("div", { class: "lightbox-foot" }, back, words, next));
  const show = (index) => {
    at = (index + items.length) % items.length;
    const item = items[at];
    const address = webAddress(item.url);
    count.textContent = items.length > 1 ? msg("{done} of {total}", { done: at + 1, total: items.length }) : "";
    words.textContent = item.alt;
    out.replaceChildren(link(msg("Open the original"), item.url));
    if (!address) view.replaceChildren(el("p", {}, msg("This picture has no web address.")));
    else if (item.kind === "video" || item.kind === "gif") {
      view.replaceChildren(el("video", { src: address, controls: true, loop: item.kind === "gif", "aria-label": item.alt }));
    } else {
      const image = el("img", { src: address, alt: item.alt, referrerpolicy: "no-referrer" });
      image.addEventListener("error", () => image.replaceWith(missing(msg("This picture is no longer there."))));
      view.replaceChildren(image);
    }
  };
  back.hidden = next.hidden = items.length < 2;
  close.addEventListener("click", () => dialog.close());
  back.addEventListener("click", () => show(at - 1));
  next.addEventListener("click", () => show(at + 1));
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(at - 1);
    if (event.key === "ArrowRight") show(at + 1);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target === view) dialog.close();
  });
  const opener = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener?.focus?.();
  });
  document.body.append(dialog);
  show(at);
  dialog.showModal();
}
