// A line of text: plain strings, emphasis, links, mentions, moments.

import { el, link } from "./dom.js";
import { msg } from "./language.js";
import { emit, channelOf, personName, store } from "./store.js";
import { timeElement } from "./time.js";

export function inline(part) {
  if (typeof part === "string") return document.createTextNode(part);
  switch (part.type) {
    case "Bold": return el("strong", {}, part.text);
    case "Code": return code(part.text);
    case "Link": return link(part.text, part.url);
    case "UserMention": return el("span", { class: "mention" }, `@${part.name || personName(part.user)}`);
    case "ChannelMention": return channelMention(part);
    case "Timestamp": return timeElement(part.at, { relative: part.relative, zone: part.zone });
    default: return document.createTextNode("");
  }
}

/** Code that is a command line can be taken into the box by pressing it. It is not run by that. */
function code(text) {
  const first = text.replace(/^\//, "").split(/\s/, 1)[0];
  if (!store.commands.some((group) => group.name === first)) return el("code", {}, text);
  return el("button", { class: "code-line", type: "button", title: msg("Put it in the command box"), on: { click: () => emit("fill", text) } }, el("code", {}, text));
}

function channelMention(part) {
  const name = `#${channelOf(part.channel)?.name || part.name || part.channel}`;
  if (!channelOf(part.channel)) return el("span", { class: "mention" }, name);
  return el("button", { class: "mention", type: "button", on: { click: () => emit("go", part.channel) } }, name);
}

export const line = (parts) => parts.map(inline);

/** A line as plain text, for labels. */
export const plain = (parts) => parts.map((part) => {
  if (typeof part === "string") return part;
  return part.text ?? part.name ?? "";
}).join("");
