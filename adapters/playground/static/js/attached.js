// A field of a form that takes pictures and videos: files of this machine, or links.

import { upload } from "./api.js";
import { el } from "./dom.js";
import { msg } from "./language.js";

const TYPES = "image/avif,image/gif,image/jpeg,image/png,image/webp,video/mp4";

/** As `field` of a form makes the others; attach() hands in what was chosen, before the values are read. */
export function filesField(data, id) {
  const links = el("input", { id: `${id}-links`, type: "text", value: data.value.startsWith("attached:") ? "" : data.value, spellcheck: "false", autocomplete: "off", "aria-label": msg("Links instead") , placeholder: msg("or https:// links") });
  const files = el("input", { id, name: data.name, type: "file", accept: TYPES, multiple: data.many });
  const wrong = el("p", { class: "input-error", id: `${id}-wrong`, hidden: true });
  const hint = el("p", { class: "input-hint", id: `${id}-about` }, data.hint);
  files.setAttribute("aria-describedby", `${id}-about ${id}-wrong`);
  let kept = data.value.startsWith("attached:") ? data.value : "";
  let handed = false;
  const say = (words) => {
    wrong.textContent = words;
    wrong.hidden = !words;
  };
  files.addEventListener("change", () => { kept = ""; handed = false; say(""); });
  links.addEventListener("input", () => say(""));
  const label = el("label", { for: id }, data.label, data.required ? null : el("span", { class: "optional" }, " ", msg("(optional)")));
  return {
    name: data.name,
    node: el("div", { class: "input" }, label, files, links, hint, wrong),
    value: () => [kept, links.value.trim()].filter(Boolean).join(" "),
    focus: () => files.focus(),
    mark: () => say(msg("Check this value.")),
    check: () => {
      const nothing = data.required && !files.files.length && !kept && !links.value.trim();
      say(nothing ? msg("This is needed.") : "");
      return !nothing;
    },
    attach: async () => {
      if (handed || !files.files.length) return;
      try {
        const values = [];
        for (const file of files.files) values.push(await upload(file));
        kept = values.join(" ");
        handed = true;
      } catch (error) {
        say(error.message);
        throw error;
      }
    },
  };
}
