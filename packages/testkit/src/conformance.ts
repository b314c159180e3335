/** How a suite declares its tests: one for each law, with any runner, each on a fresh subject and in bounded time. */

/** What a runner has: vitest, jest and node:test fit. */
export interface ConformanceRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}

/** A property that every implementation of a contract has to have. */
export interface ContractLaw<Subject> {
  /** Short and stable; the title of its test begins with it. */
  readonly name: string;
  readonly says: string;
  readonly check: (subject: Subject) => void | Promise<void>;
}

/** A law that hangs is a law that is broken. */
const LONGEST_MS = 20_000;

/** @param open makes what one law is tried on */
export function declareLaws<Subject>(
  { describe, it }: ConformanceRunner,
  title: string,
  laws: readonly ContractLaw<Subject>[],
  open: () => Subject | Promise<Subject>,
): void {
  describe(title, () => {
    for (const law of laws) it(`${law.name}: ${law.says}`, () => tryLaw(title, law, open));
  });
}

async function tryLaw<Subject>(
  title: string,
  law: ContractLaw<Subject>,
  open: () => Subject | Promise<Subject>,
): Promise<void> {
  let bound: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    bound = setTimeout(() => reject(new Error(`not over within ${LONGEST_MS} ms`)), LONGEST_MS);
  });
  try {
    await Promise.race([Promise.resolve(open()).then(law.check), tooLong]);
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${title}: the law of "${law.name}" is broken: ${law.says}\n${what}`, { cause });
  } finally {
    clearTimeout(bound);
  }
}
