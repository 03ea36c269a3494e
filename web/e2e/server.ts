// A real server on a directory and port of its own, with its demo world; its token and its outbox.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BINARY =
  process.env.SARAI_BIN ?? new URL("../../target/debug/sarai", import.meta.url).pathname;
const START_MS = 180_000;

export interface Server {
  origin: string;
  /** The first administrator's one-use token, as the terminal printed it. */
  token: string;
  stop: () => Promise<void>;
  /** The newest code that went to this address. */
  code: (to: string, after: number) => Promise<string>;
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const s = createServer();
    s.once("error", fail);
    s.listen(0, "127.0.0.1", () => {
      const at = s.address();
      s.close(() => (at && typeof at === "object" ? done(at.port) : fail(new Error("no port"))));
    });
  });
}

export async function startServer(): Promise<Server> {
  if (!existsSync(BINARY))
    throw new Error(`build the server first: cargo build -p sarai (${BINARY})`);
  const dir = mkdtempSync(join(tmpdir(), "sarai-e2e-"));
  const config = join(dir, "sarai.toml");
  // A payout account can be used at once, so that a payout can be seen through.
  writeFileSync(config, "payout_account_wait_hours = 0\n");
  const [port, admin] = [await freePort(), await freePort()];
  const child = spawn(
    BINARY,
    [
      "serve",
      "--demo",
      "--listen",
      `127.0.0.1:${port}`,
      "--admin-listen",
      `127.0.0.1:${admin}`,
      "--data",
      join(dir, "data"),
      "--config",
      config,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  child.stdout.on("data", (b: Buffer) => {
    said += b.toString();
  });
  child.stderr.on("data", (b: Buffer) => {
    said += b.toString();
    if (process.env.E2E_LOG) process.stderr.write(b);
  });
  const origin = `http://127.0.0.1:${port}`;
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`the server ended:\n${said}`);
      return (await fetch(`${origin}/v1/meta`).catch(() => null))?.ok ?? false;
    },
    START_MS,
    () => `the server does not answer:\n${said}`,
  );
  await until(
    async () => tokenIn(said) !== "",
    10_000,
    () => `no token printed:\n${said}`,
  );
  return {
    origin,
    token: tokenIn(said),
    stop: () => stop(child, dir),
    code: (to, after) => code(origin, to, after),
  };
}

/** The line after the sentence about the first administrator. */
function tokenIn(said: string): string {
  const lines = said.split("\n");
  const at = lines.findIndex((l) => l.includes("/op/first"));
  return at < 0 ? "" : (lines[at + 1] ?? "").trim();
}

async function stop(child: ChildProcess, dir: string): Promise<void> {
  if (child.exitCode === null) {
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), 8000);
    await gone;
    clearTimeout(force);
  }
  rmSync(dir, { recursive: true, force: true });
}

interface Letter {
  at: string;
  to: string;
  code: string | null;
}
async function code(origin: string, to: string, after: number): Promise<string> {
  let found = "";
  await until(
    async () => {
      const res = await fetch(`${origin}/v1/ops/outbox?limit=20`);
      const list = (await res.json()) as { items: Letter[] };
      const mine = list.items.find(
        (x) => x.to.endsWith(to) && x.code && Date.parse(x.at) >= after - 2000,
      );
      found = mine?.code ?? "";
      return found !== "";
    },
    20_000,
    () => `no code came to ${to}`,
  );
  return found;
}

/** Asks again and again until it holds; the reason is said when it never does. */
export async function until(
  holds: () => Promise<boolean>,
  ms: number,
  why: () => string,
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(why());
    await new Promise((done) => setTimeout(done, 100));
  }
}
