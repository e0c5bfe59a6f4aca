// The list of completions above the command box: one listbox, driven from the text field.

import { $, el } from "./dom.js";

export class Menu {
  constructor(field, accept) {
    this.field = field;
    this.accept = accept;
    this.items = [];
    this.at = -1;
    this.box = $("menu");
    this.list = $("menu-list");
    // Pressing an item must not take the focus out of the field.
    this.box.addEventListener("pointerdown", (event) => event.preventDefault());
    // The arrow keys of the field choose in the list: a focus that comes here goes back to it.
    this.list.addEventListener("focus", () => this.field.focus());
  }

  get open() { return !this.box.hidden; }
  get chosen() { return this.items[this.at] ?? null; }

  show(items, head) {
    this.items = items;
    this.at = -1;
    this.field.removeAttribute("aria-activedescendant");
    if (!items.length) {
      this.hide();
      return;
    }
    $("menu-head").textContent = head;
    this.list.replaceChildren(...items.map((item, index) => this.row(item, index)));
    this.list.scrollTop = 0;
    this.box.hidden = false;
  }

  row(item, index) {
    const row = el("li", { class: "choice", role: "option", id: `choice-${index}`, "aria-selected": "false" },
      el("span", { class: "choice-word" }, item.word),
      el("span", { class: "choice-note" }, item.note),
      item.tag ? el("span", { class: item.needed ? "choice-tag needed" : "choice-tag" }, item.tag) : el("span", {}));
    row.addEventListener("click", () => this.accept(item));
    return row;
  }

  hide() {
    this.box.hidden = true;
    this.items = [];
    this.at = -1;
    this.field.removeAttribute("aria-activedescendant");
  }

  move(step) {
    const count = this.items.length;
    this.at = this.at < 0 ? (step > 0 ? 0 : count - 1) : (this.at + step + count) % count;
    [...this.list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === this.at)));
    this.field.setAttribute("aria-activedescendant", `choice-${this.at}`);
    this.list.children[this.at].scrollIntoView({ block: "nearest" });
  }
}
