/** Shows one exhibit: plays seeds on the product with the bug until a rule that should catch it does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildPlayer } from './build-player.ts';
import type { Exhibit } from './exhibit.ts';
import type { Played } from './player.ts';
import { isRule, type Rule } from './rules.ts';

export interface Finding {
  readonly seed: number;
  /** Null when what went wrong is none of the rules: another error, a crash, a hang. */
  readonly rule: Rule | null;
  readonly message: string;
}

export interface Shown {
  readonly found: Finding | null;
  /** What broke before, by rules that are not expected to. */
  readonly others: readonly Finding[];
  readonly seconds: number;
}

/** Milliseconds of real time for one seed; in virtual time minutes pass in a tenth of a second. */
const SEED_LIMIT_MS = 60_000;

/** @param exhibit null for the product as it is: then the first failure counts */
export async function show(exhibit: Exhibit | null, seeds: number): Promise<Shown> {
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'kohort-museum-'));
  try {
    const bundle = join(folder, 'player.mjs');
    await buildPlayer(exhibit, bundle);
    const others: Finding[] = [];
    let found: Finding | null = null;
    for await (const finding of failures(bundle, seeds)) {
      if (exhibit === null || (finding.rule !== null && exhibit.rules.includes(finding.rule))) {
        found = finding;
        break;
      }
      others.push(finding);
    }
    return { found, others, seconds: (performance.now() - began) / 1_000 };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** All failures up to the last seed, or the end of the process. */
async function* failures(bundle: string, seeds: number): AsyncGenerator<Finding> {
  const child = spawn(process.execPath, ['--no-warnings', bundle, '1', String(seeds)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const watch = new Watch(child);
  let last = 0;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      watch.restart();
      const { seed, failure } = JSON.parse(line) as Played;
      last = seed;
      if (failure === null) continue;
      const { rule, message } = failure;
      yield { seed, rule: isRule(rule) ? rule : null, message };
    }
    if (last < seeds) yield { seed: last + 1, rule: null, message: await watch.lastWords() };
  } finally {
    watch.end();
  }
}

/** Bounds the time of a seed, and keeps what the process says when it dies. */
class Watch {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  #timer: NodeJS.Timeout;
  #errors = '';
  #hung = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#closed = new Promise((resolve) => child.once('close', () => resolve()));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = `${this.#errors}${text}`.slice(0, 4_000);
    });
    this.#timer = this.#arm();
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#arm();
  }

  async lastWords(): Promise<string> {
    await this.#closed;
    return this.#hung
      ? `the seed did not end within ${SEED_LIMIT_MS} ms`
      : `the process ended: ${this.#errors}`;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#child.kill('SIGKILL');
  }

  #arm(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#hung = true;
      this.#child.kill('SIGKILL');
    }, SEED_LIMIT_MS);
  }
}
