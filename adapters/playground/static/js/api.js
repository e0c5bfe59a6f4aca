// Requests to the server. A refusal becomes a `Refused` error with words for people.

import { msg } from "./language.js";
import { store } from "./store.js";
import { browserZone } from "./time.js";

export class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What the server is told of the reader with each request: the language is that of refusals. */
const about = () => ({ "x-timezone": browserZone(), "x-language": store.language });

async function answerOf(response) {
  let data = null;
  try { data = await response.json(); } catch { /* a proxy's page, or nothing */ }
  if (response.ok) return data;
  if (data?.status === "broken") throw new Refused(500, "broken", msg("Something went wrong inside the bot. Try again."));
  throw new Refused(response.status, data?.error ?? "http", data?.message ?? msg("The server answered {status}.", { status: String(response.status) }));
}

async function reach(path, options) {
  try {
    return await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new Refused(0, "offline", msg("The bot cannot be reached. Is it still running?"));
  }
}

export async function read(path, query = {}) {
  const words = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== null && value !== undefined));
  return answerOf(await reach(`api/${path}?${words}`, { headers: about() }));
}

export async function loadState() {
  const state = await read("state", { person: store.person });
  store.csrf = state.csrf;
  return state;
}

let renewal = null;

/** The server may be another one by now: take its token before anything is asked of it. */
export function renew() {
  renewal = loadState().catch(() => { /* `act` renews it again when it is refused */ });
}

/** Keep a file for a form; the value that stands for it there. */
export async function upload(file, { retry = true } = {}) {
  await renewal;
  const words = new URLSearchParams({ person: store.person, channel: store.channel, name: file.name });
  const response = await reach(`api/upload?${words}`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream", "x-csrf": store.csrf, ...about() },
    body: file,
  });
  try {
    return (await answerOf(response)).value;
  } catch (error) {
    if (!(retry && error instanceof Refused && error.code === "csrf")) throw error;
    await loadState();
    return upload(file, { retry: false });
  }
}

/** Do something as the present person. A token from before a restart is renewed once. */
export async function act(path, data, { retry = true } = {}) {
  await renewal;
  const response = await reach(`api/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf": store.csrf, ...about() },
    body: JSON.stringify({ person: store.person, ...data }),
  });
  try {
    return await answerOf(response);
  } catch (error) {
    if (!(retry && error instanceof Refused && error.code === "csrf")) throw error;
    await loadState();
    return act(path, data, { retry: false });
  }
}
