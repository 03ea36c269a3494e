// A table as CSV: RFC 4180, with a mark for spreadsheets that it is UTF-8. A cell never begins as a formula.
const MARK = "\uFEFF";

function cell(value: string | number): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
export function csv(head: string[], rows: (string | number)[][]): string {
  const lines = [head, ...rows].map((row) => row.map(cell).join(","));
  return `${MARK}${lines.join("\r\n")}\r\n`;
}
/** Hands text to the browser as a file. */
export function download(name: string, text: string, type = "text/csv"): void {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
}
