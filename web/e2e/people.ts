// People in browsers: who they are, what they see and press. Everything is found by role and name, in their own language.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";
import { s as login } from "../src/strings/login";
import { s as me } from "../src/strings/me";
import { s as stepup } from "../src/strings/stepup";
import { look } from "./look";
import { picture } from "./picture";
import { type Server, until } from "./server";
import { Authenticator } from "./totp";

export type Lang = "en" | "zh-Hans";
export type Size = "phone" | "desk";
const SIZES = {
  phone: {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  },
  desk: {
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    isMobile: false,
    hasTouch: false,
  },
};
export const RESULTS = new URL("../test-results/", import.meta.url).pathname;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WAIT_MS = 20_000;
const CODE_GAP_MS = 61_000;

/** `gl`: with a map drawn by software; without it pages draw their still picture, which is quick. */
export function launch(gl: boolean): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...(gl
        ? ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        : ["--disable-gpu"]),
    ],
  });
}

export class Person {
  auth: Authenticator | null = null;
  errors: string[] = [];
  private constructor(
    readonly server: Server,
    readonly page: Page,
    readonly context: BrowserContext,
    readonly size: Size,
    readonly lang: Lang,
    readonly phone: string,
  ) {}

  static async open(
    server: Server,
    browser: Browser,
    size: Size,
    lang: Lang,
    phone = "",
    theme = "light",
  ): Promise<Person> {
    const context = await browser.newContext({
      ...SIZES[size],
      locale: lang === "en" ? "en-GB" : "zh-CN",
      timezoneId: "Asia/Shanghai",
      permissions: ["geolocation"],
      geolocation: { latitude: 31.57, longitude: 120.3 },
      reducedMotion: "reduce",
    });
    await context.addInitScript(
      (kept) => localStorage.setItem("sarai.look", kept),
      JSON.stringify({ lang, theme }),
    );
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    const person = new Person(server, page, context, size, lang, phone);
    page.on("pageerror", (e) => person.errors.push(e.message));
    return person;
  }

  /** A word of the pages, in this person's language. */
  w<T>(read: () => T): T {
    look.lang = this.lang;
    return read();
  }
  button(name: string, within: Page | Locator = this.page): Locator {
    return within.getByRole("button", { name, exact: true });
  }
  field(name: string, within: Page | Locator = this.page): Locator {
    return within.getByLabel(name, { exact: true });
  }
  /** The sheet that is open on top. */
  get sheet(): Locator {
    return this.page.locator("dialog[open]").last();
  }
  async goto(path: string): Promise<void> {
    await this.page.goto(this.server.origin + path);
  }
  async press(name: string): Promise<void> {
    await this.button(name).first().click();
  }
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }
  async heading(name: string | RegExp): Promise<void> {
    await this.page.getByRole("heading", { name }).first().waitFor();
  }

  /** Signs in with a code read from the outbox; a new person says what brings him here. */
  async signIn(role: "shipper" | "trucker" | null): Promise<void> {
    await this.goto("/login");
    await this.field(this.w(() => login.address)).fill(this.phone);
    const entry = this.page.locator("input[autocomplete='one-time-code']");
    await this.rested();
    const asked = Date.now();
    await this.press(this.w(() => login.sendCode));
    await entry.first().waitFor();
    this.#sent = Date.now();
    const digits = await this.server.code(this.phone, asked);
    const field = this.page.locator("input[autocomplete='one-time-code']").first();
    await field.fill(digits);
    if (this.auth) {
      const second = this.field(this.w(() => login.second));
      await second.fill(await this.auth.code());
    } else {
      const word = this.w(() =>
        role === "shipper"
          ? login.roleShipper
          : role === "trucker"
            ? login.roleTrucker
            : login.roleLater,
      );
      const choice = this.button(word);
      const gone = this.page
        .waitForURL((u) => !u.pathname.startsWith("/login"))
        .catch(() => undefined);
      await Promise.race([choice.waitFor().catch(() => undefined), gone]);
      if (await choice.isVisible()) await choice.click();
    }
    await this.page.waitForURL((u) => !u.pathname.startsWith("/login"));
  }

  #sent = 0;
  /** Two codes within a minute are not sent to one number; asking in vain would only spend the budget of this address. */
  async rested(): Promise<void> {
    await until(
      async () => Date.now() - this.#sent > CODE_GAP_MS,
      CODE_GAP_MS + 1000,
      () => "the clock stands still",
    );
  }

  /** Where a fresh factor is asked for, shows one. */
  async factor(): Promise<void> {
    const title = this.w(() => stepup.totpCode);
    if (this.auth) {
      await this.field(title, this.sheet).fill(await this.auth.code());
    } else {
      const digits = this.sheet.locator("input[autocomplete='one-time-code']");
      const send = this.button(
        this.w(() => stepup.sendCode),
        this.sheet,
      );
      let asked = Date.now();
      await this.field(
        this.w(() => stepup.yourAddress),
        this.sheet,
      ).fill(this.phone);
      await send.click();
      // Two codes within a minute are not sent: the page says how long, and then sends.
      const later = this.sheet.locator("#step-wait");
      await digits.or(later).first().waitFor();
      if (!(await digits.isVisible())) {
        await later.waitFor({ state: "detached", timeout: 70_000 });
        asked = Date.now();
        await send.click();
      }
      this.#sent = asked;
      await digits.fill(await this.server.code(this.phone, asked));
    }
    await this.page.locator("dialog[open] form#step-up").waitFor({ state: "detached" });
  }
  /** Presses, and shows a factor if the sheet for it comes before `done`. */
  async withFactor(act: () => Promise<void>, done: Locator): Promise<void> {
    await act();
    const asks = this.page.locator("dialog[open] form#step-up");
    await asks.or(done).first().waitFor();
    if (await asks.isVisible()) {
      await this.factor();
      await done.first().waitFor();
    }
  }
  /** Sets up the authenticator in the sheet that is open, and writes down the recovery codes. */
  async enrol(): Promise<void> {
    const key = this.page.locator("dialog[open] code");
    const asks = this.page.locator("dialog[open] form#step-up");
    await asks.or(key).first().waitFor();
    if (await asks.isVisible()) {
      await this.factor();
      await key.waitFor();
    }
    this.auth = new Authenticator((await key.textContent()) ?? "");
    await this.sheet.locator("input[autocomplete='one-time-code']").fill(await this.auth.code());
    const written = this.button(this.w(() => me.written));
    await asks.or(written).first().waitFor();
    if (await asks.isVisible()) await this.factor();
    await written.click();
    await this.page.locator("dialog[open]").waitFor({ state: "detached" });
  }

  async attach(): Promise<void> {
    await this.sheet
      .locator("input[type=file]")
      .first()
      .setInputFiles({ name: "picture.png", mimeType: "image/png", buffer: picture() });
    await this.sheet.getByRole("img").first().waitFor();
  }
  /** Hands in one paper on the papers page. */
  async handIn(
    paper: "person" | "licence" | "vehicle",
    values: Record<string, string>,
  ): Promise<void> {
    await this.goto("/me/papers");
    const name = this.w(() => me.paper(paper));
    const row = this.page
      .getByRole("listitem")
      .filter({ hasText: name })
      .filter({ has: this.page.getByRole("button") });
    await row.getByRole("button").first().click();
    for (const [label, value] of Object.entries(values))
      await this.field(label, this.sheet).fill(value);
    await this.attach();
    await this.button(
      this.w(() => me.handIn),
      this.sheet,
    ).click();
    await this.sees(this.w(() => me.handedIn));
  }

  async id(): Promise<string> {
    return this.page.evaluate(
      async () => ((await (await fetch("/v1/me")).json()) as { id: string }).id,
    );
  }

  /** A picture for looking at. */
  async shot(name: string): Promise<void> {
    mkdirSync(RESULTS, { recursive: true });
    await this.page.screenshot({ path: `${RESULTS}${name}-${this.size}-${this.lang}.png` });
  }
  /** No serious violation of WCAG 2.2 AA; the page does not scroll sideways. Answers what is wrong. */
  async judge(name: string): Promise<string[]> {
    await this.shot(name);
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await this.page.evaluate(AXE);
    const found = await this.page.evaluate(async () => {
      const axe = (
        window as unknown as {
          axe: {
            run: (o: object) => Promise<{
              violations: {
                id: string;
                impact: string;
                nodes: { target: string[]; failureSummary: string }[];
              }[];
            }>;
          };
        }
      ).axe;
      const got = await axe.run({
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        resultTypes: ["violations"],
      });
      return got.violations
        .filter((v) => v.impact === "serious" || v.impact === "critical")
        .map(
          (v) =>
            `${v.id}: ${v.nodes
              .map(
                (n) => `${n.target.join(" ")} (${n.failureSummary.split("\n")[1]?.trim() ?? ""})`,
              )
              .slice(0, 3)
              .join("; ")}`,
        );
    });
    const where = `${name} ${this.size} ${this.lang}`;
    return [
      ...(wide > 0 ? [`${where}: ${wide} px too wide`] : []),
      ...found.map((v) => `${where}: ${v}`),
      ...this.errors.splice(0).map((e) => `${where}: ${e}`),
    ];
  }
}
