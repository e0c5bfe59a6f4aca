// What the page knows, and who wants to hear of changes.

const listeners = new Map();

export const store = {
  csrf: "",
  name: "",
  bot: "",
  direct: "",
  language: "", // of the person, once it is known
  zone: "", // what the bot calls the timezone of this browser; "" where it does not know it
  xPages: null, // the address of pages that stand for those of x.com, where there are such
  person: null,
  people: [],
  channels: [],
  commands: [],
  actions: [], // of the menus of messages that link to tweets: { key, name, description }
  channel: null,
  rooms: new Map(), // channel → { messages: Map(id → message), more, stale }
  read: new Map(), // channel → the newest id the person has seen
  runs: new Map(), // run → { channel, card }
  newest: 0,
};

export function on(event, listener) {
  if (!listeners.has(event)) listeners.set(event, []);
  listeners.get(event).push(listener);
}

export function emit(event, data) {
  for (const listener of listeners.get(event) ?? []) listener(data);
}

export const remember = {
  get(key) { try { return localStorage.getItem(`playground.${key}`); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`playground.${key}`, value); } catch { /* forbidden */ } },
};

export function recall(key, otherwise) {
  try { return JSON.parse(remember.get(key)) ?? otherwise; } catch { return otherwise; }
}

export const personName = (id) => store.people.find((person) => person.id === id)?.name ?? id;
export const channelOf = (id) => store.channels.find((channel) => channel.id === id);

/** Take a message in; false when this revision of it was known. */
export function take(message) {
  store.newest = Math.max(store.newest, message.id);
  const channel = channelOf(message.channel);
  const isNew = channel && message.id > channel.latest;
  if (isNew && !message.deleted) channel.latest = message.id;
  const room = store.rooms.get(message.channel);
  if (!room) return isNew;
  const known = room.messages.get(message.id);
  if (known && known.revision >= message.revision && known.deleted === message.deleted) return false;
  if (message.deleted) {
    if (!known) return false;
    room.messages.delete(message.id);
  } else {
    room.messages.set(message.id, message);
  }
  return true;
}

export function markRead(channel) {
  const latest = channelOf(channel)?.latest ?? 0;
  if ((store.read.get(channel) ?? 0) >= latest) return;
  store.read.set(channel, latest);
  remember.set(`read.${store.person}`, JSON.stringify([...store.read]));
  emit("channels");
}

export function unread(channel) {
  const seen = store.read.get(channel.id) ?? 0;
  if (channel.latest <= seen) return 0;
  const room = store.rooms.get(channel.id);
  if (!room) return -1;
  return [...room.messages.values()].filter((message) => message.id > seen && message.author !== store.person).length || -1;
}
