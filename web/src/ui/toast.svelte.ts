// A toast only confirms or tells, with one deed where there is one. Six seconds; never for errors.
export interface Toast {
  id: number;
  words: string;
  deed?: { text: string; run: () => void } | undefined;
}
export const toasts = $state<Toast[]>([]);
let next = 1;
const SHOWN_MS = 6000;

export function toast(words: string, deed?: { text: string; run: () => void }): void {
  const id = next++;
  toasts.push({ id, words, deed });
  setTimeout(() => drop(id), SHOWN_MS);
}
export function drop(id: number): void {
  const at = toasts.findIndex((t) => t.id === id);
  if (at >= 0) toasts.splice(at, 1);
}
