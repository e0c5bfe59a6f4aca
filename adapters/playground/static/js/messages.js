// The conversation of the open channel.

import { actionsButton, followMenu } from "./actions.js";
import { $, avatar, el, icon } from "./dom.js";
import { askedWords, caption, captionOf } from "./asked.js";
import { msg, nmsg, pmsg, spread } from "./language.js";
import { card, files } from "./render.js";
import { channelOf, emit, markRead, personName, store } from "./store.js";
import { dayName, sameDay, sideTime, timeElement } from "./time.js";

const GROUP = 300; // seconds within which messages of one author stand together
const NEAR = 90; // pixels from the end that count as being at the end

let drawn = new Map(); // id → { node, revision, follows, words }
let line = 0; // the newest id that was read when the channel was opened, or when it was last all in view
let waiting = 0;
let answer = null; // an answer to this person that came out of sight
let expected = null; // { asked, top }: a press whose answer is to come, and where the reader was then
let handlers = {};

/** handlers: press(message, button, element), dismiss(message). */
export function startMessages(given) {
  handlers = given;
  const stream = $("stream");
  $("newest").addEventListener("click", () => {
    if (answer === null) toEnd(true);
    else reveal(answer);
    $("command").focus();
  });
  stream.addEventListener("scroll", () => { if (atEnd()) seen(); else drawNewest(); }, { passive: true });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && atEnd()) seen(); });
  // What grows late (pictures) must not push the newest message out of sight.
  let glued = true;
  stream.addEventListener("scroll", () => { glued = atEnd(); }, { passive: true });
  new ResizeObserver(() => { if (glued) toEnd(); }).observe(stream.firstElementChild);
  new ResizeObserver(() => { if (glued) toEnd(); }).observe(stream);
}

const atEnd = () => {
  const stream = $("stream");
  return stream.scrollHeight - stream.scrollTop - stream.clientHeight < NEAR;
};

export function toEnd(smooth = false) {
  const stream = $("stream");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  stream.scrollTo({ top: stream.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
}

/** A button of a message was pressed: who stays where they are is shown the answer. */
export function expectAnswer(asked) {
  expected = { asked, top: $("stream").scrollTop };
}

const awaited = (message) => message.asked.message === expected?.asked && Math.abs($("stream").scrollTop - expected.top) < NEAR;

function reveal(id) {
  answer = null;
  drawn.get(id)?.node.scrollIntoView({ block: "nearest" });
  if (atEnd()) seen();
  else drawNewest();
}

function seen() {
  if (document.hidden || !store.channel) return;
  waiting = 0;
  answer = null;
  drawNewest();
  markRead(store.channel);
}

function drawNewest() {
  const node = $("newest");
  node.hidden = waiting === 0 && atEnd();
  const words = answer !== null ? msg("Jump to the answer") : waiting ? nmsg("{n} new message", "{n} new messages", { n: waiting }) : msg("Jump to the newest");
  if (node.textContent !== words) node.replaceChildren(icon("down"), words);
}

/** Draw the channel from nothing. */
export function openRoom(readUpTo) {
  line = readUpTo;
  waiting = 0;
  answer = null;
  expected = null;
  drawn = new Map();
  $("messages").replaceChildren();
  drawOpening();
  drawRoom({ end: true });
  seen();
}

/** Bring the page up to what the store holds; nodes of unchanged messages stay as they are. */
export function drawRoom({ end = false, fresh = null } = {}) {
  const room = store.rooms.get(store.channel);
  if (!room) return;
  const follow = end || atEnd();
  const list = [...room.messages.values()].sort((a, b) => a.id - b.id);
  $("older").hidden = !room.more;
  $("opening").hidden = room.more;
  const latest = fresh === null ? null : room.messages.get(fresh);
  if (end && latest || follow && latest && !document.hidden && !$("messages").querySelector(".unread-line")) line = Math.max(line, fresh);
  const wanted = [];
  let earlier = null;
  let above = null;
  for (const message of list) {
    if (!earlier || !sameDay(earlier.at, message.at)) {
      wanted.push(separator(`day-${dayName(message.at)}`, "day", dayName(message.at)));
      earlier = null;
    }
    if (line && message.id > line && !own(message) && !wanted.some((node) => node.className === "unread-line")
      && list.some((other) => other.id <= line)) {
      wanted.push(separator("unread", "unread-line", pmsg("above messages that were not read", "New")));
      earlier = null;
    }
    const words = captionOf(message, above);
    const follows = !words && earlier && earlier.card && message.card && earlier.author === message.author && message.at - earlier.at < GROUP && earlier.private === message.private;
    wanted.push(nodeOf(message, { follows: Boolean(follows), words, fresh: message.id === fresh }));
    earlier = above = message;
  }
  settle(wanted);
  const ids = new Set(list.map((message) => message.id));
  for (const id of drawn.keys()) if (!ids.has(id)) drawn.delete(id);
  if (follow) { toEnd(); seen(); }
  else if (latest) {
    waiting += 1;
    if (latest.asked?.person === store.person) answer = fresh;
    if (answer === fresh && awaited(latest)) reveal(fresh);
  }
  drawNewest();
  followMenu();
}

/** What a person typed or asked for is no news to them. */
const own = (message) => message.author === store.person || message.asked?.person === store.person;

/** Put `wanted` in place, moving and removing no more than needed: focus and pictures survive. */
function settle(wanted) {
  const holder = $("messages");
  const keep = new Set(wanted);
  for (const node of [...holder.children]) if (!keep.has(node)) node.remove();
  let place = holder.firstElementChild;
  for (const node of wanted) {
    if (node === place) place = place.nextElementSibling;
    else holder.insertBefore(node, place);
  }
}

function separator(key, className, words) {
  const known = [...$("messages").children].find((node) => node.dataset.key === key);
  return known ?? el("div", { class: className, data: { key } }, el("span", {}, words));
}

function nodeOf(message, { follows, words, fresh }) {
  const known = drawn.get(message.id);
  if (known && known.revision === message.revision && known.follows === follows && known.words === words) return known.node;
  const node = draw(message, { follows, words, fresh });
  if (known) {
    const action = known.node.contains(document.activeElement) && document.activeElement.dataset.action;
    known.node.replaceWith(node);
    if (action !== false) (node.querySelector(`[data-action="${CSS.escape(action ?? "")}"]:not(:disabled)`) ?? $("command")).focus();
  }
  drawn.set(message.id, { node, revision: message.revision, follows, words });
  return node;
}

function draw(message, { follows, words, fresh }) {
  if (message.text !== undefined) return drawSaid(message, fresh);
  const bot = message.author === "bot";
  const name = bot ? store.bot : personName(message.author);
  const classes = ["message", follows && "follows", message.private && store.channel !== store.direct && "private", fresh && "fresh"].filter(Boolean).join(" ");
  const head = el("div", { class: follows ? "visually-hidden" : "message-head" },
    el("span", { class: "author" }, name),
    bot ? el("span", { class: "badge" }, pmsg("the badge of the bot", "APP")) : null,
    timeElement(message.at, { clock: true, className: "when" }));
  const side = follows
    ? sideTime(message.at, "message-side")
    : avatar(name, { bot });
  const body = card(message.card, (button, node) => handlers.press(message, button, node));
  const attached = message.files?.length ? files(message.files, store.person) : null;
  return el("div", { class: classes, data: { message: message.id } }, side,
    el("div", { class: "message-main" }, words ? caption(words, message.asked.message) : null, head, body, attached, message.private ? onlyYou(message) : null), actionsButton(message));
}

/** A command somebody typed: one slim line, since its author alone sees it. */
function drawSaid(message, fresh) {
  const name = personName(message.author);
  const dismiss = el("button", { class: "said-dismiss", type: "button", "aria-label": msg("Dismiss {line}", { line: message.text }), title: msg("Dismiss") }, icon("close"));
  dismiss.addEventListener("click", () => handlers.dismiss(message));
  return el("div", { class: fresh ? "message said fresh" : "message said", data: { message: message.id } },
    avatar(name),
    el("div", { class: "said-main" },
      el("span", { class: "author" }, name),
      timeElement(message.at, { clock: true, className: "when" }),
      el("span", { class: "said-note", title: msg("Only visible to you") }, icon("eye"), el("span", { class: "visually-hidden" }, msg("Only visible to you"))),
      el("code", { class: "typed" }, message.text),
      actionsButton(message),
      dismiss));
}

function onlyYou(message) {
  if (store.channel === store.direct) return null;
  const dismiss = el("button", { class: "plain-link", type: "button" }, msg("Dismiss"));
  dismiss.addEventListener("click", () => handlers.dismiss(message));
  return el("p", { class: "only-you" }, icon("eye"), msg("Only visible to you"), dismiss);
}

/** What stands above the first message, with examples to begin with. */
function drawOpening() {
  const direct = store.channel === store.direct;
  const channel = channelOf(store.channel);
  // Those that the channel is for stand first.
  const first = channel?.groups ?? [];
  const place = (group) => (first.includes(group.name) ? first.indexOf(group.name) : first.length);
  const examples = [...store.commands].sort((a, b) => place(a) - place(b)).flatMap((group) => group.commands)
    .filter((command) => command.examples.length && !command.form && command.path[0] !== "help")
    .filter((command, index, all) => all.findIndex((other) => other.path[0] === command.path[0]) === index)
    .map((command) => command.examples[0]).slice(0, 5);
  $("opening").replaceChildren(el("div", { class: "opening" },
    el("div", { class: "opening-sign", "aria-hidden": "true" }, direct ? "@" : "#"),
    el("h3", {}, direct ? msg("{bot} and you", { bot: store.bot }) : msg("Welcome to {channel}", { channel: `#${channel?.name ?? ""}` })),
    el("p", {}, direct
      ? msg("Only you see these messages. The bot writes here when it has something for you only.")
      : msg("Type a command in the box below, without a slash. Tab completes it, and a form opens if something is missing.")),
    el("div", { class: "examples" }, ["help", ...examples].map((example) =>
      el("button", { class: "example", type: "button", on: { click: () => emit("fill", example) } }, example)))));
}

/** The bot at work, for the present person in the present channel: a line for each command. */
export function drawWorking() {
  const runs = [...store.runs.values()].filter((run) => run.channel === store.channel);
  const node = $("working");
  const follow = atEnd();
  node.hidden = runs.length === 0;
  node.replaceChildren(...(runs.length ? [avatar(store.bot, { bot: true }), el("div", {}, runs.map(working))] : []));
  if (follow) toEnd();
}

function working(run) {
  const words = run.asked === null ? "" : askedWords(run.asked);
  return el("div", {},
    el("div", { class: "working-words", role: "status" },
      el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
      el("span", { class: "working-on" }, words ? spread("{bot} is working on {line}", { bot: store.bot, line: el("code", {}, words) }) : msg("{bot} is working…", { bot: store.bot }))),
    run.card ? card(run.card) : null);
}
