// Moments in the reader's own timezone. All inputs are epoch seconds.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const short = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const distance = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

export const clockTime = (at) => clock.format(at * 1000);
export const wholeTime = (at) => whole.format(at * 1000);
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
export function timeElement(at, { relative = false, className = "" } = {}) {
  const node = document.createElement("time");
  const moment = new Date(at * 1000);
  if (Number.isNaN(moment.getTime())) return document.createTextNode("–");
  node.dateTime = moment.toISOString();
  node.title = wholeTime(at);
  if (className) node.className = className;
  node.textContent = relative ? relativeTime(at) : short.format(moment);
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
