/** Headers of one record, over what the transport decoded. */
import type { ConsumerHeaders } from '../contracts/consumer.ts';
import type { RecordHeader } from '../contracts/records.ts';
import { asBuffer } from './as-buffer.ts';

export class Headers implements ConsumerHeaders {
  readonly #headers: readonly RecordHeader[];

  constructor(headers: readonly RecordHeader[]) {
    this.#headers = headers;
  }

  get size(): number {
    return this.#headers.length;
  }

  get(name: string): Buffer | null | undefined {
    const header = this.#headers.findLast(([candidate]) => candidate === name);
    return header && asBuffer(header[1]);
  }

  getAll(name: string): (Buffer | null)[] {
    return this.#headers.flatMap(([candidate, value]) => (candidate === name ? [asBuffer(value)] : []));
  }

  *[Symbol.iterator](): Iterator<readonly [name: string, value: Buffer | null]> {
    for (const [name, value] of this.#headers) yield [name, asBuffer(value)];
  }
}
