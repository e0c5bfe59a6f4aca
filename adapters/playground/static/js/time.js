// Moments by the reader's own clock: that of the browser, or of the timezone that they set (an IANA name).
// All inputs are epoch seconds.

/** The zone of the browser, "" where it does not say; the server checks it. */
export function browserZone() {
  try { return new Intl.DateTimeFormat().resolvedOptions().timeZone ?? ""; } catch { return ""; }
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const WHOLE = { weekday: "long", year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "long" };
const SHORT = { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const distance = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

const formats = new Map();

/** One that says its zone. One that this browser does not know is the browser's own. */
function formatOf(parts, zone) {
  const key = `${parts === WHOLE} ${zone}`;
  if (!formats.has(key)) {
    let made;
    try { made = new Intl.DateTimeFormat(undefined, zone ? { ...parts, timeZone: zone } : parts); }
    catch { made = new Intl.DateTimeFormat(undefined, parts); }
    formats.set(key, made);
  }
  return formats.get(key);
}

export const clockTime = (at) => clock.format(at * 1000);
export const wholeTime = (at, zone = "") => formatOf(WHOLE, zone).format(at * 1000);
export const sameDay = (a, b) => new Date(a * 1000).toDateString() === new Date(b * 1000).toDateString();

export function dayName(at) {
  const now = Date.now() / 1000;
  if (sameDay(at, now)) return "Today";
  if (sameDay(at, now - 86_400)) return "Yesterday";
  return day.format(at * 1000);
}

const STEPS = [[60, "second"], [3600, "minute"], [86_400, "hour"], [2_592_000, "day"], [31_536_000, "month"], [Infinity, "year"]];

export function relativeTime(at) {
  const seconds = at - Date.now() / 1000;
  let unit = 1;
  for (const [below, name] of STEPS) {
    if (Math.abs(seconds) < below) return distance.format(Math.trunc(seconds / unit), name);
    unit = below;
  }
  return "";
}

/** A <time> element; relative ones are kept true by `keepTimesTrue`. */
export function timeElement(at, { relative = false, className = "", zone = "" } = {}) {
  const node = document.createElement("time");
  const moment = new Date(at * 1000);
  if (Number.isNaN(moment.getTime())) return document.createTextNode("–");
  node.dateTime = moment.toISOString();
  node.title = wholeTime(at, zone);
  if (className) node.className = className;
  node.textContent = relative ? relativeTime(at) : formatOf(SHORT, zone).format(moment);
  if (relative) node.dataset.at = at;
  return node;
}

export function keepTimesTrue() {
  setInterval(() => {
    for (const node of document.querySelectorAll("time[data-at]")) {
      const words = relativeTime(Number(node.dataset.at));
      if (node.textContent !== words) node.textContent = words;
    }
  }, 15_000);
}
