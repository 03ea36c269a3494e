// How the pages look to this person on this device: language and theme. Kept here, never sent.
export type Lang = "en" | "zh-Hans";
export type Theme = "light" | "dark" | "sun";

const THEMES: Theme[] = ["light", "dark", "sun"];
const root = document.documentElement;

export const look = $state<{ lang: Lang; theme: Theme }>({
  lang: root.lang === "zh-Hans" ? "zh-Hans" : "en",
  theme: (root.dataset.theme as Theme | undefined) ?? "light",
});

function keep(): void {
  try {
    localStorage.setItem("sarai.look", JSON.stringify({ lang: look.lang, theme: look.theme }));
  } catch {
    // A device that keeps nothing still works; it forgets.
  }
}

export function setLang(lang: Lang): void {
  look.lang = lang;
  root.lang = lang;
  keep();
}

export function setTheme(theme: Theme): void {
  look.theme = theme;
  root.dataset.theme = theme;
  keep();
}

export function nextTheme(): Theme {
  const at = THEMES.indexOf(look.theme);
  return THEMES[(at + 1) % THEMES.length] ?? "light";
}
