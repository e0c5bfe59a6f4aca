// Channels, direct messages, people, the theme and the drawer.

import { $, avatar, el, icon } from "./dom.js";
import { msg, nmsg, pmsg } from "./language.js";
import { channelOf, emit, on, remember, store, unread } from "./store.js";

/** create(): what + does. */
export function startSidebar(create) {
  $("add-channel").append(icon("plus"));
  $("drawer-open").append(icon("menu"));
  $("drawer-close").append(icon("close"));
  $("send").append(icon("send"));
  $("add-channel").addEventListener("click", create);
  $("drawer-open").addEventListener("click", () => drawer(true));
  $("drawer-close").addEventListener("click", () => drawer(false));
  $("scrim").addEventListener("click", () => drawer(false));
  $("sidebar").addEventListener("keydown", (event) => { if (event.key === "Escape") drawer(false); });
  $("theme").addEventListener("click", () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark", true));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
    if (!remember.get("theme")) theme(event.matches ? "dark" : "light", false);
  });
  theme(document.documentElement.dataset.theme, false);
  on("channels", drawChannels);
  on("people", drawPeople);
  on("language", () => theme(document.documentElement.dataset.theme, false));
}

function theme(name, chosen) {
  document.documentElement.dataset.theme = name;
  if (chosen) remember.set("theme", name);
  const words = name === "dark" ? msg("Use the light theme") : msg("Use the dark theme");
  $("theme").setAttribute("aria-label", words);
  $("theme").title = words;
  $("theme").replaceChildren(icon(name === "dark" ? "sun" : "moon"));
}

export function drawer(open) {
  const was = document.body.classList.contains("drawer-is-open");
  if (was === open) return;
  document.body.classList.toggle("drawer-is-open", open);
  $("scrim").hidden = !open;
  $("drawer-open").setAttribute("aria-expanded", String(open));
  document.querySelector(".room").inert = open;
  (open ? $("drawer-close") : $("drawer-open")).focus();
}

function drawChannels() {
  const shown = document.activeElement?.dataset?.channel;
  const rows = store.channels.map((channel) => [channel, el("li", {}, channelButton(channel))]);
  $("channels").replaceChildren(...rows.filter(([channel]) => channel.id !== store.direct).map(([, row]) => row));
  $("directs").replaceChildren(...rows.filter(([channel]) => channel.id === store.direct).map(([, row]) => row));
  if (shown) document.querySelector(`.channel[data-channel="${CSS.escape(shown)}"]`)?.focus();
  const waiting = store.channels.some((channel) => channel.id !== store.channel && unread(channel));
  const here = channelOf(store.channel);
  const room = here && here.id !== store.direct ? `#${here.name} · ` : "";
  document.title = `${waiting ? "• " : ""}${room}${store.name} · ${store.bot}`;
}

function channelButton(channel) {
  const direct = channel.id === store.direct;
  const here = channel.id === store.channel;
  const count = here && !document.hidden ? 0 : unread(channel);
  const node = el("button", { class: count ? "channel unread" : "channel", type: "button", "aria-current": here ? "page" : null, data: { channel: channel.id } },
    el("span", { class: "channel-sign", "aria-hidden": "true" }, direct ? avatar(store.bot, { bot: true }) : "#"),
    el("span", { class: "channel-name" }, direct ? store.bot : channel.name));
  if (count) {
    node.append(count > 0 ? el("span", { class: "channel-count", "aria-hidden": "true" }, String(Math.min(count, 99))) : "",
      el("span", { class: "visually-hidden" }, ", ", count > 0 ? nmsg("{n} unread", "{n} unread", { n: count }) : msg("unread")));
  }
  node.addEventListener("click", () => { drawer(false); emit("go", channel.id); });
  return node;
}

function drawPeople() {
  $("people").replaceChildren(...store.people.map((person) => {
    const radio = el("input", { type: "radio", name: "person", value: person.id, checked: person.id === store.person });
    radio.addEventListener("change", () => emit("become", person.id));
    const tick = icon("tick");
    tick.classList.add("person-tick");
    return el("label", { class: "person" }, radio, avatar(person.name),
      el("span", { class: "person-name" }, person.name),
      el("span", { class: "person-role" }, person.admin ? msg("admin") : msg("member")), tick);
  }));
}

/** What a new channel is asked for, from the channel where somebody wants one. */
export function newChannel(channel) {
  const form = {
    title: msg("Create a channel"),
    submit: pmsg("the button", "Create"),
    note: "",
    inputs: [
      { name: "name", label: msg("Name"), kind: "text", required: true, value: "", hint: msg("Lower-case letters, digits, - and _"), choices: [], max_length: 40 },
      { name: "topic", label: msg("Topic"), kind: "text", required: false, value: "", hint: "", choices: [], max_length: 200 },
    ],
  };
  return { key: "new-channel", channel, form, creates: true };
}
