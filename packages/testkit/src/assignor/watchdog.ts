/** Ends a call that does not return: a loop without end in an assignor must fail its test, not hang the run. */
import { createContext, Script } from 'node:vm';

let called: () => unknown = () => undefined;
const context = createContext({ call: () => called() });
const script = new Script('call()');

/** What it throws when the time is up. */
export class CallTimeout extends Error {
  override readonly name = 'CallTimeout';
}

/**
 * Calls synchronously. The vm's timeout ends whatever runs below the script, functions of this realm included; it does
 * not reach what a promise runs later.
 *
 * @throws CallTimeout after `timeoutMs`, and whatever the function throws
 */
export function callWithin<T>(timeoutMs: number, run: () => T): T {
  const outcome: { value?: { readonly result: T } } = {};
  called = () => {
    outcome.value = { result: run() };
  };
  try {
    script.runInContext(context, { timeout: timeoutMs });
  } catch (error) {
    if (isTimeout(error)) throw new CallTimeout(`the call did not return within ${timeoutMs} ms`);
    throw error;
  }
  if (outcome.value === undefined) throw new CallTimeout('the call did not return');
  return outcome.value.result;
}

function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
