/** Reads the line that `printProblem` writes. */
import type { ClaimSpec, MemberSpec, ProblemSpec, TopicSpec } from './problem-spec.ts';

/** More partitions than any test needs, so that a typing error does not fill the memory. */
const MAX_PARTITIONS = 1_000_000;

/**
 * A problem out of its line, such as `t:3 u:2 | a{t,u} @4 owns=t:0..2+u:1 | b{u}`. Names that are not plain words stand
 * in double quotes, as in JSON.
 *
 * @throws SyntaxError that says where the line goes wrong
 */
export function parseProblem(text: string): ProblemSpec {
  const tokens = new Tokens(text);
  const topics: TopicSpec[] = [];
  while (!tokens.atEnd && !tokens.has('|')) topics.push(readTopic(tokens));
  const members: MemberSpec[] = [];
  while (tokens.take('|')) members.push(readMember(tokens));
  if (!tokens.atEnd) tokens.refuse('"|" and a member');
  return { topics, members };
}

function readTopic(tokens: Tokens): TopicSpec {
  const name = tokens.name();
  tokens.expect(':');
  const [partitions = 0] = tokens.integers(1);
  if (partitions < 0 || partitions > MAX_PARTITIONS) tokens.refuse(`a count from 0 to ${MAX_PARTITIONS}`);
  if (!tokens.take('[')) return { name, partitions };
  const racks = tokens.list(',', ']', () => tokens.rackSet());
  return { name, partitions, racks: Array.from({ length: partitions }, (_, p) => racks[p] ?? []) };
}

function readMember(tokens: Tokens): MemberSpec {
  const id = tokens.name();
  tokens.expect('{');
  const topics = tokens.has('}') ? [] : tokens.list(',', '', () => tokens.name());
  tokens.expect('}');
  let member: MemberSpec = { id, topics, generation: -1, owns: [] };
  while (!tokens.atEnd && !tokens.has('|')) member = { ...member, ...readWord(tokens) };
  return member;
}

function readWord(tokens: Tokens): Partial<MemberSpec> {
  if (tokens.take('@')) return { generation: tokens.integers(1)[0] ?? -1 };
  const key = tokens.name();
  tokens.expect('=');
  switch (key) {
    case 'owns':
      return { owns: tokens.list('+', '', () => readClaim(tokens)) };
    case 'rack':
      return { rack: tokens.name() };
    case 'instance':
      return { instance: tokens.name() };
    case 'data':
      return { data: tokens.hex() };
    default:
      return tokens.refuse('owns, rack, instance or data before "="');
  }
}

function readClaim(tokens: Tokens): ClaimSpec {
  const topic = tokens.name();
  tokens.expect(':');
  return { topic, partitions: tokens.integers(Number.POSITIVE_INFINITY) };
}

class Tokens {
  readonly #text: string;
  readonly #tokens: readonly { readonly word: string; readonly at: number }[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    const pattern = /"(?:[^"\\]|\\.)*"|[:{},|@=+/[\]]|[^\s:{},|@=+/[\]"]+|"/g;
    this.#tokens = Array.from(text.matchAll(pattern), (found) => ({ word: found[0], at: found.index }));
  }

  get atEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  has(word: string): boolean {
    return this.#tokens[this.#next]?.word === word;
  }

  take(word: string): boolean {
    if (!this.has(word)) return false;
    this.#next++;
    return true;
  }

  expect(word: string): void {
    if (!this.take(word)) this.refuse(`"${word}"`);
  }

  name(): string {
    const word = this.#word('a name');
    if (!word.startsWith('"')) return word;
    try {
      return JSON.parse(word);
    } catch {
      this.#next--;
      return this.refuse('a name in double quotes');
    }
  }

  hex(): string {
    const word = this.#word('hexadecimal digits');
    if (/^([0-9a-f]{2})+$/.test(word)) return word;
    this.#next--;
    return this.refuse('pairs of hexadecimal digits');
  }

  /** Racks with slashes between them; none at all is an empty set. */
  rackSet(): string[] {
    if (this.has(',') || this.has(']')) return [];
    return this.list('/', '', () => this.name());
  }

  integers(atMost: number): number[] {
    const numbers: number[] = [];
    do {
      const [, first, last] = /^(-?\d+)(?:\.\.(-?\d+))?$/.exec(this.#word('a number')) ?? [];
      const from = Number(first);
      const to = Number(last ?? first);
      if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || to - from > MAX_PARTITIONS) {
        this.#next--;
        this.refuse('a number');
      }
      for (let number = from; number <= to; number++) numbers.push(number);
    } while (numbers.length < atMost && this.take(','));
    return numbers;
  }

  /** At least one element; `end` is taken, too, unless it is empty. */
  list<T>(separator: string, end: string, element: () => T): T[] {
    const elements = [element()];
    while (this.take(separator)) elements.push(element());
    if (end !== '') this.expect(end);
    return elements;
  }

  #word(what: string): string {
    const word = this.#tokens[this.#next]?.word;
    if (word === undefined || /^[:{},|@=+/[\]]$/.test(word)) return this.refuse(what);
    this.#next++;
    return word;
  }

  refuse(expected: string): never {
    const at = this.#tokens[this.#next]?.at ?? this.#text.length;
    throw new SyntaxError(
      `expected ${expected} at position ${at} of the problem, where it says ${JSON.stringify(this.#text.slice(at, at + 20))}`,
    );
  }
}
