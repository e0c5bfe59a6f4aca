// Moments by the reader's own clock: that of the browser, or of the timezone that they set (an IANA name).
// Whatever shows a time of day is made here, and says its zone. All inputs are epoch seconds.

import { el } from "./dom.js";
import { locale, msg } from "./language.js";
import { store } from "./store.js";

/** The zone of the browser, "" where it does not say; the server checks it. */
export function browserZone() {
  try { return new Intl.DateTimeFormat().resolvedOptions().timeZone ?? ""; } catch { return ""; }
}

const CLOCK = { hour: "2-digit", minute: "2-digit" };
const WHOLE = { weekday: "long", year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" };
const SHORT = { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" };
const DAY = { weekday: "long", day: "numeric", month: "long" };

const formats = new Map();

/** What makes words of times, made once for each language. */
function format(kind, how) {
  const key = `${locale()} ${kind.name} ${JSON.stringify(how)}`;
  if (!formats.has(key)) formats.set(key, new kind(locale(), how));
  return formats.get(key);
}

/** How times are said in a zone: { format, zone }. One that this browser does not know is its own. */
function saying(parts, zone) {
  try { return { format: format(Intl.DateTimeFormat, zone ? { ...parts, timeZone: zone } : parts), zone }; }
  catch { return { format: format(Intl.DateTimeFormat, parts), zone: "" }; }
}

const HOURS = /^Etc\/GMT([+-])(\d{1,2})$/;

/** What the bot calls a zone: "Europe/Berlin", "UTC+2" for Etc/GMT-2; "" is that of the browser. */
function zoneName(zone) {
  if (!zone) return store.zone || browserZone();
  const hours = HOURS.exec(zone);
  return hours ? `UTC${hours[1] === "+" ? "-" : "+"}${hours[2]}` : zone;
}

/** A moment as its parts say it, and the name of its zone. */
function said(at, parts, zone) {
  const how = saying(parts, zone);
  return [how.format.format(at * 1000), zoneName(how.zone)];
}

const wholeTime = (at, zone) => said(at, WHOLE, zone).join(" ");
export const sameDay = (a, b) => new Date(a * 1000).toDateString() === new Date(b * 1000).toDateString();

export function dayName(at) {
  const now = Date.now() / 1000;
  if (sameDay(at, now)) return msg("Today");
  if (sameDay(at, now - 86_400)) return msg("Yesterday");
  return format(Intl.DateTimeFormat, DAY).format(at * 1000);
}

const STEPS = [[60, "second"], [3600, "minute"], [86_400, "hour"], [2_592_000, "day"], [31_536_000, "month"], [Infinity, "year"]];

export function relativeTime(at) {
  const seconds = at - Date.now() / 1000;
  let unit = 1;
  for (const [below, name] of STEPS) {
    if (Math.abs(seconds) < below) return format(Intl.RelativeTimeFormat, { numeric: "auto" }).format(Math.trunc(seconds / unit), name);
    unit = below;
  }
  return "";
}

/** A <time> element. relative: how long ago, kept true by `keepTimesTrue`; clock: the time of day alone. */
export function timeElement(at, { relative = false, clock = false, className = "", zone = "" } = {}) {
  const moment = new Date(at * 1000);
  if (Number.isNaN(moment.getTime())) return document.createTextNode("–");
  const common = { class: className || null, datetime: moment.toISOString(), title: wholeTime(at, zone) };
  if (relative) return el("time", { ...common, data: { at } }, relativeTime(at));
  const [words, name] = said(at, clock ? CLOCK : SHORT, zone);
  // A long name may be broken where its parts meet.
  const parts = name.split(/(?<=\/)/).flatMap((part, index) => (index ? [el("wbr"), part] : [part]));
  return el("time", common, `${words} `, el("span", { class: "zone" }, parts));
}

/** The time of day on a narrow edge, where its zone is said when it is pointed at. */
export const sideTime = (at, className) =>
  el("span", { class: className, title: wholeTime(at, ""), "aria-hidden": "true" }, said(at, CLOCK, "")[0]);

export function keepTimesTrue() {
  setInterval(() => {
    for (const node of document.querySelectorAll("time[data-at]")) {
      const words = relativeTime(Number(node.dataset.at));
      if (node.textContent !== words) node.textContent = words;
    }
  }, 15_000);
}
