// What several pages of the privacy officer need: recipients by id, names of countries, actors and spans in words.
import { s } from "../strings/gate";
import { call } from "./api";
import { tail } from "./format";
import { look } from "./look.svelte";
import type { Recipient, RecipientId } from "./wire";

const LIST_MAX = 100;
/** The longest list of recipients that is read; beyond it only ids are shown. */
const PAGES_MAX = 10;
export const book = $state<{ list: Recipient[] | null; error: unknown }>({
  list: null,
  error: undefined,
});

export async function loadRecipients(): Promise<void> {
  try {
    const all: Recipient[] = [];
    let cursor: string | undefined;
    for (let n = 0; n < PAGES_MAX; n++) {
      const got = await call("GET /v1/gate/recipients", {
        query: { limit: LIST_MAX, ...(cursor ? { cursor } : {}) },
      });
      all.push(...got.data.items);
      if (!got.data.next_cursor) break;
      cursor = got.data.next_cursor;
    }
    book.list = all;
    book.error = undefined;
  } catch (e) {
    book.error = e;
  }
}
export function recipient(id: RecipientId): Recipient | undefined {
  return book.list?.find((r) => r.id === id);
}
export function recipientName(id: RecipientId): string {
  return recipient(id)?.name ?? tail(id);
}
/** A country's name in the reader's language. Places are named as the operator's home country names them. */
export function country(code: string): string {
  try {
    return (
      new Intl.DisplayNames([look.lang === "en" ? "en" : "zh-Hans"], { type: "region" }).of(code) ??
      code
    );
  } catch {
    return code;
  }
}
/** Who did something, as the audit log names them: a party's last six, or the program. */
export function actor(name: string): string {
  if (name.startsWith("system") || name.startsWith("worker") || name === "anonymous")
    return s.system;
  return tail(name);
}
/** `order + 30d` in words. */
export function kept(text: string): string {
  const [anchor = "", span] = text.split(" + ");
  if (!span) return s.keptWith(s.anchor(anchor));
  const words = span
    .split(" ")
    .map((part) => s.span(part.slice(0, -1), part.slice(-1)))
    .join(" ");
  return s.keptAfter(words, s.anchor(anchor));
}
