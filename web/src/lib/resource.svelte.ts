// One thing a page shows: loading, ready, or a problem. Keeps what it had while it asks again.
import type { Answer } from "./api";

export class Resource<T> {
  data = $state.raw<T | undefined>(undefined);
  etag = $state("");
  error = $state.raw<unknown>(undefined);
  busy = $state(false);
  at = $state.raw<Date | undefined>(undefined);
  #ask: (signal: AbortSignal) => Promise<Answer<T>>;
  #run: AbortController | undefined;

  constructor(ask: (signal: AbortSignal) => Promise<Answer<T>>) {
    this.#ask = ask;
  }
  async load(): Promise<void> {
    this.#run?.abort();
    const run = new AbortController();
    this.#run = run;
    this.busy = true;
    try {
      const got = await this.#ask(run.signal);
      if (run.signal.aborted) return;
      this.data = got.data;
      this.etag = got.etag ?? "";
      this.error = undefined;
      this.at = new Date();
    } catch (e) {
      if (!run.signal.aborted) this.error = e;
    } finally {
      if (this.#run === run) this.busy = false;
    }
  }
  stop(): void {
    this.#run?.abort();
  }
}
