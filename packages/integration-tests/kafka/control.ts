// Brokers handled from another process: a command on each line of standard input, an answer on standard output.

import { createInterface } from 'node:readline';
import type { KafkaBroker } from './broker.ts';

const ACTIONS = ['kill', 'stop', 'restart'] as const;

/** Resolves when standard input has ended. Commands run beside each other, so that brokers which need one another can start. */
export function obeyCommands(brokers: readonly KafkaBroker[]): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => void obey(brokers, line).then(answer));
  return new Promise((resolve) => lines.once('close', resolve));
}

type Answer = { readonly done: string } | { readonly failed: string; readonly reason: string };

async function obey(brokers: readonly KafkaBroker[], line: string): Promise<Answer> {
  const [word, id] = line.split(' ');
  const action = ACTIONS.find((known) => known === word);
  const broker = brokers.find((one) => String(one.id) === id);
  if (action === undefined || broker === undefined) {
    const ids = brokers.map((one) => one.id).join(', ');
    return { failed: line, reason: `not one of ${ACTIONS.join(', ')} and a node id of ${ids}` };
  }
  try {
    await broker[action]();
    return { done: line };
  } catch (error) {
    return { failed: line, reason: error instanceof Error ? error.message : String(error) };
  }
}

function answer(value: Answer): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
