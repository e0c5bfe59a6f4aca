// Forms that were closed with something typed in them: a line for each, to go on with or to discard.

import { $, el } from "./dom.js";
import { forgetForm, formsOf } from "./kept.js";
import { msg, nmsg, spread } from "./language.js";
import { store } from "./store.js";

const SHOWN = 3;
const LONGEST = 60; // characters of what was typed

let handler = () => {};

/** resume(kept): what going on with one does. */
export function startUnfinished(resume) {
  handler = resume;
}

export function drawUnfinished() {
  const here = formsOf(store.person).filter((kept) => kept.channel === store.channel && !kept.open).reverse();
  const more = here.length - SHOWN;
  $("unfinished").replaceChildren(...here.slice(0, SHOWN).map(row),
    ...(more > 0 ? [el("p", { class: "unfinished-more" }, nmsg("… {n} more", "… {n} more", { n: more }))] : []));
  $("unfinished").hidden = here.length === 0;
}

function row(kept) {
  const title = kept.form.title;
  const resume = el("button", { class: "plain-link", type: "button", "aria-label": msg("Continue {form}", { form: title }) }, msg("Continue"));
  const discard = el("button", { class: "plain-link", type: "button", "aria-label": msg("Discard {form}", { form: title }) }, msg("Discard"));
  resume.addEventListener("click", () => handler(kept));
  discard.addEventListener("click", () => {
    forgetForm(store.person, kept.key);
    drawUnfinished();
    $("command").focus();
  });
  return el("div", { class: "unfinished-row" },
    el("span", { class: "unfinished-words" }, spread("Not sent: {form}", { form: el("b", {}, title) }), ` ${excerpt(kept)}`), resume, discard);
}

/** The longest of what was typed, which says best what it was. */
function excerpt(kept) {
  const texts = kept.form.inputs.filter((input) => ["text", "paragraph"].includes(input.kind)).map((input) => kept.values[input.name] ?? "");
  const words = [...texts.sort((a, b) => b.length - a.length)[0]?.replace(/\s+/g, " ").trim() ?? ""];
  if (!words.length) return "";
  return `“${words.slice(0, LONGEST).join("")}${words.length > LONGEST ? "…" : ""}”`;
}
