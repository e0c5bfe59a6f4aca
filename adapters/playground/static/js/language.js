// What the page says of its own, in the language of its reader. English stands in the code and needs nothing
// else; translations come with the state, and are kept so that the next visit begins with them.
//
//     msg("Command in {channel}", { channel })    nmsg("{n} reply", "{n} replies", { n })
//     pmsg("the button", "Run")                   spread("Not sent: {title}", { title: el("b", {}, title) })
//
// They are found by `make messages`: templates and the names of their places stand literally in the call.

import { remember } from "./store.js";

let words = new Map(); // template → translation, or { plural category → translation }
let plurals = new Intl.PluralRules("en");
let formats; // the locale of numbers and times: the browser's own, where that is of the same language

/** The locale that `Intl` is to be asked for. */
export const locale = () => formats;

/** Speak a language from now on. translations: as the state has them. */
export function speak(tag, translations) {
  words = new Map(Object.entries(translations));
  plurals = new Intl.PluralRules(tag);
  const own = navigator.language ?? "";
  formats = own.split("-")[0].toLowerCase() === tag.split("-")[0].toLowerCase() ? undefined : tag;
  document.documentElement.lang = tag;
  remember.set("language", JSON.stringify(words.size ? { tag, words: translations } : {}));
  document.querySelectorAll("[data-msg]").forEach(say);
  delete document.documentElement.dataset.waits;
}

/** Begin as the last visit ended. */
export function speakAsBefore() {
  try {
    const { tag, words: translations } = JSON.parse(remember.get("language"));
    if (tag) speak(tag, translations);
  } catch { /* nothing is kept, or nothing that can be read: the state says it again */ }
  delete document.documentElement.dataset.waits;
}

const sources = new WeakMap(); // element of the page → what stood in it at first

/** Say what stands in the markup. `data-msg` names what of an element is a message: text, or attributes. */
function say(node) {
  const source = sources.get(node) ?? new Map(node.dataset.msg.split(" ").map((part) => [part, part === "text" ? node.textContent : node.getAttribute(part)]));
  sources.set(node, source);
  for (const [part, template] of source) {
    const text = node.dataset.context ? inContext(node.dataset.context, template) : translated(template);
    if (part === "text") node.textContent = text;
    else node.setAttribute(part, text);
  }
}

const translated = (template) => words.get(template) ?? template;
const inContext = (context, template) => words.get(`${context}\u0004${template}`) ?? template; // as gettext has it

/** The pieces of a template with its values in their places; values are never read as templates. */
function filled(template, values) {
  const parts = [];
  let from = 0;
  for (const place of template.matchAll(/\{\{|\}\}|\{(\w+)\}/g)) {
    parts.push(template.slice(from, place.index), place[1] ? shown(values[place[1]]) : place[0][0]);
    from = place.index + place[0].length;
  }
  return [...parts, template.slice(from)].filter((part) => part !== "");
}

export const number = (value) => value.toLocaleString(formats);
const shown = (value) => (typeof value === "number" ? number(value) : value);

export const msg = (template, values = {}) => filled(translated(template), values).join("");
export const pmsg = (context, template, values = {}) => filled(inContext(context, template), values).join("");

/** The same as strings and elements, in the order of the language. */
export const spread = (template, values) => filled(translated(template), values);

/** A message with a number in it, `n`. */
export function nmsg(one, many, values) {
  const forms = words.get(one);
  const template = forms ? forms[plurals.select(values.n)] ?? forms.other : values.n === 1 ? one : many;
  return filled(template, values).join("");
}
