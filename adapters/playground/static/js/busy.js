// Buttons whose press is under way: busy until the answer is there.

const KEPT = 50;
const held = new Map(); // run → button
const ended = new Set(); // runs whose end was heard, perhaps before the press itself was answered

const release = (button) => button?.removeAttribute("aria-busy");

export function hold(run, button) {
  if (ended.has(run)) release(button);
  else held.set(run, button);
}

export function end(run) {
  release(held.get(run));
  held.delete(run);
  ended.add(run);
  if (ended.size > KEPT) ended.delete(ended.values().next().value);
}

/** The stream broke: the end of what is under way may never be heard. */
export function endAll() {
  held.forEach(release);
  held.clear();
}
