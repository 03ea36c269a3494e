// Stands in for `lib/look.svelte` here: the words of the pages, read in the language a person has chosen.
export const look: { lang: "en" | "zh-Hans"; theme: string } = { lang: "en", theme: "light" };
