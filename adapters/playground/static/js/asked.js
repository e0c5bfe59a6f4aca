// What an answer answers: a line that was typed, or the message whose button was pressed. Only the
// number of it comes from the server; who does not see that message learns nothing of it.

import { $, el, icon } from "./dom.js";
import { msg } from "./language.js";
import { store } from "./store.js";

/** The words of a message of the open channel, for people; "" when this person does not see it. */
export function askedWords(number) {
  const message = store.rooms.get(store.channel)?.messages.get(number);
  return message ? message.text ?? message.card.title : "";
}

/** What to write above an answer: nothing when it stands right below what it answers. */
export function captionOf(message, above) {
  if (!message.asked) return "";
  const number = message.asked.message;
  return above && (above.id === number || above.asked?.message === number) ? "" : askedWords(number);
}

export function caption(words, number) {
  const node = el("button", { class: "answer-to", type: "button", title: msg("Show what this answers") },
    icon("up"), el("span", { class: "visually-hidden" }, msg("Answer to:"), " "), el("span", { class: "answer-to-words" }, words));
  node.addEventListener("click", () => show(number));
  return node;
}

/** Bring a message into view and say which one it is. */
function show(number) {
  const node = $("messages").querySelector(`[data-message="${number}"]`);
  if (!node) return;
  node.scrollIntoView({ block: "center" });
  node.tabIndex = -1;
  node.focus({ preventScroll: true });
  node.classList.add("shown");
  node.addEventListener("blur", () => node.classList.remove("shown"), { once: true });
}
