// Words of one area in both languages. A key that is missing in Chinese is a type error.
//   export const s = strings({ keep: "You keep" }, { keep: "到手" });   →   {s.keep}
import { look } from "./look.svelte";
import type { Text2 } from "./wire";

// biome-ignore lint/suspicious/noExplicitAny: any arguments, the same in both languages
type Words = Record<string, string | ((...args: any[]) => string | string[])>;
type Same<T extends Words> = {
  [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => R extends string ? string : R
    : string;
};

export function strings<T extends Words>(en: T, zh: Same<T>): Same<T> {
  return new Proxy(en as unknown as Same<T>, {
    get: (_, key) => Reflect.get(look.lang === "en" ? en : zh, key),
  });
}

/** The language's own text of a name that came in both. */
export function pick(text: Text2 | null | undefined): string {
  if (!text) return "";
  return look.lang === "en" ? text.en || text.zh : text.zh || text.en;
}

/** Latin letters or digits between Chinese words: with a thin gap where they meet. */
export function amid(text: string): string {
  const plain = /[A-Za-z0-9.]/;
  return `${plain.test(text.slice(0, 1)) ? " " : ""}${text}${plain.test(text.slice(-1)) ? " " : ""}`;
}
