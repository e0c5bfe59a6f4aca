// What is typed and not sent yet, kept for this tab: Esc, a reload and Back lose none of it. What is
// secret, or looks like a key, is never kept.

const MOST = 20; // forms of one person
const KEY = /xq_[0-9a-f]{8}/i;
const memory = new Map(); // where the browser forbids storage: Esc at least loses nothing

export const secretive = (text) => KEY.test(text);

function get(name) {
  try { return sessionStorage.getItem(name); } catch { return memory.get(name) ?? null; }
}

function set(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, value);
  } catch {
    if (value === null) memory.delete(name);
    else memory.set(name, value);
  }
}

const lineName = (person, channel) => `playground.line.${JSON.stringify([person, channel])}`;

/** The line somebody was typing in a channel. */
export const lineOf = (person, channel) => get(lineName(person, channel)) ?? "";

export function keepLine(person, channel, text) {
  set(lineName(person, channel), text && !secretive(text) ? text : null);
}

const formsName = (person) => `playground.forms.${person}`;

/** The forms of a person that were begun and not sent, oldest first: { key, channel, form, values,
 *  open, … } – key: which form it is; open: whether it was on the screen. */
export function formsOf(person) {
  try {
    const found = JSON.parse(get(formsName(person)));
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

const others = (person, key) => formsOf(person).filter((kept) => kept.key !== key);

export function keepForm(person, asking, values, open) {
  const all = [...others(person, asking.key), { ...asking, values, open }];
  set(formsName(person), JSON.stringify(all.slice(-MOST)));
}

export function forgetForm(person, key) {
  const left = others(person, key);
  set(formsName(person), left.length ? JSON.stringify(left) : null);
}

/** Which form it is. One that a command asks for is the same each time, though its number is new; one
 *  of a button is about what that button stands below. */
export function keyOf(form, channel) {
  const ofCommand = /^x1:form[.:]/.test(form.action);
  return JSON.stringify([channel, ofCommand ? "" : form.action, form.title, form.note, form.inputs.map((input) => [input.name, input.value])]);
}

/** What of a form's values may be kept: nothing secret. null when that is what it was opened with. */
export function keepable(form, values) {
  const known = form.inputs.filter((input) => input.kind !== "secret");
  const kept = Object.fromEntries(known.map((input) => [input.name, values[input.name] ?? ""]).filter(([, value]) => !secretive(value)));
  const changed = known.some((input) => input.name in kept && kept[input.name] !== begunWith(input));
  return changed ? kept : null;
}

const TRUE = ["true", "yes", "on", "1"];

/** What a field holds before anything is typed. */
export const begunWith = (input) => (input.kind === "boolean" ? String(TRUE.includes(input.value)) : input.value ?? "");
