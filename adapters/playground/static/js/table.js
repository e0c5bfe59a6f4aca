// Tables. On a narrow screen one that does not fit is laid out as rows of names and values.

import { el } from "./dom.js";
import { line } from "./inline.js";
import { msg, nmsg } from "./language.js";

// What a phone has room for in a row, in pixels: digits are the widest of letters.
const ROOM = 276;
const DIGIT = 9;
const GAP = 14; // around each cell
const WRAPPED = 46; // letters that whole cells of a row may add up to, with two around each: a line or two
const LONGEST = 18; // letters of a word that may be broken, rather than make its column wider
const BREAKS = /\s+|(?<=[-/])/; // where a line may end without breaking a word: so are ids and zones
const NAME = 28; // letters of what names a row and is no sentence, which stay on one line: a name is read, and typed, whole
const FIGURE = /^[+−-]?(?:\p{Nd}{1,4}|\p{Nd}{1,3}(?:[.,'’\u00a0\u202f ]\p{Nd}{2,3})+)(?:[.,]\p{Nd}{1,2})?\s?%?$/u; // not an id: those are not grouped

export function table(data) {
  // Roles are said in so many words: laid out as blocks, a table is none to a screen reader.
  const head = el("tr", { role: "row" }, data.columns.map((name) => el("th", { class: name === "#" ? "number" : null, scope: "col", role: "columnheader" }, name)));
  const rows = data.rows.map((row) => el("tr", { role: "row" }, row.map((cell, index) =>
    el("td", { role: "cell", data: { name: data.columns[index] ?? "" } }, el("div", { class: "cell" }, line(cell))))));
  const columns = data.columns.map((name, index) => [name, ...rows.map((row) => row.children[index]?.textContent ?? "")]);
  const words = columns.map((texts) => Math.min(longest(texts.flatMap((text) => text.split(BREAKS))), LONGEST));
  const names = (columns[0] ?? []).slice(1).filter((text) => text.length <= NAME && !/\s/.test(text));
  for (const row of rows) row.firstChild?.classList.toggle("name", names.includes(row.firstChild.textContent));
  columns.forEach((texts, index) => {
    if (!rows.some((row) => row.children[index]?.querySelector("code")) && isFigures(texts.slice(1))) for (const row of [head, ...rows]) row.children[index]?.classList.add("figure");
  });
  for (const row of rows) [...row.children].forEach((cell, index) => cell.style.setProperty("--word", `${words[index]}ch`));
  const whole = [Math.max(words[0] ?? 0, longest(names)), ...words.slice(1)];
  const wide = whole.reduce((sum, word) => sum + word * DIGIT + GAP, 0) > ROOM;
  const stacks = wide || columns.map(longest).reduce((sum, whole) => sum + whole + 2, 0) > WRAPPED;
  const scroll = el("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-label": msg("Table: {columns}", { columns: data.columns.join(", ") }) },
    el("table", { class: stacks ? "table stacks" : "table", role: "table" },
      el("thead", { role: "rowgroup" }, head), el("tbody", { role: "rowgroup" }, rows)));
  const left = (data.total ?? data.rows.length) - data.rows.length;
  return el("div", {}, scroll, left > 0 ? el("p", { class: "table-more" }, nmsg("… {n} more", "… {n} more", { n: left })) : null);
}

/** Whether most of what a column says are figures, which are aligned at their ends. */
function isFigures(texts) {
  const said = texts.map((text) => text.trim()).filter((text) => text && text !== "–");
  return said.filter((text) => FIGURE.test(text)).length * 2 > said.length;
}

const longest = (texts) => Math.max(0, ...texts.map((text) => text.length));
