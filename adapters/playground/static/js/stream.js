// Live changes over server-sent events, with our own patience on top of the browser's.

import { store, emit } from "./store.js";

let source = null;
let again = null;
let wait = 500;

/** Hear nothing more: what comes for one person must not be taken in for the next. */
export function disconnect() {
  clearTimeout(again);
  source?.close();
  source = null;
}

export function connect() {
  disconnect();
  const query = new URLSearchParams({ person: store.person, since: String(store.newest) });
  const here = new EventSource(`api/stream?${query}`);
  source = here;
  const hear = (kind) => here.addEventListener(kind, (event) => {
    if (here === source) emit(`live.${kind}`, JSON.parse(event.data));
  });
  hear("message");
  hear("run");
  hear("channel");
  here.addEventListener("hello", () => {
    if (here !== source) return;
    wait = 500;
    emit("live", true);
  });
  here.addEventListener("error", () => {
    if (here !== source) return;
    emit("live", false);
    // A browser gives up for good when the server answers with an error while it restarts.
    here.close();
    again = setTimeout(connect, wait);
    wait = Math.min(wait * 2, 8000);
  });
}
