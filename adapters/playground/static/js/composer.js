// The command box: completion, history, running.

import { $ } from "./dom.js";
import { act } from "./api.js";
import { commandOf, complete, pieces, valueItem } from "./completion.js";
import { showHint } from "./hint.js";
import { keepLine, lineOf, secretive } from "./kept.js";
import { Menu } from "./menu.js";
import { emit, recall, remember, store } from "./store.js";

const HISTORY = 100;
const PATIENCE = 120; // ms without a key before the server is asked for values

let menu = null;
let field = null;
let run = null;
let back = -1; // where in the history we are; -1: a line of our own
let draft = "";
let asking = 0;
let timer = null;
let place = null; // { person, channel }: whose line the box holds
let early = false; // a line was to run before it was known by whom and where

/** start(runLine): runLine(text) runs a line and resolves when the first answer is there. */
export function start(runLine) {
  field = $("command");
  run = runLine;
  menu = new Menu(field, accept);
  field.addEventListener("input", () => { back = -1; changed(); });
  field.addEventListener("keydown", pressed);
  field.addEventListener("click", () => { if (field.value) suggest(); });
  field.addEventListener("blur", (event) => { if (event.relatedTarget !== $("menu-list")) close(); });
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
}

/** Take a line into the box; what was being typed there is one ↑ away. */
export function fill(text) {
  if (field.value.trim() && field.value.trim() !== text) note(field.value.trim());
  back = -1;
  put(text);
}

function put(text) {
  field.value = text;
  field.focus();
  field.setSelectionRange(text.length, text.length);
  grow();
  keep();
  showHint(field.value, field.selectionStart);
  close();
}

/** Show the line that somebody was typing in a channel. What was typed before it was known which one
 *  would be shown first stays. */
export function turnTo(person, channel) {
  const first = place === null;
  place = { person, channel };
  if (first && field.value) keep();
  else field.value = lineOf(person, channel);
  back = -1;
  draft = "";
  grow();
  close();
  if (field.value) showHint(field.value, field.value.length);
  else $("hint").hidden = true;
  if (!early) return;
  early = false;
  submit();
}

function keep() {
  if (place) keepLine(place.person, place.channel, field.value);
}

/** Close the list, and let no answer that is still under way open it again. */
function close() {
  clearTimeout(timer);
  asking += 1;
  menu.hide();
}

function changed() {
  grow();
  keep();
  showHint(field.value, field.selectionStart);
  suggest();
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 170)}px`;
  $("composer").classList.toggle("ready", field.value.trim() !== "");
}

function channels() {
  return store.channels.filter((channel) => channel.id !== store.direct);
}

function suggest() {
  clearTimeout(timer);
  asking += 1;
  if (!field.value || field.selectionStart !== field.selectionEnd) {
    close();
    return;
  }
  const { items, head, ask } = complete(field.value, field.selectionStart, store.commands, channels(), store.people);
  menu.show(items, head);
  if (ask) timer = setTimeout(() => askServer(ask, items, head, asking), PATIENCE);
}

async function askServer(ask, items, head, turn) {
  try {
    const { choices } = await act("suggest", { channel: store.channel, path: ask.path, option: ask.option, typed: ask.typed, given: ask.given });
    if (turn !== asking || !choices.length || menu.chosen) return;
    const known = new Set(items.map((item) => item.insert));
    const found = choices.map((choice) => valueItem(choice.label, choice.value, ask.prefix, ask.start, ask.end, ask.many));
    menu.show([...found.filter((item) => !known.has(item.insert)), ...items], head);
  } catch { /* completion is a convenience: typing goes on without it */ }
}

function accept(item) {
  const text = field.value;
  field.value = text.slice(0, item.start) + item.insert + text.slice(item.end).trimStart();
  const caret = item.start + item.insert.length;
  field.setSelectionRange(caret, caret);
  field.focus();
  back = -1;
  changed();
}

function pressed(event) {
  if (event.isComposing) return;
  const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
  const inHistory = back >= 0 || field.value === "";
  switch (event.key) {
    case "Tab":
      if (plain && menu.open) { event.preventDefault(); accept(menu.chosen ?? menu.items[0]); }
      break;
    case "Enter":
      if (event.shiftKey || event.altKey) break;
      event.preventDefault();
      if (menu.chosen) accept(menu.chosen);
      else if (menu.open && unfinished()) accept(menu.items[0]);
      else submit();
      break;
    case "Escape":
      if (menu.open) { event.preventDefault(); close(); }
      else if (!$("hint").hidden) { event.preventDefault(); $("hint").hidden = true; }
      break;
    case "ArrowUp":
    case "ArrowDown": {
      if (!plain) break;
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (menu.open && !inHistory) { event.preventDefault(); menu.move(step); }
      else if (atEdge(step)) { event.preventDefault(); remembered(-step); }
      break;
    }
  }
}

/** Whether Enter should complete rather than run: the first word is only begun. */
function unfinished() {
  const parts = pieces(field.value.replace(/^\//, " "));
  const { group, command } = commandOf(parts, store.commands);
  if (parts.length === 0) return false;
  if (!group) return parts.length === 1 && parts[0].text.toLowerCase() !== "help";
  return !command && parts.length === 2;
}

function atEdge(step) {
  const lines = field.value;
  return step < 0 ? !lines.slice(0, field.selectionStart).includes("\n") : !lines.slice(field.selectionEnd).includes("\n");
}

function remembered(step) {
  const lines = recall(`history.${store.person}`, []);
  const to = back + step;
  if (to < -1 || to >= lines.length) return;
  if (back === -1) draft = field.value;
  back = to;
  put(to === -1 ? draft : lines[to]);
}

/** Keep a line for ↑. What looks like a key is not kept. */
function note(text) {
  const lines = recall(`history.${store.person}`, []).filter((line) => line !== text);
  if (!secretive(text)) remember.set(`history.${store.person}`, JSON.stringify([text, ...lines].slice(0, HISTORY)));
}

async function submit() {
  const text = field.value.trim();
  close();
  if (!text) { field.focus(); return; }
  if (!place) { early = true; return; }
  const { person, channel } = store;
  note(text);
  back = -1;
  draft = "";
  field.value = "";
  grow();
  keep();
  $("hint").hidden = true;
  emit("own");
  if (await run(text)) return;
  // It did not go through: back into the box it was typed in, which may be another one's by now.
  const here = store.person === person && store.channel === channel;
  if (!here && !lineOf(person, channel)) keepLine(person, channel, text);
  else if (here && !field.value) put(text);
}
