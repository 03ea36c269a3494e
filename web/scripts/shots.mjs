// Pictures of pages for looking at: node scripts/shots.mjs OUT BASE PATH… [--w=360,1280] [--lang=en,zh] [--theme=light] [--wait=1500] [--full] [--as=trucker]
import { chromium } from "playwright-core";

const flags = Object.fromEntries(
  process.argv.filter((a) => a.startsWith("--")).map((a) => a.slice(2).split("=")),
);
const [out, base, ...paths] = process.argv.slice(2).filter((a) => !a.startsWith("--"));
const list = (name, otherwise) => (flags[name] ?? otherwise).split(",");
const HEIGHTS = { 320: 640, 360: 780, 390: 844, 1280: 800, 1440: 900 };

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
  ],
});
for (const width of list("w", "360,1280").map(Number)) {
  const phone = width < 600;
  for (const theme of list("theme", "light")) {
    for (const lang of list("lang", "en")) {
      const page = await browser.newPage({
        viewport: { width, height: HEIGHTS[width] ?? 800 },
        deviceScaleFactor: phone ? 2 : 1,
        hasTouch: phone,
        isMobile: phone,
      });
      page.on("console", (m) => m.type() === "error" && console.log("console:", m.text()));
      page.on("pageerror", (e) => console.log("error:", e.message));
      for (const path of paths) {
        const join = path.includes("?") ? "&" : "?";
        const as = flags.as ? `&as=${flags.as}` : "";
        await page.goto(`${base}${path}${join}lang=${lang}&theme=${theme}${as}`);
        await page.waitForTimeout(Number(flags.wait ?? 2500));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) console.log(`overflow ${wide}px at ${width} ${path} ${lang}`);
        const name = `${path.split("?")[0].replaceAll("/", "_") || "_"}-${width}-${lang}-${theme}.png`;
        await page.screenshot({ path: `${out}/${name}`, fullPage: "full" in flags });
        console.log(name);
      }
      await page.close();
    }
  }
}
await browser.close();
