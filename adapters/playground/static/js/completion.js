// What could come next in a command line. Pure: text, caret and declarations in, items out.

import { msg, nmsg } from "./language.js";

const OPENING = "\"“„«";
const CLOSING = ["\"”", "”", "“”", "»"];
const VALUE = /^(?:--|—|–)?([A-Za-z][A-Za-z0-9_-]*)[:=](.*)$/s;

/** The pieces of a line up to `end`: { text, start, end }. A quoted part keeps its spaces. */
export function pieces(text, end = text.length) {
  const found = [];
  let at = 0;
  while (at < end) {
    if (/\s/.test(text[at])) { at += 1; continue; }
    const start = at;
    let quote = null;
    while (at < end && (quote || !/\s/.test(text[at]))) {
      if (quote) { if (text[at] === quote) quote = null; }
      else if (text[at] === '"' && (at === start || /[:=,،、，]/.test(text[at - 1]))) quote = '"';
      at += 1;
    }
    found.push({ text: text.slice(start, at), start, end: at });
  }
  return found;
}

/** Which command a line names: { group, command, words } – words: how many pieces its path took. */
export function commandOf(parts, groups) {
  const group = groups.find((candidate) => candidate.name === parts[0]?.text.toLowerCase());
  if (!group) return { group: null, command: null, words: 0 };
  const single = group.commands.length === 1 && group.commands[0].path.length === 1;
  if (single) return { group, command: group.commands[0], words: 1 };
  const verb = parts[1]?.text.toLowerCase();
  const named = group.commands.find((command) => command.path.at(-1) === verb);
  if (named) return { group, command: named, words: 2 };
  const usual = group.commands.find((command) => command.path.at(-1) === group.default);
  return { group, command: usual ?? null, words: 1, implied: true };
}

/** Which options a line gives, in order: { option → value }, the option at the caret, and what is missing. */
export function usage(text, caret, groups) {
  const line = text.replace(/^\//, " ");
  const parts = pieces(line);
  const found = commandOf(parts, groups);
  if (!found.command) return { ...found, used: new Map(), here: null, missing: [] };
  const used = new Map();
  let here = null;
  const main = found.command.options.find((option) => option.main);
  for (const part of parts.slice(found.words)) {
    const option = optionOf(part.text, found.command);
    const value = option ? VALUE.exec(part.text)[2] : part.text;
    const flag = /^--([A-Za-z][\w-]*)$/.exec(part.text);
    const flagged = found.command.options.find((candidate) => candidate.name === flag?.[1].replace(/-/g, "_").toLowerCase());
    const given = option ?? flagged ?? main;
    if (!given) continue;
    const bare = !option && !flagged;
    // A second word is no part of a link or name: it is an option that is being begun.
    if (bare && used.has(given.name) && !given.many && given.kind !== "string" && given.kind !== "choice") continue;
    if (value) used.set(given.name, value);
    if (caret >= part.start && caret <= part.end) here = given;
  }
  const missing = found.command.options.filter((option) => option.required && !used.has(option.name));
  return { ...found, used, here, missing };
}

/** Items for the menu: { items: [{ word, note, tag, insert, start, end, more }], head, ask }.
 *  ask: { path, option, typed, start, end, prefix } when the server knows the values. */
export function complete(text, caret, groups, channels, people = []) {
  const line = text.replace(/^\//, " ");
  const parts = pieces(line, caret);
  const last = parts.at(-1);
  const open = last && last.end === caret ? last : { text: "", start: caret, end: caret };
  const before = open === last ? parts.slice(0, -1) : parts;
  if (before.length === 0) return groupItems(open, groups);
  const found = commandOf(before, groups);
  if (!found.group) return { items: [], head: "" };
  const verbs = before.length === 1 && !(found.words === 1 && !found.implied) ? verbItems(open, found.group) : [];
  if (!found.command) return { items: verbs, head: found.group.summary };
  const values = optionItems(open, before.slice(found.words), found.command, { channels, people });
  const ask = values.ask && { ...values.ask, given: givenValues(text, caret, groups) };
  return { ...values, ask, items: [...verbs, ...values.items], head: verbs.length ? found.group.summary : values.head };
}

/** What the other options of a line say by now: { option → value }, without the quotes around it. */
function givenValues(text, caret, groups) {
  const { used, here } = usage(text, caret, groups);
  const others = [...used].filter(([name]) => name !== here?.name);
  return Object.fromEntries(others.map(([name, value]) => [name, value.replace(/^"(.*)"$/s, "$1")]));
}

function groupItems(open, groups) {
  const typed = open.text.toLowerCase();
  const items = groups.filter((group) => group.name.startsWith(typed)).map((group) => ({
    word: group.name, note: group.summary, tag: group.commands.length > 1 ? nmsg("{n} command", "{n} commands", { n: group.commands.length }) : "",
    insert: `${group.name} `, start: open.start, end: open.end, more: true,
  }));
  if (items.length < 8 && typed.length > 1) {
    for (const group of groups) {
      for (const command of group.commands) {
        const verb = command.path.at(-1);
        if (command.path.length > 1 && verb.startsWith(typed) && !group.name.startsWith(typed)) items.push(commandItem(command, open));
      }
    }
  }
  return { items, head: typed ? msg("Commands") : msg("All commands") };
}

function verbItems(open, group) {
  const typed = open.text.toLowerCase();
  return group.commands.filter((command) => command.path.length > 1 && command.path.at(-1).startsWith(typed)).map((command) => ({
    word: command.path.at(-1), note: command.summary, tag: command.path.at(-1) === group.default ? msg("default") : "",
    insert: `${command.path.at(-1)} `, start: open.start, end: open.end, more: true,
  }));
}

function commandItem(command, open) {
  return { word: command.path.join(" "), note: command.summary, tag: "", insert: `${command.path.join(" ")} `, start: open.start, end: open.end, more: true };
}

/** The option that a piece like `name:value` gives, if the command has it. */
function optionOf(text, command) {
  const name = VALUE.exec(text)?.[1].replace(/-/g, "_").toLowerCase();
  return command.options.find((option) => option.name === name);
}

function optionItems(open, given, command, place) {
  const named = optionOf(open.text, command);
  if (named) return valueItems(named, VALUE.exec(open.text)[2], `${named.name}:`, open, command, place);
  const used = new Set(given.map((part) => optionOf(part.text, command)?.name));
  // "https://…" looks like an option called https, and is a bare value.
  const bare = given.some((part) => !optionOf(part.text, command) && !part.text.startsWith("--"));
  const typed = open.text.replace(/^--/, "").toLowerCase();
  const main = command.options.find((option) => option.main);
  const items = command.options
    .filter((option) => option.kind !== "secret" && option.name.startsWith(typed) && (!used.has(option.name) || option.many))
    .filter((option) => !(option.main && bare && !option.many))
    .sort((a, b) => Number(b.required) - Number(a.required))
    .map((option) => ({
      word: `${option.name}:`, note: option.description, tag: option.required ? msg("needed") : tagOf(option), needed: option.required,
      insert: `${option.name}:`, start: open.start, end: open.end, more: true,
    }));
  const result = { items, head: command.path.join(" ") };
  if (main && !bare && (main.choices.length || main.suggests)) {
    const values = valueItems(main, open.text, "", open, command, place);
    return { ...result, items: open.text ? [...values.items, ...items] : [...items, ...values.items], ask: values.ask };
  }
  return result;
}

function tagOf(option) {
  if (option.kind === "boolean") return option.default === true ? msg("default {value}", { value: "yes" }) : "";
  if (option.default !== null && option.default !== "" && option.default !== false) return msg("default {value}", { value: String(option.default) });
  if (option.least !== null && option.most !== null && option.kind === "integer") return `${option.least} – ${option.most}`;
  return "";
}

const quoted = (value) => (/[\s"]/.test(value) ? `"${value.replace(/(["\\])/g, "\\$1")}"` : value);

/** ready: the value is an item of a list as it is written there. */
export function valueItem(label, value, prefix, start, end, ready = false) {
  return { word: label, note: label === value ? "" : value, tag: "", insert: `${prefix}${ready ? value : quoted(value)} `, start, end, more: true };
}

/** Where the last item of a list begins that is still being typed; commas inside quotes part nothing. */
export function openItem(text) {
  let begin = 0;
  let first = true;
  for (let at = 0; at < text.length; at += 1) {
    if (",،、，".includes(text[at])) { begin = at + 1; first = true; continue; }
    if (/\s/.test(text[at])) continue;
    const opening = first ? OPENING.indexOf(text[at]) : -1;
    first = false;
    if (opening < 0) continue;
    const end = [...CLOSING[opening]].map((mark) => text.indexOf(mark, at + 1)).filter((place) => place > 0);
    if (!end.length) break;
    at = Math.min(...end);
  }
  return begin;
}

function valueItems(option, typed, prefix, open, command, place) {
  // In a list only the part behind the last comma is still open.
  const cut = option.many ? openItem(typed) : 0;
  const kept = prefix + typed.slice(0, cut);
  const last = typed.slice(cut).trimStart().replace(/^["“„«]/, "");
  const part = last.toLowerCase();
  const begins = (choice) => [choice.value, choice.label, choice.label.replace(/^[#@]/, "")].some((words) => words.toLowerCase().startsWith(part));
  const fits = (choice) => begins(choice) || choice.label.toLowerCase().includes(part);
  const head = `${option.name}: ${option.description}`;
  const items = choicesOf(option, place).filter(fits)
    .sort((a, b) => Number(begins(b)) - Number(begins(a))).slice(0, 60)
    .map((choice) => valueItem(choice.label, choice.value, kept, open.start, open.end, option.many));
  const ask = option.suggests
    ? { path: command.path, option: option.name, typed: last, prefix: kept, many: option.many, start: open.start, end: open.end }
    : undefined;
  return { items, head, ask };
}

function choicesOf(option, { channels, people }) {
  if (option.choices.length) return option.choices;
  if (option.kind === "boolean") return [{ label: "yes", value: "yes" }, { label: "no", value: "no" }];
  if (option.kind === "channel") return channels.map((channel) => ({ label: `#${channel.name}`, value: channel.id }));
  if (option.kind === "subject") return people.map((person) => ({ label: `@${person.name}`, value: `user:${person.id}` }));
  return [];
}
