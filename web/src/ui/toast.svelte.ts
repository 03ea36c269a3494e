// A toast only confirms, with a way back where there is one. Six seconds; never for errors.
export interface Toast {
  id: number;
  words: string;
  undo?: (() => void) | undefined;
}
export const toasts = $state<Toast[]>([]);
let next = 1;

export function toast(words: string, undo?: () => void): void {
  const id = next++;
  toasts.push({ id, words, undo });
  setTimeout(() => drop(id), 6000);
}
export function drop(id: number): void {
  const at = toasts.findIndex((t) => t.id === id);
  if (at >= 0) toasts.splice(at, 1);
}
