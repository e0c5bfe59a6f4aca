// The playground: puts the parts of the page together.

import { startActions } from "./actions.js";
import { $, toast } from "./dom.js";
import { Refused, act, loadState, read, renew } from "./api.js";
import { end, endAll, hold } from "./busy.js";
import { fill, start as startComposer, turnTo } from "./composer.js";
import { openForm } from "./forms.js";
import { forgetForm, formsOf, keepForm, keepable, keyOf } from "./kept.js";
import { msg, pmsg, speak, speakAsBefore } from "./language.js";
import { drawRoom, drawWorking, expectAnswer, openRoom, startMessages } from "./messages.js";
import { drawer, newChannel, startSidebar } from "./sidebar.js";
import { name, named, startSteps } from "./steps.js";
import { channelOf, emit, on, recall, remember, store, take } from "./store.js";
import { connect, disconnect } from "./stream.js";
import { keepTimesTrue } from "./time.js";
import { drawUnfinished, startUnfinished } from "./unfinished.js";

async function begin() {
  speakAsBefore();
  startSidebar(() => ask(newChannel(store.channel)));
  startMessages({ press, dismiss });
  startActions(actOn);
  startUnfinished(ask);
  startComposer(runLine);
  keepTimesTrue();
  listen();
  startSteps(arrive);
  $("skip").addEventListener("click", (event) => { event.preventDefault(); $("command").focus(); });
  $("older-button").addEventListener("click", older);
  store.person = remember.get("person");
  await become(store.person, { first: true });
  if (matchMedia("(pointer: fine)").matches) $("command").focus();
  const begun = formsOf(store.person).findLast((kept) => kept.open);
  if (begun) ask(begun);
}

function listen() {
  on("go", (channel) => go(channel, { step: true }));
  on("become", (person) => become(person));
  on("fill", fill);
  on("live", liveness);
  on("live.message", received);
  on("live.channel", (channel) => {
    if (channelOf(channel.id)) return;
    const direct = store.channels.findIndex((known) => known.id === store.direct);
    store.channels.splice(direct < 0 ? store.channels.length : direct, 0, channel);
    emit("channels");
  });
  on("live.run", (run) => {
    if (run.done) {
      store.runs.delete(run.run);
      end(run.run);
    } else store.runs.set(run.run, run);
    if (run.language && run.language !== store.language) become(store.person, { focus: false });
    if (run.broken) toast(msg("Something went wrong inside the bot. Try again."));
    drawWorking();
  });
}

/** Be someone: their language, their private messages, their unread marks. */
async function become(person, { first = false, focus = !first } = {}) {
  disconnect();
  store.person = person;
  const state = await loadState();
  if (!state.people.some((known) => known.id === person)) store.person = state.people[0].id;
  remember.set("person", store.person);
  if (store.person !== person) return become(store.person, { first, focus });
  speak(state.language, state.words);
  Object.assign(store, { language: state.language, name: state.name, bot: state.bot, direct: state.direct, xPages: state.x_pages, zone: state.zone, people: state.people, channels: state.channels, commands: state.commands, actions: state.actions });
  store.rooms.clear();
  store.runs.clear();
  store.newest = Math.max(0, ...state.channels.map((channel) => channel.latest));
  // Somebody who has never been here has nothing unread.
  const known = recall(`read.${store.person}`, null);
  store.read = new Map(known ?? state.channels.map((channel) => [channel.id, channel.latest]));
  $("place-name").textContent = state.name;
  emit("language");
  emit("people");
  if (focus) document.querySelector(`input[name="person"][value="${CSS.escape(store.person)}"]`)?.focus();
  await go([store.channel, named(), store.channels[0].id].find(channelOf));
  connect();
}

/** Back or Forward: show the channel of that step. A form that is open is closed, and kept. */
async function arrive() {
  if (!store.channel) return;
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  await go(channelOf(named()) ? named() : store.channel);
}

/** Show a channel. step: Back leads to the one before. */
async function go(channel, { step = false } = {}) {
  if (!channelOf(channel)) return;
  store.channel = channel;
  turnTo(store.person, channel);
  drawUnfinished();
  name(channel, { step });
  const about = channelOf(channel);
  const direct = channel === store.direct;
  $("room-name").textContent = direct ? store.bot : `# ${about.name}`;
  $("room-topic").textContent = direct ? msg("Direct messages, visible only to you") : about.topic;
  $("room-topic").hidden = !$("room-topic").textContent;
  $("command").setAttribute("aria-label", direct ? msg("Command to {bot}", { bot: store.bot }) : msg("Command in {channel}", { channel: `#${about.name}` }));
  $("command").placeholder = hintOf(about, direct);
  await load(channel);
  if (store.channel !== channel) return;
  openRoom(store.read.get(channel) ?? 0);
  drawWorking();
  emit("channels");
}

/** What the empty box says. */
function hintOf(about, direct) {
  if (direct) return msg("Try {command}, or {other}", { command: "help", other: "account show" }); // no message: a line
  return about.hint || msg("Try {line}", { line: `relay add channel:${about.name}` }); // no message: a line
}

async function load(channel) {
  const room = store.rooms.get(channel);
  if (room && !room.stale) return;
  const person = store.person;
  try {
    const page = await read("messages", { person, channel });
    if (person !== store.person) return;
    const messages = new Map(page.messages.map((message) => [message.id, message]));
    // What came over the stream while the page of messages was on its way.
    for (const [id, message] of room?.messages ?? []) if (id > (page.messages.at(-1)?.id ?? 0)) messages.set(id, message);
    store.rooms.set(channel, { messages, more: page.more, stale: false });
    const about = channelOf(channel);
    about.latest = Math.max(about.latest, ...messages.keys());
  } catch (error) {
    say(error);
    if (!room) store.rooms.set(channel, { messages: new Map(), more: false, stale: true });
  }
}

async function older() {
  const room = store.rooms.get(store.channel);
  const stream = $("stream");
  const height = stream.scrollHeight;
  try {
    const page = await read("messages", { person: store.person, channel: store.channel, before: Math.min(...room.messages.keys()) });
    for (const message of page.messages) room.messages.set(message.id, message);
    room.more = page.more;
    drawRoom();
    stream.scrollTop += stream.scrollHeight - height;
  } catch (error) { say(error); }
}

let lost = false;

async function liveness(live) {
  if (live && lost) renew();
  const node = $("link-state");
  node.className = live ? "link-state live" : "link-state lost";
  node.textContent = live ? pmsg("the page hears of everything at once", "Live") : msg("Reconnecting…");
  if (!live) {
    lost = true;
    store.runs.clear();
    endAll();
    drawWorking();
    return;
  }
  if (!lost) return;
  lost = false;
  // Edits made in the meantime have no place in the replay: read the channel again.
  for (const room of store.rooms.values()) room.stale = true;
  await load(store.channel);
  drawRoom();
}

function received(message) {
  const fresh = !store.rooms.get(message.channel)?.messages.has(message.id) && !message.deleted;
  if (!take(message)) return;
  if (message.channel === store.channel) drawRoom({ fresh: fresh ? message.id : null, end: fresh && message.author === store.person });
  emit("channels");
}

function say(error) {
  if (!(error instanceof Refused)) throw error;
  toast(error.message);
}

/** The first answer to a command: a form opens here; all else comes as a message. */
function answered(answer, channel, message = null) {
  if (answer.status !== "form") return;
  ask({ key: keyOf(answer.form, channel), channel, message, form: answer.form, asked: answer.asked });
}

/** Open a form, with what was typed into it at an earlier time. asking: { key, channel, form, message,
 *  asked }, or for a new channel { key, channel, form, creates }. */
function ask({ key, channel, message, form, asked, creates }) {
  const person = store.person;
  const asking = { key, channel, message, form, asked, creates };
  const before = formsOf(person).find((kept) => kept.key === key);
  openForm(form, (values) => send(asking, values), {
    typed: before?.values ?? null,
    typing: (values) => {
      const kept = keepable(form, values);
      if (kept) keepForm(person, asking, kept, true);
      else forgetForm(person, key);
    },
    closed: (sent) => {
      const kept = formsOf(person).find((one) => one.key === key);
      if (sent) forgetForm(person, key);
      else if (kept) keepForm(person, asking, kept.values, false);
      drawUnfinished();
    },
  });
  if (before) keepForm(person, asking, before.values, true);
}

async function send({ channel, message, form, asked, creates }, values) {
  if (creates) {
    const made = await act("channels", values);
    emit("live.channel", made);
    drawer(false);
    emit("go", made.id);
    return null;
  }
  const next = await act("form", { channel, action: form.action, values, message, asked });
  if (next.status === "failed") return next.card;
  answered(next, channel, message);
  return null;
}

async function runLine(text) {
  const channel = store.channel;
  try {
    answered(await act("command", { channel, text }), channel);
    return true;
  } catch (error) {
    say(error);
    return false;
  }
}

function press(message, button, node) {
  return carryOut(message, node, "press", { action: button.action, picked: button.picked }, message.id);
}

/** An entry of the menu of a message. A form that it opens does not belong to the message. */
function actOn(message, action, node) {
  return carryOut(message, node, "act", { action });
}

/** What is done with a message: `node` is busy until the answer is there. of: the message that a form belongs to. */
async function carryOut(message, node, what, data, of = null) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  expectAnswer(message.id);
  let run = null;
  try {
    const answer = await act(what, { channel: message.channel, message: message.id, ...data });
    run = answer.status === "working" ? answer.run : null;
    answered(answer, message.channel, of);
  } catch (error) { say(error); } finally {
    if (run) hold(run, node);
    else node.removeAttribute("aria-busy");
  }
}

async function dismiss(message) {
  try {
    await act("dismiss", { message: message.id });
    $("command").focus();
  } catch (error) { say(error); }
}

begin().catch((error) => {
  if (!(error instanceof Refused)) throw error;
  toast(error.message);
  setTimeout(() => location.reload(), 3000);
});
