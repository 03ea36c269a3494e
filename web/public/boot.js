// Before the first paint: language and theme as kept on this device. A file of its own, since the CSP allows no inline script.
(() => {
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search);
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("sarai.look") || "{}");
  } catch {}
  const lang = asked.get("lang") || kept.lang || (navigator.language.startsWith("zh") ? "zh" : "en");
  root.lang = lang.startsWith("zh") ? "zh-Hans" : "en";
  const sun = matchMedia("(prefers-contrast: more)").matches;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = asked.get("theme") || kept.theme || (sun ? "sun" : dark ? "dark" : "light");
  root.dataset.theme = ["light", "dark", "sun"].includes(theme) ? theme : "light";
})();

// The only script addresses ever taken: our own files. (The map's worker and the service worker are named at run time.)
window.trustedTypes?.createPolicy("default", {
  createScriptURL(address) {
    if (new URL(address, location.href).origin === location.origin) return address;
    throw new TypeError("a script from elsewhere");
  },
});
