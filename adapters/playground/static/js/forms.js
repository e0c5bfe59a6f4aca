// Forms: a native dialog, with what is wrong said next to each field.

import { el, icon } from "./dom.js";
import { filesField } from "./attached.js";
import { msg, nmsg } from "./language.js";
import { card } from "./render.js";
import { offered } from "./offered.js";
import { channelOf, store } from "./store.js";

let numbering = 0;

/** Show a form. submit(values): resolves to null when it went through, or to the card that says
 *  why not; an error it throws is shown too. Nothing typed is lost by a failure.
 *
 *  typed: values to begin with, from an earlier time; typing(values): told of every change;
 *  closed(sent): told of the end. */
export function openForm(form, submit, { typed = null, typing = () => {}, closed = () => {} } = {}) {
  const inputs = form.inputs.map((input) => field(typed && input.name in typed ? { ...input, value: typed[input.name] } : input));
  const values = () => Object.fromEntries(inputs.map((input) => [input.name, input.value()]));
  const attach = () => Promise.all(inputs.map((input) => input.attach?.()));
  let sent = false;
  const failure = el("div", { class: "dialog-failure", role: "alert" });
  const send = el("button", { class: "button primary", type: "submit" }, form.submit);
  const close = el("button", { class: "icon-button", type: "button", "aria-label": msg("Close") }, icon("close"));
  const cancel = el("button", { class: "button", type: "button" }, msg("Cancel"));
  const title = el("h2", { id: `form-${(numbering += 1)}` }, form.title);
  const body = el("form", { novalidate: true },
    el("div", { class: "dialog-head" }, title, close),
    el("div", { class: "dialog-body" },
      form.note ? el("p", { class: "dialog-note" }, form.note) : null,
      typed ? el("p", { class: "dialog-note" }, msg("Filled in with what you typed before.")) : null, failure, inputs.map((input) => input.node)),
    el("div", { class: "dialog-foot" }, cancel, send));
  const dialog = el("dialog", { class: "dialog", "aria-labelledby": title.id }, body);
  const opener = document.activeElement;
  close.addEventListener("click", () => dialog.close());
  cancel.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener?.isConnected) opener.focus();
    closed(sent);
  });
  body.addEventListener("input", () => typing(values()));
  body.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send.disabled) return;
    failure.replaceChildren();
    const wrong = inputs.filter((input) => !input.check());
    if (wrong.length) {
      wrong[0].focus();
      return;
    }
    send.disabled = true;
    send.setAttribute("aria-busy", "true");
    let refused = null;
    try {
      await attach();
      refused = await submit(values());
    } catch (error) {
      refused = { title: msg("That did not work"), tone: "danger", blocks: [{ type: "Text", line: [error.message] }], buttons: [], about: error.code ?? "" };
    }
    send.disabled = false;
    send.removeAttribute("aria-busy");
    if (!refused) {
      sent = true;
      if (dialog.open) dialog.close();
      else closed(sent); // closed while it was on its way
      return;
    }
    // The form is open still, so a button that would open it again says nothing.
    failure.replaceChildren(card({ ...refused, buttons: [] }));
    const named = inputs.find((input) => input.name === refused.about);
    named?.mark();
    (named ?? inputs[0])?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  (inputs[0]?.focus ?? (() => send.focus()))();
  return dialog;
}

function field(data) {
  if (data.kind === "media") return filesField(data, `field-${(numbering += 1)}`);
  const id = `field-${(numbering += 1)}`;
  const about = `${id}-about`;
  const wrong = `${id}-wrong`;
  const control = controlOf(data, id);
  control.setAttribute("aria-describedby", `${about} ${wrong}`);
  if (data.required && data.kind !== "boolean") control.setAttribute("aria-required", "true");
  const label = el("label", { for: id }, data.label, data.required || (data.kind === "boolean" && !open(data)) ? null : el("span", { class: "optional" }, " ", msg("(optional)")));
  const hint = el("p", { class: "input-hint", id: about }, data.hint);
  hint.hidden = !data.hint;
  const error = el("p", { class: "input-error", id: wrong, hidden: true });
  const count = data.kind === "paragraph" ? el("span", { class: "input-count" }) : null;
  const say = (words) => {
    error.textContent = words;
    error.hidden = !words;
    control.toggleAttribute("aria-invalid", false);
    if (words) control.setAttribute("aria-invalid", "true");
  };
  const tally = () => { if (count) count.textContent = counted([...control.value].length, data.max_length); };
  control.addEventListener("input", () => { say(""); tally(); });
  tally();
  const checkbox = data.kind === "boolean" && !open(data);
  const row = checkbox ? el("div", { class: "check" }, control, label) : [label, control];
  return {
    name: data.name,
    node: el("div", { class: "input" }, row, offered(control, data), count, hint, error),
    value: () => (checkbox ? String(control.checked) : control.value),
    focus: () => control.focus(),
    mark: () => say(msg("Check this value.")),
    check: () => {
      say(troubleOf(data, control));
      return error.hidden;
    },
  };
}

/** How long a text is. What fits into a form says nothing of what X takes, so the limit is named
 *  only to someone who comes near it. */
function counted(length, most) {
  if (!length) return "";
  if (most && length >= most * 0.9) return nmsg("{length} of {n} character", "{length} of {n} characters", { length, n: most });
  return nmsg("{n} character", "{n} characters", { n: length });
}

function controlOf(data, id) {
  const common = { id, name: data.name, autocomplete: "off", maxlength: data.max_length };
  switch (data.kind) {
    case "paragraph": {
      const area = el("textarea", { ...common, rows: 5 });
      area.value = data.value;
      return area;
    }
    case "secret": return el("input", { ...common, type: "password", autocomplete: "new-password", spellcheck: "false" });
    case "integer": return el("input", { ...common, type: "text", value: data.value });
    case "boolean": return open(data) ? select({ ...data, required: false }, id, yesNo()) : el("input", { id, name: data.name, type: "checkbox", checked: ["true", "yes", "on", "1"].includes(data.value) });
    case "choice": return select(data, id, data.choices);
    case "channel": {
      if (data.many) return text(data, common);
      const channels = store.channels.filter((channel) => channel.id !== store.direct);
      const value = channelOf(data.value) ? data.value : "";
      return select({ ...data, value }, id, channels.map((channel) => ({ label: `#${channel.name}`, value: channel.id })));
    }
    default: return text(data, common);
  }
}

function text(data, common) {
  // A list of known values hangs on a field of one line alone.
  if (data.tall && !data.suggested) {
    const area = el("textarea", { ...common, rows: 3, spellcheck: "false" });
    area.value = data.value;
    return area;
  }
  return el("input", { ...common, type: "text", value: data.value, spellcheck: "false" });
}

const yesNo = () => [{ label: msg("Yes"), value: "yes" }, { label: msg("No"), value: "no" }];

/** Whether a yes or no may stay unsaid. */
const open = (data) => data.kind === "boolean" && !data.required && !data.value;

function select(data, id, choices) {
  const empty = data.required ? msg("Choose…") : "–";
  return el("select", { id, name: data.name },
    el("option", { value: "" }, empty),
    choices.map((choice) => el("option", { value: choice.value, selected: choice.value === data.value }, choice.label)));
}

/** What can be said without the server, which reads numbers as people write them: 5k, 1,500, ١٥٠٠. */
function troubleOf(data, control) {
  if (data.kind === "boolean") return "";
  const value = control.value.trim();
  if (!value) return data.required ? msg("This is needed.") : "";
  if (data.max_length && [...control.value].length > data.max_length) return nmsg("At most {n} character.", "At most {n} characters.", { n: data.max_length });
  return "";
}
