/** The kinds of plugins that there are templates for. */

export interface Kind {
  readonly name: string;
  /** For whoever has to choose. */
  readonly says: string;
  readonly keyword: string;
  /** Packages that the source imports, beside `@kohort/core`. */
  readonly dependencies: readonly string[];
}

export const KINDS: readonly Kind[] = [
  { name: 'assignor', says: 'who gets which partition', keyword: 'partition-assignment', dependencies: [] },
  {
    name: 'transport',
    says: 'how brokers are reached',
    keyword: 'transport',
    dependencies: ['@kohort/protocol'],
  },
  {
    name: 'hooks',
    says: 'what becomes of events: metrics, logs',
    keyword: 'observability',
    dependencies: [],
  },
  { name: 'codec', says: 'how compressed batches are read', keyword: 'compression', dependencies: [] },
];

export function kindNamed(name: string): Kind | undefined {
  return KINDS.find((kind) => kind.name === name);
}

export const KIND_NAMES = KINDS.map(({ name }) => name).join(', ');
