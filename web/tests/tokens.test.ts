import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../src");
const css = readFileSync(join(root, "tokens.css"), "utf8");

/** Custom properties of one rule, later themes laid over the light one. */
function theme(name: "light" | "dark" | "sun"): Record<string, string> {
  const block = (head: string): Record<string, string> => {
    const at = css.indexOf(head);
    const body = css.slice(at, css.indexOf("\n}", at));
    return Object.fromEntries(
      [...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((m) => [m[1] ?? "", m[2] ?? ""]),
    );
  };
  const base = block(":root {");
  return name === "light" ? base : { ...base, ...block(`:root[data-theme="${name}"]`) };
}
function luminance(hex: string): number {
  const part = (i: number): number => {
    const v = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p) as [number, number];
  return (x + 0.05) / (y + 0.05);
}

describe.each(["light", "dark", "sun"] as const)("theme %s", (name) => {
  const t = theme(name);
  const of = (token: string): string => t[token] ?? "";
  it("keeps text at 4.5 on every surface", () => {
    for (const ground of ["--paper", "--card"]) {
      for (const ink of ["--ink", "--ink-2", "--ink-3", "--act", "--hold", "--harm", "--law"]) {
        expect(contrast(of(ink), of(ground)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const k of ["act", "hold", "harm", "law"]) {
      expect(contrast(of(`--${k}`), of(`--${k}-soft`)), `${k} on its soft`).toBeGreaterThanOrEqual(
        4.5,
      );
    }
    expect(contrast(of("--on-act"), of("--act"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of("--on-hold"), of("--hold-fill"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of("--m-lab"), of("--m-land"))).toBeGreaterThanOrEqual(4.5);
  });
  it("keeps the border of a control at 3", () => {
    expect(contrast(of("--edge"), of("--card"))).toBeGreaterThanOrEqual(3);
  });
});

function files(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? files(join(dir, e.name)) : [join(dir, e.name)],
  );
}
describe("sources", () => {
  const all = files(root).filter((f) => /\.(svelte|ts|css)$/.test(f) && !f.endsWith("tokens.css"));
  it("write no colour outside the tokens", () => {
    for (const f of all) {
      const text = readFileSync(f, "utf8").replace(/\{#(if|each|key|await|snippet)/g, "");
      expect(text.match(/#[0-9a-fA-F]{3,8}\b(?=[;\s"',)])/g), f).toBeNull();
    }
  });
  it("put no markup from text into the page", () => {
    for (const f of all) {
      const text = readFileSync(f, "utf8");
      expect(text.includes("{@html"), f).toBe(false);
      expect(/innerHTML|insertAdjacentHTML|document\.write/.test(text), f).toBe(false);
    }
  });
});
