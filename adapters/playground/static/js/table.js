// Tables. On a narrow screen one that does not fit is laid out as rows of names and values.

import { el } from "./dom.js";
import { line } from "./inline.js";

const FITS = 30; // letters of a row, with two for the space around each cell, that a phone has room for
const LONGEST = 18; // letters of a word that may be broken, rather than make its column wider

export function table(data) {
  // Roles are said in so many words: laid out as blocks, a table is none to a screen reader.
  const head = el("tr", { role: "row" }, data.columns.map((name) => el("th", { scope: "col", role: "columnheader" }, name)));
  const rows = data.rows.map((row) => el("tr", { role: "row" }, row.map((cell, index) =>
    el("td", { role: "cell", data: { name: data.columns[index] ?? "" } }, el("div", { class: "cell" }, line(cell))))));
  const columns = data.columns.map((name, index) => [name, ...rows.map((row) => row.children[index]?.textContent ?? "")]);
  columns.forEach((texts, index) => {
    const word = Math.min(longest(texts.flatMap((text) => text.split(/\s+/))), LONGEST);
    for (const row of rows) row.children[index]?.style.setProperty("--word", `${word}ch`);
  });
  const stacks = columns.reduce((sum, texts) => sum + longest(texts) + 2, 0) > FITS;
  const scroll = el("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-label": `Table: ${data.columns.join(", ")}` },
    el("table", { class: stacks ? "table stacks" : "table", role: "table" },
      el("thead", { role: "rowgroup" }, head), el("tbody", { role: "rowgroup" }, rows)));
  const left = (data.total ?? data.rows.length) - data.rows.length;
  return el("div", {}, scroll, left > 0 ? el("p", { class: "table-more" }, `… ${left.toLocaleString()} more`) : null);
}

const longest = (texts) => Math.max(0, ...texts.map((text) => text.length));
