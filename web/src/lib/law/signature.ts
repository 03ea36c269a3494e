// Checking the signature of an order in the browser: nothing but the key, the document and the signature is needed.

/** What stands before the signed bytes of an order. */
export const PREFIX = "sarai-directive-v1\n";

export type Verdict = "good" | "other_key" | "bad" | "malformed" | "cannot";

/** Bytes of base64url, with or without padding; `null` where it is none. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  const plain = text.trim().replace(/=+$/, "");
  if (!/^[A-Za-z0-9_-]*$/.test(plain)) return null;
  try {
    const binary = atob(plain.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (c) => c.charCodeAt(0));
  } catch {
    return null;
  }
}
/** The exact bytes that were signed. */
export function signedBytes(document: string): Uint8Array<ArrayBuffer> | null {
  const body = bytesOf(document);
  if (!body) return null;
  const head = new TextEncoder().encode(PREFIX);
  const all = new Uint8Array(head.length + body.length);
  all.set(head);
  all.set(body, head.length);
  return all;
}
/** The first 128 bits of SHA-256 over the key, in hexadecimal: what officers and authorities read to each other. */
export async function fingerprint(key: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", key));
  return [...hash.slice(0, 16)].map((b) => b.toString(16).padStart(2, "0")).join("");
}
/** In groups of four, for reading aloud. */
export function grouped(hex: string): string {
  return (hex.match(/.{1,4}/g) ?? []).join(" ");
}
export async function check(
  order: { document: string; signature: string; key: string },
  publicKey: string,
): Promise<Verdict> {
  const key = bytesOf(publicKey);
  if (key?.length !== 32) return "malformed";
  if ((await fingerprint(key)) !== order.key) return "other_key";
  const [message, signature] = [signedBytes(order.document), bytesOf(order.signature)];
  if (!message || signature?.length !== 64) return "bad";
  let known: CryptoKey;
  try {
    known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return "cannot";
  }
  return (await crypto.subtle.verify("Ed25519", known, signature, message)) ? "good" : "bad";
}
/** The document as text, for reading. */
export function textOf(document: string): string {
  const body = bytesOf(document);
  return body ? new TextDecoder().decode(body) : "";
}
