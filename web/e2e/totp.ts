// RFC 6238 with node's own crypto: SHA-1, six digits, thirty seconds.
import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function bytes(base32: string): Buffer {
  let bits = "";
  for (const c of base32.replace(/[\s=]/g, "").toUpperCase())
    bits += ALPHABET.indexOf(c).toString(2).padStart(5, "0");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => Number.parseInt(b, 2)));
}

/** An authenticator that never shows the same code twice: it takes the next step where this one was used. */
export class Authenticator {
  #key: Buffer;
  #used = 0;
  constructor(secret: string) {
    this.#key = bytes(secret);
  }
  /** How long to wait until the next unused step is at most one ahead of the clock. */
  async code(): Promise<string> {
    for (;;) {
      const now = Math.floor(Date.now() / 30_000);
      const step = Math.max(now, this.#used + 1);
      if (step <= now + 1) {
        this.#used = step;
        return this.#at(step);
      }
      await new Promise((done) => setTimeout(done, 500));
    }
  }
  #at(step: number): string {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const h = createHmac("sha1", this.#key).update(counter).digest();
    const o = (h[19] ?? 0) & 15;
    return String((h.readUInt32BE(o) & 0x7fffffff) % 1_000_000).padStart(6, "0");
  }
}
