// What moves value asks for a fresh factor. `guarded` runs a deed; when the server wants one, the sheet of
// `ui/StepUp.svelte` asks for it, and the same deed goes on with the same key.
import { ProblemError } from "./api";

const CODES = new Set(["step_up_required", "second_factor_required"]);
/** `lacks`: only an authenticator will do, and this person has none yet. */
export const stepUp = $state<{ open: boolean; lacks: boolean }>({ open: false, lacks: false });
let settle: ((done: boolean) => void) | null = null;

export async function guarded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (e) {
    if (!(e instanceof ProblemError) || !CODES.has(e.code)) throw e;
    if (!(await ask(e.problem.enrolled === false))) throw e;
    return run();
  }
}
function ask(lacks: boolean): Promise<boolean> {
  settle?.(false);
  stepUp.lacks = lacks;
  stepUp.open = true;
  return new Promise((done) => {
    settle = done;
  });
}
export function answer(done: boolean): void {
  stepUp.open = false;
  settle?.(done);
  settle = null;
}
