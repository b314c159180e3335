/** The rules that option values are checked by: a test, and words for what passes it. */
import { types } from 'node:util';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';

export interface OptionRule {
  /** Completes "accepted is". */
  readonly accepted: string;
  /** Also a value that fits may be refused with better words, by throwing. */
  fits(value: unknown): boolean;
}

/** One rule for each option that is known. */
export type OptionRules<Name extends string> = Readonly<Record<Name, OptionRule>>;

/** Longest time that a Node timer and a Kafka request field hold. */
export const LONGEST_MS = 2 ** 31 - 1;

/** @throws KohortError `KOHORT_CONFIG` which names the option, what was given and what is accepted */
export function refuse(option: string, given: unknown, accepted: string): never {
  refuseBecause(option, `is ${inWords(given)}`, accepted);
}

/** Like `refuse`, where the value alone does not say what is wrong. */
export function refuseBecause(option: string, problem: string, accepted: string): never {
  throw new KohortError(ErrorCode.config, `Option "${option}" ${problem}; accepted is ${accepted}.`);
}

/** A value in an error message. Objects are never spelled out: they may hold credentials. */
export function inWords(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
    case 'function':
      return 'a function';
    case 'bigint':
      return `${value}n`;
    case 'symbol':
      return 'a symbol';
    case 'object':
      return objectInWords(value);
    default:
      return Object.is(value, -0) ? '-0' : String(value);
  }
}

function objectInWords(value: object | null): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (types.isRegExp(value)) return `the pattern ${value}`;
  return types.isDate(value) ? 'a date' : 'an object';
}

/** A whole number of milliseconds. */
export function milliseconds(least = 1): OptionRule {
  return wholeNumber(least, LONGEST_MS, 'of milliseconds ');
}

export function wholeNumber(least: number, most = LONGEST_MS, unit = ''): OptionRule {
  return {
    accepted: `a whole number ${unit}from ${least} to ${most}`,
    fits: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  };
}

export function oneOf(...values: readonly string[]): OptionRule {
  const accepted = values.map((value) => `"${value}"`).join(' or ');
  return { accepted, fits: (value) => typeof value === 'string' && values.includes(value) };
}

/** Text that a Kafka request can carry. */
export function text(least: number): OptionRule {
  return {
    accepted: least === 0 ? 'a text of at most 32767 bytes' : `a text of ${least} to 32767 bytes`,
    fits: (value) => typeof value === 'string' && value.length >= least && Buffer.byteLength(value) <= 32767,
  };
}

export function aFunction(accepted: string): OptionRule {
  return { accepted, fits: (value) => typeof value === 'function' };
}

/** An object that has these methods. */
export function withMethods(accepted: string, ...methods: readonly string[]): OptionRule {
  return {
    accepted,
    fits: (value) => isObject(value) && methods.every((method) => typeof value[method] === 'function'),
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
