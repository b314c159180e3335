/** The command line of `pnpm simulate --museum`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXHIBITS } from '../../museum/all-exhibits.ts';
import { parseMuseumOptions } from '../../museum/options.ts';
import { MUSEUM_SEEDS, UsageError } from '../../simulation/command/options.ts';

const SCRIPT = fileURLToPath(new URL('../../../../scripts/simulate.mjs', import.meta.url));

describe('pnpm simulate --museum', () => {
  it('takes every exhibit when none is named', () => {
    expect(parseMuseumOptions(['--museum'])).toEqual({ exhibits: EXHIBITS, seeds: MUSEUM_SEEDS });
  });

  it('takes the named ones, in their order, wherever the flags are', () => {
    const options = parseMuseumOptions(['no-drain', '--museum', '--seeds', '7', 'turn-lost']);
    expect(options?.exhibits.map(({ id }) => id)).toEqual(['no-drain', 'turn-lost']);
    expect(options?.seeds).toBe(7);
  });

  it('--help', () => {
    expect(parseMuseumOptions(['--museum', '--help'])).toBeNull();
  });

  it.each([
    [['--seeds', 'many'], '--seeds is "many"; accepted is a whole number from 1 to 2147483647.'],
    [
      ['--workers', '2'],
      "Unknown option '--workers'. Accepted are --museum, --seeds, --help and names of exhibits.",
    ],
    [['no-such-bug'], `There is no exhibit "no-such-bug"; accepted are ${EXHIBITS[0]?.id}, `],
  ])('%j is refused', (args, problem) => {
    expect(() => parseMuseumOptions(['--museum', ...args])).toThrow(UsageError);
    expect(() => parseMuseumOptions(['--museum', ...args])).toThrow(problem);
  });

  it('ends with 2 and one line when it is refused', { timeout: 60_000 }, () => {
    const args = [SCRIPT, '--museum', '--seeds', '0'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: '--seeds is "0"; accepted is a whole number from 1 to 2147483647.\n',
    });
  });
});
