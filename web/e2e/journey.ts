// The whole freight journey, by three people and two operators, at one size. Each step stands on the one before.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { s as c } from "../src/strings/common";
import { s as f } from "../src/strings/freight";
import { s as me } from "../src/strings/me";
import { s as money } from "../src/strings/money";
import { s as data } from "../src/strings/mydata";
import { s as op } from "../src/strings/op";
import { s as sh } from "../src/strings/shipper";
import { type Lang, launch, Person, type Size } from "./people";
import { type Server, startServer } from "./server";

const WUXI = { latitude: 31.5689, longitude: 120.2886 };
const FAR = new Date(Date.now() + 900 * 86_400_000).toISOString().slice(0, 10);
/** The next half hour in Shanghai, as the form counts it. */
function soon(): { day: number; from: string } {
  const t = new Date(Date.now() + 8 * 3_600_000 + 30 * 60_000);
  const day = t.getUTCDate() === new Date(Date.now() + 8 * 3_600_000).getUTCDate() ? 0 : 1;
  const m = t.getUTCMinutes() < 30 ? "00" : "30";
  return { day, from: `${String(t.getUTCHours()).padStart(2, "0")}:${m}` };
}

export function journey(size: Size, langs: { shipper: Lang; trucker: Lang; staff: Lang }): void {
  describe(`the freight journey, ${size}`, () => {
    let server: Server;
    let plain: Browser;
    let drawn: Browser;
    let newcomer: Person;
    let shipper: Person;
    let trucker: Person;
    let admin: Person;
    let clerk: Person;
    const wrong: string[] = [];
    let load = "";
    let order = "";
    let failed = false;
    /** A step; those after a failed one say only that. */
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
      plain = await launch(false);
      drawn = await launch(true);
      newcomer = await Person.open(server, drawn, size, langs.shipper === "en" ? "zh-Hans" : "en");
      shipper = await Person.open(server, plain, size, langs.shipper, "+8613955500001");
      trucker = await Person.open(server, plain, size, langs.trucker, "+8613955500002");
      admin = await Person.open(server, plain, size, langs.staff, "+8613955500003");
      clerk = await Person.open(server, plain, size, langs.staff, "+8613955500004");
    });
    afterAll(async () => {
      for (const p of [shipper, trucker, admin, clerk, newcomer])
        if (failed && p) await p.shot(`failed-${p.phone || "newcomer"}`).catch(() => undefined);
      await plain?.close();
      await drawn?.close();
      await server?.stop();
    });

    step("a newcomer sees a live board of loads between real cities", async () => {
      await newcomer.goto("/");
      await newcomer.heading(newcomer.w(() => f.frontTitle));
      const cards = newcomer.page.locator("article.load");
      await cards.nth(4).waitFor();
      expect(await cards.count()).toBeGreaterThan(4);
      await judge(newcomer, "front");
    });

    step(
      "people sign in; the first administrator comes by the token of the terminal and sets up a second factor",
      async () => {
        await admin.signIn(null);
        await clerk.signIn(null);
        await shipper.signIn("shipper");
        await trucker.signIn("trucker");
        await admin.goto("/op/first");
        await admin.field(admin.w(() => op.token)).fill("sarai-not-the-token");
        await admin.press(admin.w(() => op.become));
        await admin.page.locator(".problem").waitFor();
        await admin.field(admin.w(() => op.token)).fill(server.token);
        await admin.press(admin.w(() => op.become));
        await admin.heading(admin.w(() => op.secondTitle));
        await judge(admin, "op-first");
        await admin.press(admin.w(() => op.setUp));
        // Two codes within a minute are not sent, so both wait at once.
        const other = async (): Promise<void> => {
          await clerk.goto("/me/security");
          await clerk.press(clerk.w(() => me.turnOn));
          await clerk.enrol();
        };
        await Promise.all([admin.enrol(), other()]);
        await admin.page.getByRole("link", { name: admin.w(() => op.toDesk) }).click();
        await admin.heading(admin.w(() => op.desk));
      },
    );

    step("a second person, with a factor of her own, becomes staff", async () => {
      await admin.goto("/op/staff");
      const invite = admin.button(admin.w(() => op.invite));
      await admin.withFactor(async () => undefined, invite);
      // The administrator also looks after money: the two of them are the four eyes.
      await admin.press(admin.w(() => op.change));
      await admin
        .button(
          admin.w(() => op.role("op.money")),
          admin.sheet,
        )
        .click();
      await admin
        .button(
          admin.w(() => op.save),
          admin.sheet,
        )
        .click();
      await admin.sees(admin.w(() => op.done));
      await invite.click();
      await admin
        .field(
          admin.w(() => op.address),
          admin.sheet,
        )
        .fill(clerk.phone);
      for (const r of ["op.verify", "op.money", "op.support"])
        await admin
          .button(
            admin.w(() => op.role(r)),
            admin.sheet,
          )
          .click();
      await admin
        .button(
          admin.w(() => op.invite),
          admin.sheet,
        )
        .click();
      await admin.sees(admin.w(() => op.invited));
      await judge(admin, "op-staff");
      // A new role ends the sessions of before.
      await clerk.signIn(null);
      await clerk.goto("/op");
      await clerk.heading(clerk.w(() => op.desk));
    });

    /** The clerk checks what waits: takes the case, looks, approves. */
    async function approveAll(most: number): Promise<void> {
      await clerk.goto("/op/verifications");
      const claim = clerk.button(clerk.w(() => op.claim));
      const none = clerk.page.getByText(clerk.w(() => op.verifyNone));
      for (let i = 0; i < most; i++) {
        await clerk.withFactor(async () => undefined, claim.or(none));
        await claim.click();
        const approve = clerk.page.getByRole("button", { name: clerk.w(() => op.approve) });
        await clerk.withFactor(async () => undefined, approve);
        if (i === 0) {
          await clerk.page.locator(".pics img").first().waitFor();
          await judge(clerk, "op-verify");
        }
        await approve.click();
        await approve.waitFor({ state: "detached" });
      }
    }

    step("a shipper hands in her papers and is checked", async () => {
      await shipper.handIn("person", {
        [shipper.w(() => me.name)]: "陈晓",
        [shipper.w(() => me.idNumber)]: "320211198802140022",
      });
      await judge(shipper, "papers");
      await approveAll(1);
      await shipper.goto("/me/papers");
      await shipper.sees(shipper.w(() => me.allDone));
    });

    step("money comes in by four eyes: who asked does not approve", async () => {
      const party = await shipper.id();
      await admin.goto("/op/money");
      const manual = admin.button(admin.w(() => op.manual));
      await admin.withFactor(async () => undefined, manual);
      await manual.click();
      await admin
        .field(
          admin.w(() => op.party),
          admin.sheet,
        )
        .fill(party);
      await admin
        .field(
          admin.w(() => op.amount),
          admin.sheet,
        )
        .fill("20000");
      await admin
        .field(
          admin.w(() => op.why),
          admin.sheet,
        )
        .fill("Bank transfer of today");
      await admin
        .button(
          admin.w(() => op.manualDo("¥20,000")),
          admin.sheet,
        )
        .click();
      await admin.sees(admin.w(() => op.fourEyes));
      expect(await admin.button(admin.w(() => op.approveMoney("¥20,000"))).count()).toBe(0);
      await clerk.goto("/op/money");
      const approve = clerk.button(clerk.w(() => op.approveMoney("¥20,000")));
      await clerk.withFactor(async () => undefined, approve);
      await judge(clerk, "op-money");
      await approve.click();
      await clerk
        .field(
          clerk.w(() => op.why),
          clerk.sheet,
        )
        .fill("Seen on the account");
      await clerk
        .button(
          clerk.w(() => op.approveMoney("¥20,000")),
          clerk.sheet,
        )
        .click();
      await clerk.sees(clerk.w(() => op.done));
      await shipper.goto("/money");
      await shipper.sees("20,000");
      await judge(shipper, "money");
    });

    step("she posts a load, and a newcomer sees it come", async () => {
      await shipper.goto("/freight/new");
      const p = shipper.page;
      const stops = [
        p.getByRole("region", { name: shipper.w(() => sh.pickupN("")).trim(), exact: true }),
        p.getByRole("region", { name: shipper.w(() => sh.dropN("")).trim(), exact: true }),
      ];
      const { day, from } = soon();
      const who = [
        {
          city: "Wuxi",
          street: "Qianqiao Industrial Rd 88, Dock 2",
          name: "Chen",
          phone: "13955511111",
        },
        { city: "Jinan", street: "Gongye North Rd, Gate 3", name: "Li", phone: "13955522222" },
      ];
      for (const [i, x] of who.entries()) {
        const at = stops[i];
        if (!at) throw new Error("two stops");
        await at.getByRole("combobox", { name: shipper.w(() => sh.place) }).fill(x.city);
        await at.getByRole("listbox").getByRole("option").first().click();
        await shipper
          .field(
            shipper.w(() => sh.address),
            at,
          )
          .fill(x.street);
        await shipper
          .field(
            shipper.w(() => sh.contactName),
            at,
          )
          .fill(x.name);
        await shipper
          .field(
            shipper.w(() => sh.contactPhone),
            at,
          )
          .fill(x.phone);
        await at.getByLabel(shipper.w(() => sh.day)).selectOption(String(i === 0 ? day : day + 1));
        if (i === 0) {
          await at
            .getByLabel(
              shipper.w(() => sh.timeFrom),
              { exact: true },
            )
            .selectOption(from);
          await at
            .getByLabel(
              shipper.w(() => sh.timeTo),
              { exact: true },
            )
            .selectOption(from === "23:30" ? "23:00" : "23:30");
        }
      }
      await shipper.field(shipper.w(() => sh.cargoName)).fill("Steel coil");
      await shipper.field(shipper.w(() => sh.tonnes)).fill("28");
      await shipper.button(shipper.w(() => f.body("flatbed"))).click();
      await shipper.field(shipper.w(() => sh.priceYuan)).fill("4400");
      await p
        .getByText(shipper.w(() => f.bandTitle))
        .first()
        .waitFor({ state: "attached" });
      await judge(shipper, "post");
      await shipper.press(shipper.w(() => sh.post("¥4,400")));
      await p.waitForURL(/\/freight\/mine\/load_/);
      load = new URL(p.url()).pathname.split("/").pop() ?? "";
      await newcomer.page
        .locator(`a[href="/freight/loads/${load}"]`)
        .or(newcomer.page.getByRole("button", { name: /[0-9]+ (new|条新货)/ }))
        .first()
        .waitFor();
      await shipper.goto("/freight/mine");
      await shipper.sees("¥4,400");
    });

    step("a trucker hands in three papers and is checked", async () => {
      await trucker.handIn("person", {
        [trucker.w(() => me.name)]: "王强",
        [trucker.w(() => me.idNumber)]: "370102198503071234",
      });
      await trucker.handIn("licence", {
        [trucker.w(() => me.licenceNumber)]: "370102198503071234",
        [trucker.w(() => me.expires)]: FAR,
      });
      await trucker.handIn("vehicle", {
        [trucker.w(() => me.plate)]: "鲁A83K61",
        [trucker.w(() => me.payload)]: "32",
        [trucker.w(() => me.vehicleExpires)]: FAR,
      });
      await approveAll(3);
      await trucker.goto("/me/papers");
      await trucker.sees(trucker.w(() => me.allDone));
      await trucker.goto("/money");
      await trucker.press(trucker.w(() => money.topUp));
      await trucker
        .field(
          trucker.w(() => money.amount),
          trucker.sheet,
        )
        .fill("500");
      await trucker
        .button(
          trucker.w(() => money.topUpDo("¥500")),
          trucker.sheet,
        )
        .click();
      await trucker.sees(trucker.w(() => money.cause("topup")));
    });

    step("he finds it near Wuxi and bargains", async () => {
      await trucker.goto("/freight");
      await trucker.page.locator("article.load").first().waitFor();
      await judge(trucker, "board");
      await trucker.goto(`/freight/loads/${load}`);
      await trucker.page
        .getByRole("button", { name: trucker.w(() => f.offer), exact: true })
        .filter({ visible: true })
        .first()
        .click();
      await trucker
        .field(
          trucker.w(() => f.yourPrice),
          trucker.sheet,
        )
        .fill("4600");
      await trucker
        .button(
          trucker.w(() => f.sendOffer("¥4,600")),
          trucker.sheet,
        )
        .click();
      await trucker.page
        .getByText(trucker.w(() => f.waitingAnswer))
        .filter({ visible: true })
        .first()
        .waitFor();
      await shipper.goto(`/freight/mine/${load}`);
      await shipper.page
        .getByRole("button", { name: shipper.w(() => sh.counter), exact: true })
        .filter({ visible: true })
        .first()
        .click();
      await shipper
        .field(
          shipper.w(() => f.yourPrice),
          shipper.sheet,
        )
        .fill("4500");
      await shipper
        .button(
          shipper.w(() => sh.counterTo("¥4,500")),
          shipper.sheet,
        )
        .click();
      await shipper.page.getByText("¥4,500").filter({ visible: true }).first().waitFor();
      await judge(shipper, "load-mine");
      const accept = trucker.page
        .getByRole("button", { name: trucker.w(() => f.accept("¥4,500")), exact: true })
        .filter({ visible: true })
        .first();
      await accept.waitFor();
      await judge(trucker, "load");
      await accept.click();
      const run = trucker.page
        .getByRole("link", { name: trucker.w(() => f.seeRun) })
        .filter({ visible: true })
        .first();
      await run.waitFor();
      order = ((await run.getAttribute("href")) ?? "").split("/").pop() ?? "";
      expect(order).toMatch(/^ord_/);
      await trucker.goto("/money");
      await trucker.sees(trucker.w(() => money.cause("deposit_held")));
    });

    step(
      "he runs it: says who drives, arrives, loads with the code, leaves, arrives, delivers with the code",
      async () => {
        const t = trucker.page;
        await trucker.context.setGeolocation(WUXI);
        await trucker.goto(`/runs/${order}`);
        const assign = t.getByRole("button", { name: trucker.w(() => f.assign) });
        const there = t.getByRole("button", { name: trucker.w(() => f.arrived), exact: true });
        const already = t.getByRole("button", {
          name: trucker.w(() => f.alreadyThere),
          exact: true,
        });
        await assign.or(there).or(already).first().waitFor();
        if (await assign.isVisible()) await assign.click();
        await shipper.goto(`/freight/orders/${order}`);
        const digits = shipper.page.locator(".digits");
        await digits.first().waitFor();
        const [loading = "", receiving = ""] = await digits.allInnerTexts();
        await judge(shipper, "follow");
        await arrive(trucker);
        await serve(
          trucker,
          trucker.w(() => f.loadedDo),
          trucker.w(() => f.loadingCode),
          loading,
          trucker.w(() => f.loaded),
        );
        await trucker.press(trucker.w(() => f.left));
        await arrive(trucker);
        await judge(trucker, "run");
        await serve(
          trucker,
          trucker.w(() => f.deliver),
          trucker.w(() => f.receiverCode),
          receiving,
          trucker.w(() => f.signOff),
        );
        await trucker.heading(trucker.w(() => f.done));
      },
    );

    step("she signs off, he is paid, both rate", async () => {
      await shipper.goto(`/freight/orders/${order}`);
      const sign = shipper.button(shipper.w(() => sh.signOff("¥4,500")));
      await sign.waitFor();
      const rate = shipper.page.getByRole("link", { name: shipper.w(() => sh.rate) });
      if (size === "desk") {
        await sign.hover();
        await shipper.page.mouse.down();
        await rate.waitFor();
        await shipper.page.mouse.up();
      } else {
        await sign.focus();
        await shipper.page.keyboard.press("Enter");
        await shipper
          .button(
            shipper.w(() => c.confirm),
            shipper.sheet,
          )
          .click();
        await rate.waitFor();
      }
      await trucker.goto("/money");
      await trucker.sees(trucker.w(() => money.cause("freight_paid")));
      await trucker.sees(trucker.w(() => money.cause("deposit_returned")));
      await trucker.shot("paid");
      await rate.click();
      await shipper.page.getByRole("radio", { name: shipper.w(() => f.starsOf(5)) }).click();
      await shipper.press(shipper.w(() => f.sendRating));
      await shipper.sees(shipper.w(() => f.rated));
      await trucker.goto(`/rate/${order}`);
      await trucker.page.getByRole("radio", { name: trucker.w(() => f.starsOf(5)) }).click();
      await trucker.press(trucker.w(() => f.sendRating));
      await trucker.sees(trucker.w(() => f.rated));
    });

    step("he takes money out with an authenticator; a second person approves", async () => {
      await trucker.goto("/me/security");
      await trucker.press(trucker.w(() => me.turnOn));
      await trucker.enrol();
      await trucker.goto("/money");
      await trucker.press(trucker.w(() => money.payout));
      await trucker
        .field(
          trucker.w(() => money.holder),
          trucker.sheet,
        )
        .fill("王强");
      await trucker
        .field(
          trucker.w(() => money.number),
          trucker.sheet,
        )
        .fill("6222020200112233445");
      await trucker
        .field(
          trucker.w(() => money.bank),
          trucker.sheet,
        )
        .fill("ICBC");
      const add = trucker.button(
        trucker.w(() => money.addAccount),
        trucker.sheet,
      );
      const chosen = trucker.page.getByRole("button", { name: /ICBC/ });
      await trucker.withFactor(() => add.click(), chosen);
      await trucker
        .field(
          trucker.w(() => money.amount),
          trucker.sheet,
        )
        .fill("1000");
      await trucker.withFactor(
        () =>
          trucker
            .button(
              trucker.w(() => money.payoutDo("¥1,000")),
              trucker.sheet,
            )
            .click(),
        trucker.page.getByText(trucker.w(() => money.state("awaiting_approval"))),
      );
      await admin.goto("/op/money");
      const approve = admin.button(admin.w(() => op.approveMoney("¥1,000")));
      await admin.withFactor(async () => undefined, approve);
      await approve.click();
      await admin
        .field(
          admin.w(() => op.why),
          admin.sheet,
        )
        .fill("Sent");
      await admin
        .button(
          admin.w(() => op.approveMoney("¥1,000")),
          admin.sheet,
        )
        .click();
      await admin.sees(admin.w(() => op.balanced));
      await trucker.goto("/money");
      await trucker.sees(trucker.w(() => money.cause("payout")));
    });

    step("the operator sees the order's whole history", async () => {
      await clerk.goto("/op/orders");
      const row = clerk.page.locator(`a[href="/op/orders/${order}"]`);
      await clerk.withFactor(async () => undefined, row);
      await row.click();
      await clerk.heading(clerk.w(() => op.whole));
      await clerk.sees(clerk.w(() => op.event("order.completed")));
      await judge(clerk, "op-order");
    });

    step("my data says who opened what; download, consent, erasure", async () => {
      await trucker.goto("/my-data");
      await trucker.heading(trucker.w(() => data.title));
      await trucker.page.locator(".ev").first().waitFor();
      await judge(trucker, "my-data");
      await trucker.goto("/my-data?part=held");
      await trucker.page.locator(".group").first().waitFor();
      await judge(trucker, "my-data-held");
      await trucker.goto("/my-data?part=consents");
      const give = trucker.button(trucker.w(() => data.give)).first();
      const back = trucker.button(trucker.w(() => data.withdraw)).first();
      await give.or(back).first().waitFor();
      if (!(await back.isVisible())) await give.click();
      await back.click();
      await trucker.sees(trucker.w(() => data.withdrawnToast));
      await trucker.goto("/my-data?part=rights");
      const prepare = trucker.button(trucker.w(() => data.prepare));
      await prepare.waitFor();
      await trucker.withFactor(
        () => prepare.click(),
        trucker.page
          .getByRole("button", { name: trucker.w(() => data.getFile) })
          .or(trucker.page.getByText(trucker.w(() => data.preparing))),
      );
      await trucker.button(trucker.w(() => data.erase)).waitFor();
      await judge(trucker, "my-data-rights");
    });

    test("no page has a serious fault for those who cannot see or use a mouse, none scrolls sideways", () => {
      expect(wrong).toEqual([]);
    });
  });
}

/** At the gate: by position where the phone is near, else by a photo with the reason. */
async function arrive(p: Person): Promise<void> {
  const there = p.button(p.w(() => f.arrived)).or(p.button(p.w(() => f.alreadyThere)));
  await there.first().click();
  const photo = p.page.locator("dialog[open] input[type=file]");
  const next = p.button(p.w(() => f.loadedDo)).or(p.button(p.w(() => f.deliver)));
  await photo.or(next).first().waitFor({ state: "attached" });
  if (!(await photo.count())) {
    await next.first().waitFor();
    return;
  }
  await p.attach();
  await p
    .field(
      p.w(() => f.reason),
      p.sheet,
    )
    .fill("GPS is weak between the halls");
  await p
    .button(
      p.w(() => f.arrived),
      p.sheet,
    )
    .click();
  await next.first().waitFor();
}
async function serve(
  p: Person,
  open: string,
  label: string,
  code: string,
  send: string,
): Promise<void> {
  await p.button(open).first().click();
  await p.attach();
  await p.field(label, p.sheet).fill(code);
  await p.button(send, p.sheet).click();
  await p.page.locator("dialog[open]").waitFor({ state: "detached" });
}
