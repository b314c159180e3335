/** The command line: what is taken, and one clear sentence for everything else. */
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../src/cli.ts';

function errorOf(...argv: string[]): string {
  const parsed = parseCommandLine(argv);
  return parsed.kind === 'error' ? parsed.message : `accepted: ${parsed.kind}`;
}

describe('accepted', () => {
  it('nothing at all', () => {
    expect(parseCommandLine([])).toEqual({
      kind: 'run',
      run: { brokers: null, durationMs: 17_000, seed: 1, output: 'live' },
    });
  });

  it('everything, with the separator that package managers hand on', () => {
    const argv = ['--', '--brokers', 'a:9092, b.example:9093', '--seed', '7', '--duration=30.5', '--plain'];
    expect(parseCommandLine(argv)).toEqual({
      kind: 'run',
      run: { brokers: ['a:9092', 'b.example:9093'], durationMs: 30_500, seed: 7, output: 'plain' },
    });
  });

  it('a longer run on a real cluster, where sessions last longer', () => {
    expect(parseCommandLine(['--brokers', 'a:1'])).toMatchObject({ run: { durationMs: 24_000 } });
  });

  it('quiet, which wins over plain', () => {
    expect(parseCommandLine(['--plain', '--quiet'])).toMatchObject({ run: { output: 'quiet' } });
  });

  it.each([['--help'], ['-h'], ['--help', '--seed', 'x']])('%s asks for help', (...argv) => {
    expect(parseCommandLine(argv)).toEqual({ kind: 'help' });
  });

  it('the bounds', () => {
    expect(parseCommandLine(['--duration', '5', '--seed', '0'])).toMatchObject({ kind: 'run' });
    expect(parseCommandLine(['--duration', '600', '--seed', '4294967295'])).toMatchObject({ kind: 'run' });
  });
});

describe('a page', () => {
  it('is served to this machine only, unless told otherwise', () => {
    expect(parseCommandLine(['--ui'])).toEqual({
      kind: 'ui',
      run: { brokers: null, seed: 1, host: '127.0.0.1', port: 8480 },
    });
  });

  it('takes brokers, a seed, an address and a port', () => {
    const argv = ['--ui', '--brokers', 'a:9092', '--seed', '7', '--host', '::', '--port', '0'];
    expect(parseCommandLine(argv)).toEqual({
      kind: 'ui',
      run: { brokers: ['a:9092'], seed: 7, host: '::', port: 0 },
    });
  });

  it.each(['65536', '-1', '80.5', 'http', '', '0x50'])('refuses the port %s', (port) => {
    expect(errorOf('--ui', `--port=${port}`)).toBe(
      `--port must be an integer from 0 to 65535, not '${port}'`,
    );
  });

  it.each(['', 'a b', 'http://a', 'a/b', '[::1]'])('refuses the host %s', (host) => {
    expect(errorOf('--ui', `--host=${host}`)).toBe(
      `--host must be a name or an address of this machine, not '${host}'`,
    );
  });

  it.each([
    [['--ui', '--duration', '20'], '--duration cannot be combined with --ui'],
    [['--ui', '--plain'], '--plain cannot be combined with --ui'],
    [['--ui', '--quiet'], '--quiet cannot be combined with --ui'],
    [['--port', '80'], '--port needs --ui'],
    [['--host', 'a'], '--host needs --ui'],
  ])('%s makes no sense', (argv, message) => {
    expect(errorOf(...argv)).toBe(message);
  });
});

describe('refused', () => {
  it.each(['-1', 'x', '1.5', '4294967296', '', '1e3', '0x10'])('seed %s', (seed) => {
    expect(errorOf(`--seed=${seed}`)).toBe(`--seed must be an integer from 0 to 4294967295, not '${seed}'`);
  });

  it.each(['4.9', '601', 'soon', '-5', '', 'Infinity'])('duration %s', (duration) => {
    expect(errorOf(`--duration=${duration}`)).toBe(
      `--duration must be a number from 5 to 600, not '${duration}'`,
    );
  });

  it('a duration in which a real cluster would not notice the crash', () => {
    expect(errorOf('--brokers', 'a:1', '--duration', '10')).toBe(
      "--duration (with --brokers) must be a number from 24 to 600, not '10'",
    );
  });

  it.each(['localhost', ':9092', 'a:0', 'a:65536', 'a:9092,', 'a b:1', 'kafka://a:9092', ''])(
    'brokers %s',
    (brokers) => {
      expect(errorOf(`--brokers=${brokers}`)).toBe(
        `--brokers must be host:port, or several with commas, not '${brokers}'`,
      );
    },
  );

  it.each([
    [['--nope'], "Unknown option '--nope'"],
    [['stray'], "Unexpected argument 'stray'"],
    [['--seed'], "Option '--seed <value>' argument missing"],
    [['--plain=1'], "Option '--plain' does not take an argument"],
  ])('%s', (argv, message) => {
    expect(errorOf(...argv)).toBe(message);
  });

  it('with one line only', () => {
    expect(errorOf('--seed', '-1').split('\n')).toHaveLength(1);
  });
});
