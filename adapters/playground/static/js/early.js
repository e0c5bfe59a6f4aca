// Before the first paint: the theme that was chosen, else the system's. Who reads another language than English
// sees no English first: what the page says waits until `language.js` says it.
{
  const kept = (key) => { try { return localStorage.getItem(`playground.${key}`); } catch { return null; /* storage may be forbidden */ } };
  const chosen = kept("theme");
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  if (kept("language")?.includes('"words"')) document.documentElement.dataset.waits = "";
}
