// Makes src/lib/law/calendar.json from laws/calendar.toml, the one list of holidays and worked weekends: node scripts/calendar.mjs
import { readFileSync, writeFileSync } from "node:fs";

/** Clocks of the pages run from now on: older years are not sent to anybody. */
const FIRST_YEAR = 2025;

export function calendar(toml) {
  const out = { off: [], work: [], notAnnounced: [] };
  for (const block of toml.split("[[year]]").slice(1)) {
    const year = Number(/^year = (\d{4})$/m.exec(block)?.[1]);
    if (year < FIRST_YEAR) continue;
    const days = (key) =>
      [
        ...(new RegExp(`^${key} = \\[([^\\]]*)\\]`, "m").exec(block)?.[1] ?? "").matchAll(
          /"([\d-]{10})"/g,
        ),
      ].map((m) => m[1]);
    out.off.push(...days("off"));
    out.work.push(...days("work"));
    if (/^announced = false$/m.test(block)) out.notAnnounced.push(year);
  }
  return out;
}
if (process.argv[1] === new URL(import.meta.url).pathname) {
  const toml = readFileSync(new URL("../../laws/calendar.toml", import.meta.url), "utf8");
  writeFileSync(
    new URL("../src/lib/law/calendar.json", import.meta.url),
    `${JSON.stringify(calendar(toml), null, 2)}\n`,
  );
}
