/** What the command line of `pnpm simulate --museum` says. */
import { parseArgs } from 'node:util';
import { MUSEUM_SEEDS, parsed, UsageError, whole } from '../simulation/command/options.ts';
import { EXHIBITS } from './all-exhibits.ts';
import type { Exhibit } from './exhibit.ts';

export interface MuseumOptions {
  readonly exhibits: readonly Exhibit[];
  /** Seeds that each bug may take, from 1. */
  readonly seeds: number;
}

/** @returns null for --help @throws UsageError which names what was given and what is accepted */
export function parseMuseumOptions(args: readonly string[]): MuseumOptions | null {
  const parse = () =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { museum: { type: 'boolean' }, seeds: { type: 'string' }, help: { type: 'boolean' } },
    });
  const { values, positionals } = parsed(parse, '--museum, --seeds, --help and names of exhibits');
  if (values.help === true) return null;
  return {
    exhibits: positionals.length === 0 ? EXHIBITS : positionals.map(exhibitNamed),
    seeds: whole('--seeds', values.seeds, 1) ?? MUSEUM_SEEDS,
  };
}

function exhibitNamed(id: string): Exhibit {
  const exhibit = EXHIBITS.find((one) => one.id === id);
  if (exhibit) return exhibit;
  throw new UsageError(
    `There is no exhibit "${id}"; accepted are ${EXHIBITS.map((one) => one.id).join(', ')}.`,
  );
}
