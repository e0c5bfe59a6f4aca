// Values that the server knows, offered in a field of a form while it is filled in.

import { act } from "./api.js";
import { openItem } from "./completion.js";
import { el } from "./dom.js";
import { store } from "./store.js";

const PATIENCE = 150; // milliseconds

/** The list of a text field; null for a field whose values nobody knows. data: of the field. */
export function offered(control, data) {
  if (!data.suggested || control.tagName !== "INPUT") return null;
  const list = el("datalist", { id: `${control.id}-known` });
  control.setAttribute("list", list.id);
  let timer = 0;
  let turn = 0;
  const ask = async () => {
    turn += 1;
    const asked = turn;
    const begin = data.many ? openItem(control.value) : 0;
    const kept = begin ? `${control.value.slice(0, begin)} ` : "";
    const typed = control.value.slice(begin).trim().replace(/^["“„«]/, "").slice(0, 200);
    try {
      const { path, option } = data.suggested;
      const given = control.form ? Object.fromEntries(new FormData(control.form)) : {};
      const { choices } = await act("suggest", { channel: store.channel, path, option, typed, given });
      if (asked !== turn) return;
      list.replaceChildren(...choices.map((choice) => el("option", { value: kept + choice.value, label: labelOf(choice, typed) })));
    } catch { /* it is a convenience: the field takes what is typed */ }
  };
  control.addEventListener("focus", ask, { once: true });
  control.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PATIENCE);
  });
  return list;
}

/** Browsers leave out what does not contain what was typed: “Almanca” is German all the same. */
function labelOf(choice, typed) {
  const words = `${choice.label} ${choice.value}`.toLowerCase();
  return words.includes(typed.toLowerCase()) ? choice.label : `${typed} → ${choice.label}`;
}
