// Back and Forward: one step for each channel that was opened. The address names the one that is open.

/** arrive(): the browser has gone to another address of this page. */
export function startSteps(arrive) {
  addEventListener("popstate", arrive);
}

/** The channel that the address names, "" where it names none. */
export function named() {
  try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; }
}

/** The address of a channel, as a step of its own or in place of the present one. */
export function name(channel, { step }) {
  const address = `#${encodeURIComponent(channel)}`;
  if (step && location.hash !== address) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}
