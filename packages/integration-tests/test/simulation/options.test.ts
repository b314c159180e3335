/** The command line of `pnpm simulate`. */
import { describe, expect, it } from 'vitest';
import { parseOptions, UsageError } from '../../simulation/command/options.ts';

describe('pnpm simulate', () => {
  it.each([
    ['', { from: 1, seeds: 1_000, minutes: null, workers: 2, trace: null }],
    ['--seeds 20 --from 7', { from: 7, seeds: 20, minutes: null, workers: 2, trace: null }],
    ['--seed 4711 --trace t.txt', { from: 4_711, seeds: 1, minutes: null, workers: 1, trace: 't.txt' }],
    ['--minutes 0.5 --workers 8', { from: 1, seeds: null, minutes: 0.5, workers: 8, trace: null }],
    ['--help', null],
  ])('%s', (line, expected) => {
    expect(parseOptions(words(line), 2)).toEqual(expected);
  });

  it.each([
    ['--seeds many', '--seeds is "many"; accepted is a whole number from 1 to 2147483647.'],
    ['--seeds 0', '--seeds is "0"; accepted is a whole number from 1 to 2147483647.'],
    ['--seed=-3', '--seed is "-3"; accepted is a whole number from 0 to 2147483647.'],
    ['--minutes 0', '--minutes is "0"; accepted is a number above 0.'],
    ['--seed 1 --seeds 2', '--seed is for one seed: give it without --seeds, --from and --minutes.'],
    ['--seeds 1 --minutes 2', '--seeds and --minutes both say when to end: give one of them.'],
    [
      '--sedes 5',
      "Unknown option '--sedes'. Accepted are --seeds, --from, --seed, --minutes, --workers, --trace, --museum and --help.",
    ],
    ['extra', "Unexpected argument 'extra'. Accepted are"],
  ])('%s is refused', (line, problem) => {
    expect(() => parseOptions(words(line), 2)).toThrow(UsageError);
    expect(() => parseOptions(words(line), 2)).toThrow(problem);
  });
});

function words(line: string): string[] {
  return line.split(' ').filter((word) => word !== '');
}
