// The law of data in a browser: the privacy officer's desk, an authority's key and orders, what everybody sees of them, a review as a case.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { s as gate } from "../src/strings/gate";
import { s as law } from "../src/strings/law";
import { s as me } from "../src/strings/me";
import { s as op } from "../src/strings/op";
import { s as review } from "../src/strings/review";
import { Authority } from "./authority";
import { launch, Person } from "./people";
import { type Server, startServer, until } from "./server";

describe("the law of data", () => {
  let server: Server;
  let browser: Browser;
  let authority: Authority;
  let admin: Person;
  let officer: Person;
  let newcomer: Person;
  let pause = "";
  const wrong: string[] = [];
  let failed = false;
  const step = (name: string, run: () => Promise<void>): void =>
    test(name, async () => {
      if (failed) throw new Error("an earlier step failed");
      failed = true;
      await run();
      failed = false;
    });
  const judge = async (p: Person, name: string): Promise<void> => {
    wrong.push(...(await p.judge(name)));
  };

  beforeAll(async () => {
    server = await startServer();
    browser = await launch(false);
    authority = await Authority.of(server);
    admin = await Person.open(server, browser, "desk", "en", "+8613955500011");
    officer = await Person.open(server, browser, "desk", "zh-Hans", "+8613955500012");
    newcomer = await Person.open(server, browser, "phone", "zh-Hans", "+8613955500014");
  });
  afterAll(async () => {
    for (const p of [admin, officer, newcomer])
      if (failed && p) await p.shot(`failed-law-${p.phone}`).catch(() => undefined);
    await browser?.close();
    await server?.stop();
  });

  /** Presses the tiles of roles and says it is so. */
  async function chooses(roles: string[], button: string): Promise<void> {
    for (const r of roles)
      await admin
        .button(
          admin.w(() => op.role(r)),
          admin.sheet,
        )
        .click();
    await admin.button(button, admin.sheet).click();
  }

  step(
    "an administrator makes another person privacy officer, and himself a reviewer",
    async () => {
      for (const p of [admin, officer]) await p.signIn(null);
      await admin.goto("/op/first");
      await admin.field(admin.w(() => op.token)).fill(server.token);
      await admin.press(admin.w(() => op.become));
      await admin.press(admin.w(() => op.setUp));
      const other = async (): Promise<void> => {
        await officer.goto("/me/security");
        await officer.press(officer.w(() => me.turnOn));
        await officer.enrol();
      };
      await Promise.all([admin.enrol(), other()]);
      await admin.goto("/op/staff");
      const invite = admin.button(admin.w(() => op.invite));
      await admin.withFactor(async () => undefined, invite);
      await admin.press(admin.w(() => op.change));
      await chooses(
        ["po", "rev"],
        admin.w(() => op.save),
      );
      await admin.sees(admin.w(() => op.done));
      await invite.click();
      await admin
        .field(
          admin.w(() => op.address),
          admin.sheet,
        )
        .fill(officer.phone);
      await chooses(
        ["po"],
        admin.w(() => op.invite),
      );
      await admin.sees(admin.w(() => op.invited));
      // A new role ends the sessions of before.
      await officer.signIn(null);
    },
  );

  step("the privacy officer's desk shows the day, and every room of it", async () => {
    await officer.goto("/privacy");
    const heading = officer.page.getByRole("heading", { name: officer.w(() => gate.title) });
    await officer.withFactor(async () => undefined, heading);
    await officer.page.getByText(officer.w(() => gate.notOfficer)).waitFor({ state: "detached" });
    for (const [path, name] of [
      ["/privacy", "privacy"],
      ["/privacy/requests", "privacy-requests"],
      ["/privacy/approvals", "privacy-approvals"],
      ["/privacy/recipients", "privacy-recipients"],
      ["/privacy/transfers", "privacy-transfers"],
      ["/privacy/ask", "privacy-ask"],
      ["/privacy/register", "privacy-register"],
      ["/privacy/breach", "privacy-breach"],
    ] as const) {
      await officer.goto(path);
      await officer.page.locator("main h1").waitFor();
      const asks = officer.page.locator("dialog[open] form#step-up");
      await officer.page.waitForLoadState("networkidle");
      if (await asks.isVisible()) await officer.factor();
      await officer.page.locator(".skel").first().waitFor({ state: "detached" });
      expect(await officer.page.locator(".problem").count(), path).toBe(0);
      await judge(officer, name);
    }
  });

  step(
    "two officers enter an authority's key: one types it, the other hears the fingerprint",
    async () => {
      await officer.goto("/privacy/keys");
      const add = officer.button(officer.w(() => gate.addKey));
      await officer.withFactor(async () => undefined, add);
      await add.click();
      await officer.field(officer.w(() => gate.nameZh)).fill("国家互联网信息办公室");
      await officer.field(officer.w(() => gate.nameEn)).fill("Cyberspace Administration of China");
      await officer.field(officer.w(() => gate.publicKey)).fill(authority.publicKey);
      for (const effect of ["suspend_registration", "suspend_service"])
        await officer.press(officer.w(() => law.effectName(effect)));
      // What the bar covers while the page is scrolled cannot be pressed, and is not meant to be.
      await officer.page.evaluate(() => scrollTo(0, 0));
      await judge(officer, "privacy-key");
      await add.click();
      await officer.sees(officer.w(() => gate.enteredByYou));
      await admin.goto("/privacy/keys");
      const confirm = admin.button(admin.w(() => gate.confirmKey));
      await admin.withFactor(async () => undefined, confirm.first());
      await confirm.first().click();
      const heard = admin.field(
        admin.w(() => gate.heard),
        admin.sheet,
      );
      await heard.fill("0".repeat(32));
      const really = admin.button(
        admin.w(() => gate.confirmKey),
        admin.sheet,
      );
      await really.click();
      await admin.sees(admin.w(() => gate.heardWrong));
      await heard.fill(authority.fingerprint);
      await really.click();
      await admin.sees(admin.w(() => gate.confirmed));
    },
  );

  step(
    "a forged order is refused; a signed one pauses new accounts, and members go on",
    async () => {
      expect(await authority.forges()).toBeGreaterThanOrEqual(400);
      pause = await authority.orders("suspend_registration");
      await newcomer.goto("/");
      await newcomer.page
        .getByRole("complementary", { name: newcomer.w(() => law.bannerLabel) })
        .waitFor();
      await newcomer.goto("/login");
      await newcomer.sees(newcomer.w(() => law.title("suspend_registration")));
      await judge(newcomer, "order-login");
      await newcomer.goto("/orders-of-authorities");
      await newcomer.sees("网审〔2026〕2号");
      await judge(newcomer, "orders");
      await newcomer.goto(`/orders-of-authorities/${pause}`);
      await newcomer.sees(newcomer.w(() => law.checkTitle));
      await newcomer.field(newcomer.w(() => law.checkKey)).fill(authority.publicKey);
      await newcomer.press(newcomer.w(() => law.check));
      await newcomer.sees(
        new RegExp(
          [newcomer.w(() => law.verdictGood), newcomer.w(() => law.verdictCannot)].join("|"),
        ),
      );
      await judge(newcomer, "order");
      // Whoever has an account comes in as before.
      await officer.goto("/me");
      await officer.page.locator("main h1").waitFor();
      expect(await officer.page.locator(".problem").count()).toBe(0);
    },
  );

  step("lifted, it lets newcomers in within a second", async () => {
    await authority.lifts(pause);
    const lifted = Date.now();
    await until(
      async () => {
        const meta = await (await fetch(`${server.origin}/v1/meta`)).text();
        return !meta.includes(pause);
      },
      1_000,
      () => "the order still stands",
    );
    expect(Date.now() - lifted).toBeLessThan(1_000);
    await newcomer.signIn("shipper");
  });

  step("a suspended service says so on every page but those that stay open", async () => {
    const order = await authority.orders("suspend_service");
    await newcomer.goto("/freight");
    await newcomer.sees(newcomer.w(() => law.title("suspend_service")));
    await newcomer.sees(newcomer.w(() => law.stillWorks));
    await judge(newcomer, "order-page");
    await newcomer.goto("/my-data");
    await newcomer.page.locator("main h1").waitFor();
    expect(await newcomer.page.locator(".problem").count()).toBe(0);
    await authority.lifts(order);
  });

  step("a reviewer opens a case, asks, and carries it on", async () => {
    await admin.goto("/review");
    const open = admin.button(admin.w(() => review.openCase));
    await admin.withFactor(async () => undefined, open);
    await open.click();
    await admin.field(admin.w(() => review.number)).fill("网审〔2026〕17号");
    await admin.field(admin.w(() => review.authorityZh)).fill("网络安全审查办公室");
    await admin.field(admin.w(() => review.authorityEn)).fill("Cybersecurity Review Office");
    await admin.field(admin.w(() => review.about)).fill("巡鹿出行");
    await open.click();
    await admin.heading("巡鹿出行");
    await admin.press(admin.w(() => review.deed("ask_material")));
    await admin.field(admin.w(() => review.fileTitle)).fill("数据出境清单");
    await admin.page.locator("main form button[type=submit]").click();
    await admin.sees(admin.w(() => review.missing));
    await judge(admin, "case");
    await admin.goto("/review");
    await admin.sees("网审〔2026〕17号");
    await judge(admin, "cases");
    await admin.goto("/review/examples");
    await admin.page.locator("main h1").waitFor();
    await admin.page.locator(".skel").first().waitFor({ state: "detached" });
    await judge(admin, "examples");
  });

  test("no page has a serious violation or an error of its own", () => {
    expect(wrong).toEqual([]);
  });
});
