// Inline help: what the command being typed does, which options it has, which are missing.

import { $, el } from "./dom.js";
import { usage } from "./completion.js";
import { msg, nmsg } from "./language.js";
import { store } from "./store.js";

export function showHint(text, caret) {
  const node = $("hint");
  const found = usage(text, caret, store.commands);
  if (!found.command || (found.implied && !/\s/.test(text.trimStart()))) {
    node.hidden = true;
    return;
  }
  const { command, used, here, missing } = found;
  const about = here ?? missing[0] ?? null;
  node.replaceChildren(...[
    el("div", { class: "hint-head" },
      el("span", { class: "hint-name" }, command.path.join(" ")),
      el("span", { class: "hint-summary" }, command.summary)),
    command.options.length
      ? el("div", { class: "hint-options" }, command.options.map((option) => chip(option, used, here)))
      : null,
    about ? el("p", { class: "hint-about" }, el("b", {}, about.name), ` – ${about.description}`, limits(about), about === here ? "" : [". ", msg("Needed; left out, a form asks for it.")]) : null,
  ].filter(Boolean));
  node.hidden = false;
  // On a phone the options scroll sideways: by keyboard, too.
  const strip = node.querySelector(".hint-options");
  if (strip && strip.scrollWidth > strip.clientWidth) {
    strip.tabIndex = 0;
    strip.setAttribute("role", "group");
    strip.setAttribute("aria-label", msg("Options of {command}", { command: command.path.join(" ") }));
  }
}

function chip(option, used, here) {
  const state = option === here ? " hint-here" : used.has(option.name) ? " hint-given" : option.required ? " hint-needed" : "";
  const words = option === here ? msg("being typed") : used.has(option.name) ? msg("given") : option.required ? msg("missing") : msg("optional");
  return el("span", { class: `hint-option${state}` },
    used.has(option.name) ? "✓ " : "", option.name, option.required && !used.has(option.name) ? " *" : "",
    el("span", { class: "visually-hidden" }, ` (${words})`));
}

function limits(option) {
  const words = [];
  if (option.kind === "integer" && option.least !== null && option.most !== null) words.push(msg("{least} to {most}", { least: option.least, most: option.most }));
  if (option.many) words.push(msg("several, separated by commas"));
  if (option.kind === "boolean") words.push(msg("{yes} or {no}", { yes: "yes", no: "no" }));
  if (option.kind === "duration") words.push(msg("like {examples}", { examples: "30m, 12h, 7d" }));
  if (option.kind === "timezone") words.push(msg("like {examples}", { examples: "Tokyo, Europe/Berlin, UTC+3" })); // no message: values
  if (option.longest) words.push(nmsg("at most {n} character", "at most {n} characters", { n: option.longest }));
  if (option.kind === "secret") words.push(msg("only asked for in a form"));
  return words.length ? ` (${words.join("; ")})` : "";
}
