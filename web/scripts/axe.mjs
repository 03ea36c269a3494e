// Accessibility of pages: node scripts/axe.mjs BASE PATH… [--as=trucker]. Prints violations; exits 1 when there is a serious one.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const flags = Object.fromEntries(
  process.argv.filter((a) => a.startsWith("--")).map((a) => a.slice(2).split("=")),
);
const [base, ...paths] = process.argv.slice(2).filter((a) => !a.startsWith("--"));
const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
  ],
});
let serious = 0;
for (const [width, height] of [
  [360, 780],
  [1280, 800],
]) {
  for (const theme of ["light", "dark", "sun"]) {
    const page = await browser.newPage({ viewport: { width, height } });
    for (const path of paths) {
      const join = path.includes("?") ? "&" : "?";
      const lang = theme === "dark" ? "zh" : "en";
      await page.goto(
        `${base}${path}${join}lang=${lang}&theme=${theme}${flags.as ? `&as=${flags.as}` : ""}`,
      );
      await page.waitForTimeout(1500);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
      for (const v of found.violations) {
        if (["serious", "critical"].includes(v.impact)) serious += 1;
        const where = v.nodes
          .slice(0, 3)
          .map((n) => n.target.join(" "))
          .join(" | ");
        console.log(`${width} ${theme} ${path} ${v.impact} ${v.id}: ${where}`);
      }
    }
    await page.close();
  }
}
await browser.close();
console.log(`${serious} serious`);
process.exitCode = serious ? 1 : 0;
