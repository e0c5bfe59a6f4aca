// A card as a plain message: its words, and its addresses as they are.

import { el, link, shows, visible, webAddress } from "./dom.js";
import { line } from "./inline.js";
import { msg, nmsg } from "./language.js";

/** The paragraphs; the title only where there are no others. */
export function bare(data) {
  const made = [...data.blocks.flatMap(words), ...addresses(data.buttons)];
  return made.some(shows) ? made : [said(visible(data.title) ? data.title : msg("(no text)"))];
}

function words(block) {
  switch (block.type) {
    case "Text": return [el("p", { class: "text" }, line(block.line))];
    case "Quote": return [said(block.author), said(block.text), address("", block.url)];
    case "Fields": return block.items.map((item) => el("p", { class: "text" }, `${item.name}: `, line(item.value)));
    case "Table": return [...block.rows.map(cells), more(block)];
    case "Gallery": return [...block.items.map((item) => address(item.alt, item.url)), address("", block.more_url)];
    case "Picture": return [address(block.alt, block.url)];
    case "Progress": return [said([block.label, msg("{done} of {total}", { done: block.done, total: block.total })].join(" "))];
    case "Buttons": return addresses(block.buttons);
    case "Picker": return [];
    default: return [said(msg("(Reload the page to see this part.)"))];
  }
}

const said = (text) => (text ? el("p", { class: "text", dir: "auto" }, text) : null);

const cells = (row) => el("p", { class: "text" }, row.filter((cell) => cell.length).flatMap((cell, at) => [at ? " · " : "", ...line(cell)]));

const more = (table) => (table.total > table.rows.length ? said(nmsg("… {n} more", "… {n} more", { n: table.total - table.rows.length })) : null);

/** Buttons that lead somewhere; one that acts needs a card. */
const addresses = (buttons) => buttons.filter((button) => webAddress(button.url)).map((button) => address(button.label, button.url));

function address(name, url) {
  if (!webAddress(url)) return said(name);
  return el("p", { class: "text" }, name ? `${name}: ` : null, link(url, url));
}
