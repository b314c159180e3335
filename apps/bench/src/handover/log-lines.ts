/** The lines of members' and producers' logs: written before the process goes on, so that they survive its SIGKILL. */
import { openSync, writeSync } from 'node:fs';
import { now } from './clock.ts';

/** Times are in milliseconds of the common clock. */
export type MemberEvent =
  /** Partitions that the client says it has been given. */
  | { readonly kind: 'assigned'; readonly at: number; readonly partitions: readonly number[] }
  | {
      readonly kind: 'began' | 'finished';
      readonly at: number;
      readonly partition: number;
      readonly offset: number;
    };

/** Records that the leader and its replicas have, from `offset` on. */
export interface Ack {
  readonly at: number;
  readonly partition: number;
  readonly offset: number;
  readonly count: number;
}

/** Appends lines to a file, without a buffer. */
export class LogWriter {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  assigned(partitions: readonly number[]): void {
    this.#write(`a ${now()} ${partitions.join(',')}`);
  }

  began(partition: number, offset: number | string): void {
    this.#write(`b ${now()} ${partition} ${offset}`);
  }

  finished(partition: number, offset: number | string): void {
    this.#write(`f ${now()} ${partition} ${offset}`);
  }

  acked(partition: number, offset: number | string, count: number): void {
    this.#write(`p ${now()} ${partition} ${offset} ${count}`);
  }

  /** For people. */
  note(text: string): void {
    this.#write(`# ${now()} ${text.replaceAll('\n', ' ')}`);
  }

  #write(line: string): void {
    writeSync(this.#file, `${line}\n`);
  }
}

/** Undefined for what is not an event of a member. */
export function memberEvent(line: string): MemberEvent | undefined {
  const [kind, at, first = '', offset] = line.split(' ');
  if (kind === 'a') {
    const partitions = first === '' ? [] : first.split(',').map(Number);
    return { kind: 'assigned', at: Number(at), partitions };
  }
  if (kind !== 'b' && kind !== 'f') return undefined;
  const name = kind === 'b' ? 'began' : 'finished';
  return { kind: name, at: Number(at), partition: Number(first), offset: Number(offset) };
}

/** Undefined for what is not an acknowledgement. */
export function ack(line: string): Ack | undefined {
  const [kind, ...figures] = line.split(' ');
  if (kind !== 'p') return undefined;
  const [at = 0, partition = 0, offset = 0, count = 0] = figures.map(Number);
  return { at, partition, offset, count };
}
