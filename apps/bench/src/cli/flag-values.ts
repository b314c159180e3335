/** Reads the values of flags; whatever is wrong with one is a `UsageError` that names the flag. */
import type { BrokerChoice } from '../brokers/start-broker.ts';
import { UsageError } from './usage-error.ts';

/** A whole number between two bounds, both inclusive. `1_000_000` and `1000000` are the same. */
export function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const digits = text.replaceAll('_', '');
  const number = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(number >= min && number <= max)) {
    throw new UsageError(`${flag} must be a whole number from ${min} to ${max}, not '${text}'`);
  }
  return number;
}

/** Words separated by commas: at least one, none twice. */
export function wordList(flag: string, text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.includes('')) throw new UsageError(`${flag} needs values separated by commas, not '${text}'`);
  const twice = words.find((word, i) => words.indexOf(word) !== i);
  if (twice !== undefined) throw new UsageError(`${flag} names '${twice}' twice`);
  return words;
}

/** One of the words that are known. */
export function oneOf<const Word extends string>(flag: string, text: string, known: readonly Word[]): Word {
  const word = known.find((candidate) => candidate === text);
  if (word === undefined) throw new UsageError(`${flag} must be one of ${known.join(', ')}, not '${text}'`);
  return word;
}

/** A name that can be a file's. */
export function fileName(flag: string, text: string): string {
  if (!/^[a-z0-9][a-z0-9.-]{0,63}$/.test(text)) {
    throw new UsageError(`${flag} must be lower-case letters, digits, '.' and '-', not '${text}'`);
  }
  return text;
}

/** Addresses, or which kind of broker to start. */
export function brokerChoice(flag: string, text: string): BrokerChoice {
  if (text === 'auto' || text === 'kafka' || text === 'embedded') return text;
  const addresses = wordList(flag, text);
  const wrong = addresses.find((address) => !/^[^\s:]+:\d{1,5}$/.test(address));
  if (wrong !== undefined) throw new UsageError(`${flag} needs host:port, kafka or embedded, not '${wrong}'`);
  return addresses;
}
