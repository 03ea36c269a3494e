// An authority: a key pair of its own, orders and liftings signed with it, as an office outside of the house would.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import type { Server } from "./server";

const ORDER = "sarai-directive-v1\n";
const LIFT = "sarai-directive-lift-v1\n";
const RAW_KEY_BYTES = 32;
const CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";

/** A directive's id: a UUID of version 7 in Crockford's base 32. */
function directiveId(now: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  let n = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  for (let i = 0; i < 26; i++) {
    text = CROCKFORD[Number(n & 31n)] + text;
    n >>= 5n;
  }
  return `drv_${text}`;
}

export class Authority {
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly #key: KeyObject;
  #sequence = 0;
  private constructor(
    private readonly server: Server,
    private readonly platform: string,
  ) {
    const pair = generateKeyPairSync("ed25519");
    const raw = pair.publicKey.export({ type: "spki", format: "der" }).subarray(-RAW_KEY_BYTES);
    this.#key = pair.privateKey;
    this.publicKey = raw.toString("base64url");
    this.fingerprint = createHash("sha256").update(raw).digest("hex").slice(0, 32);
  }

  static async of(server: Server): Promise<Authority> {
    const meta = (await (await fetch(`${server.origin}/v1/meta`)).json()) as { platform: string };
    return new Authority(server, meta.platform);
  }

  #paper(prefix: string, document: object): { document: string; signature: string } {
    const bytes = Buffer.from(JSON.stringify(document));
    const signature = sign(null, Buffer.concat([Buffer.from(prefix), bytes]), this.#key);
    return { document: bytes.toString("base64url"), signature: signature.toString("base64url") };
  }

  async #hand(path: string, paper: object): Promise<Response> {
    for (;;) {
      const answer = await fetch(this.server.origin + path, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "idempotency-key": randomBytes(12).toString("hex"),
        },
        body: JSON.stringify(paper),
      });
      if (answer.status !== 429) return answer;
      // An address may hand in only so many papers a minute.
      const wait = Number(answer.headers.get("retry-after") ?? 1);
      await new Promise((done) => setTimeout(done, wait * 1000));
    }
  }

  /** Signs an order and hands it in; answers its id. */
  async orders(effect: string, scope: object = {}): Promise<string> {
    const { id, paper } = this.order(effect, scope);
    const answer = await this.#hand("/v1/directives", paper);
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    return id;
  }
  order(effect: string, scope: object = {}) {
    this.#sequence += 1;
    const now = new Date();
    const id = directiveId(now.getTime());
    const paper = this.#paper(ORDER, {
      platform: this.platform,
      authority: this.fingerprint,
      id,
      number: `网审〔2026〕${this.#sequence}号`,
      sequence: this.#sequence,
      effect,
      scope,
      basis: ["CSR 16", "PIPL 66"],
      issued_at: now.toISOString(),
      not_before: now.toISOString(),
      expires: null,
    });
    return { id, paper };
  }
  /** An order whose words were changed after it was signed: the status that it is answered with. */
  async forges(): Promise<number> {
    const { paper } = this.order("suspend_service");
    const text = Buffer.from(paper.document, "base64url").toString().replace("CSR 16", "CSR 17");
    const forged = { ...paper, document: Buffer.from(text).toString("base64url") };
    return (await this.#hand("/v1/directives", forged)).status;
  }
  /** Ends an order. */
  async lifts(id: string): Promise<void> {
    this.#sequence += 1;
    const paper = this.#paper(LIFT, {
      platform: this.platform,
      authority: this.fingerprint,
      lifts: id,
      number: `网审〔2026〕${this.#sequence}号`,
      sequence: this.#sequence,
      issued_at: new Date().toISOString(),
    });
    const answer = await this.#hand(`/v1/directives/${id}/lift`, paper);
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  }
}
