/**
 * What matters of jest here, without jest: a test file is a CommonJS script in a realm of its own, `describe` and `it` are
 * globals there, and both are strict. jest-circus refuses a suite that returns anything, a promise included, a
 * test that is declared when its suite has been collected, and a test that returns anything but a promise or undefined.
 */
import { createRequire } from 'node:module';
import { createContext, Script } from 'node:vm';
import { build } from 'esbuild';

/** Globals that jest-environment-node hands into the realm. */
const HANDED_IN = {
  Buffer,
  clearImmediate,
  clearTimeout,
  performance,
  process,
  queueMicrotask,
  setImmediate,
  setTimeout,
  structuredClone,
  AbortController,
  AbortSignal,
  DOMException,
  Event,
  EventTarget,
  TextDecoder,
  TextEncoder,
  URL,
};

/** What came of each test, by `suite > test`: a message where it failed. */
export async function runLikeJest(file: string): Promise<ReadonlyMap<string, string | null>> {
  const collected = collect(await bundled(file), file);
  const results = new Map<string, string | null>();
  for (const [name, body] of collected) results.set(name, await outcomeOf(body));
  return results;
}

async function bundled(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

function collect(code: string, file: string): Map<string, () => unknown> {
  const tests = new Map<string, () => unknown>();
  let suite: string | null = null;
  const globals = {
    ...HANDED_IN,
    module: { exports: {} },
    require: createRequire(file),
    describe(name: string, body: () => unknown): void {
      suite = name;
      const returned = body();
      suite = null;
      if (returned !== undefined) throw new Error('Returning a value from "describe" is not supported');
    },
    it(name: string, body: (() => unknown) & { readonly length: number }): void {
      if (suite === null) throw new Error('Tests must be declared while their suite is collected');
      if (typeof body !== 'function') throw new TypeError('The test must be a function');
      if (body.length > 0) throw new Error('A test with a parameter waits for its "done" callback');
      tests.set(`${suite} > ${name}`, body);
    },
  };
  new Script(code, { filename: file }).runInContext(createContext(globals));
  return tests;
}

async function outcomeOf(body: () => unknown): Promise<string | null> {
  try {
    const returned = body();
    const isPromise = typeof returned === 'object' && returned !== null && 'then' in returned;
    if (returned !== undefined && !isPromise) return 'a test may return a promise or undefined only';
    const value = await returned;
    return value === undefined ? null : 'the promise of a test has a value';
  } catch (error) {
    return typeof error === 'object' && error !== null && 'message' in error
      ? String(error.message)
      : String(error);
  }
}
