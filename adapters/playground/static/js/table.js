// Tables. On a narrow screen one that does not fit is laid out as rows of names and values.

import { el } from "./dom.js";
import { line } from "./inline.js";

// In letters, with two for the space around each cell: what a phone has room for in a row, and what
// its words may add up to, a line or two in each cell.
const ROOM = 28;
const WRAPPED = 46;
const LONGEST = 18; // letters of a word that may be broken, rather than make its column wider

export function table(data) {
  // Roles are said in so many words: laid out as blocks, a table is none to a screen reader.
  const head = el("tr", { role: "row" }, data.columns.map((name) => el("th", { scope: "col", role: "columnheader" }, name)));
  const rows = data.rows.map((row) => el("tr", { role: "row" }, row.map((cell, index) =>
    el("td", { role: "cell", data: { name: data.columns[index] ?? "" } }, el("div", { class: "cell" }, line(cell))))));
  const columns = data.columns.map((name, index) => [name, ...rows.map((row) => row.children[index]?.textContent ?? "")]);
  const words = columns.map((texts) => Math.min(longest(texts.flatMap((text) => text.split(/\s+/))), LONGEST));
  for (const row of rows) [...row.children].forEach((cell, index) => cell.style.setProperty("--word", `${words[index]}ch`));
  const stacks = around(words) > ROOM || around(columns.map(longest)) > WRAPPED;
  const scroll = el("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-label": `Table: ${data.columns.join(", ")}` },
    el("table", { class: stacks ? "table stacks" : "table", role: "table" },
      el("thead", { role: "rowgroup" }, head), el("tbody", { role: "rowgroup" }, rows)));
  const left = (data.total ?? data.rows.length) - data.rows.length;
  return el("div", {}, scroll, left > 0 ? el("p", { class: "table-more" }, `… ${left.toLocaleString()} more`) : null);
}

const around = (widths) => widths.reduce((sum, width) => sum + width + 2, 0);
const longest = (texts) => Math.max(0, ...texts.map((text) => text.length));
