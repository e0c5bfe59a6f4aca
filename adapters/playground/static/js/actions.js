// The menu of a message that links to a tweet: what can be done with that tweet.

import { $, el, icon } from "./dom.js";
import { msg } from "./language.js";
import { store } from "./store.js";

const GAP = 4; // pixels between the button and its menu

let choose = () => {};
let opener = null; // the button whose menu is open
let pressedOpen = false; // the button was pressed while its menu was open: that closes it

/** handler: (message, key, button): an entry was chosen. */
export function startActions(handler) {
  choose = handler;
  const menu = $("actions");
  menu.addEventListener("keydown", pressed);
  menu.addEventListener("toggle", (event) => {
    if (event.newState === "closed") opener?.setAttribute("aria-expanded", "false");
  });
  $("stream").addEventListener("scroll", followMenu, { passive: true });
}

/** The button that opens the menu; null for a message that links to no tweet. */
export function actionsButton(message) {
  if (!message.tweets || !store.actions.length) return null;
  const words = msg("More actions");
  const button = el("button", { class: "act", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": words, title: words }, icon("more"));
  button.addEventListener("pointerdown", () => { pressedOpen = opener === button && $("actions").matches(":popover-open"); });
  button.addEventListener("click", () => {
    if (!pressedOpen) open(message, button);
    pressedOpen = false;
  });
  return button;
}

function open(message, button) {
  const menu = $("actions");
  opener = button;
  menu.replaceChildren(...store.actions.map((action) => entry(message, action, button)));
  menu.showPopover();
  button.setAttribute("aria-expanded", "true");
  place(menu, button.getBoundingClientRect());
  menu.firstElementChild.focus();
}

function entry(message, action, button) {
  const node = el("button", { class: "action", type: "button", role: "menuitem", tabindex: "-1", title: action.description }, action.name);
  node.addEventListener("click", () => {
    $("actions").hidePopover();
    button.focus();
    choose(message, action.key, button);
  });
  return node;
}

/** New messages move the others: the menu goes with its button, and closes where that is out of sight. */
export function followMenu() {
  const menu = $("actions");
  if (!menu.matches(":popover-open")) return;
  const at = opener.getBoundingClientRect();
  const room = $("stream").getBoundingClientRect();
  if (opener.isConnected && at.bottom > room.top && at.top < room.bottom) place(menu, at);
  else menu.hidePopover();
}

/** Below the button where there is room, else above it; within the window. */
function place(menu, at) {
  const { width, height } = menu.getBoundingClientRect();
  const below = at.bottom + GAP + height <= innerHeight;
  menu.style.top = `${below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - height)}px`;
  menu.style.left = `${Math.max(GAP, Math.min(at.right - width, innerWidth - width - GAP))}px`;
}

function pressed(event) {
  const entries = [...$("actions").children];
  const at = entries.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (event.key === "Tab") {
    $("actions").hidePopover();
    opener?.focus();
  } else if (to !== undefined) {
    event.preventDefault();
    entries.at(to % entries.length).focus();
  }
}
