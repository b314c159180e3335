/** A raised contract version goes with raised ranges of plugins, and with a release of core that has it. */
import { describe, expect, it } from 'vitest';
import { contractProblems, majorProblems, nextVersion, pendingBump } from '../api/contract-ranges.mjs';

const contract = (since: readonly string[]) => ({
  assignor: { constant: 'ASSIGNOR_CONTRACT_VERSION', makers: ['defineAssignor'], since },
});
const spi = (version: number) => ({ ASSIGNOR_CONTRACT_VERSION: version });
const plugin = (core: string, source = 'defineAssignor({})') => ({ name: 'plugin', core, source });

describe('contract ranges', () => {
  it('are fine when nothing was raised', () => {
    expect(contractProblems(contract(['1.0.0']), spi(1), '1.0.0', [plugin('workspace:^')])).toEqual([]);
  });

  it('want a raised version written down', () => {
    expect(contractProblems(contract(['1.0.0']), spi(2), '1.1.0', [])).toEqual([
      expect.stringMatching(/ASSIGNOR_CONTRACT_VERSION is 2.*api\/contracts\.json knows 1.*1\.1\.0/),
    ]);
  });

  it('want a release of core that has it', () => {
    expect(contractProblems(contract(['1.0.0', '1.1.0']), spi(2), '1.0.3', [])).toEqual([
      'assignor 2 is said to come with @kohort/core 1.1.0, but changesets release 1.0.3',
    ]);
  });

  it.each(['^1.0.0', '1.0.9', '~1.0.0', '>=1.0.0'])(
    'refuse a plugin of the new contract that admits an old core by %s',
    (range) => {
      const found = contractProblems(contract(['1.0.0', '1.1.0']), spi(2), '1.1.0', [plugin(range)]);
      expect(found).toEqual([
        expect.stringMatching(/plugin of assignor 2 .*which admits 1\.0\.\d: .*Ask for \^1\.1\.0/),
      ]);
    },
  );

  it.each(['^1.1.0', '^1.10.0', '>=2.0.0', 'workspace:^'])('accept %s for it', (range) => {
    expect(contractProblems(contract(['1.0.0', '1.1.0']), spi(2), '1.1.0', [plugin(range)])).toEqual([]);
  });

  it('leave packages alone that are no plugin of it', () => {
    const other = plugin('^1.0.0', 'createConsumerGroup({})');
    expect(contractProblems(contract(['1.0.0', '1.1.0']), spi(2), '1.1.0', [other])).toEqual([]);
  });

  it('name a range that they cannot read', () => {
    expect(contractProblems(contract(['1.0.0']), spi(1), '1.0.0', [plugin('*')])).toEqual([
      'plugin asks for @kohort/core "*"; accepted is a range such as ^1.2.0',
    ]);
  });
});

describe('pending changesets', () => {
  const core = "---\n'@kohort/core': major\n'@kohort/protocol': minor\n---\n\nA change.\n";

  it('raise a version by the largest bump', () => {
    const repair = "---\n'@kohort/core': patch\n---\n\nA repair.\n";
    expect(pendingBump([repair, core], '@kohort/core')).toBe('major');
    expect(pendingBump([core], '@kohort/assignors')).toBeUndefined();
    expect(nextVersion('1.4.2', 'major')).toBe('2.0.0');
    expect(nextVersion('1.4.2', 'minor')).toBe('1.5.0');
    expect(nextVersion('1.4.2', 'patch')).toBe('1.4.3');
    expect(nextVersion('1.4.2', undefined)).toBe('1.4.2');
  });

  it('make a major of core one of every package on it, once there was a release', () => {
    const plugins = [
      { ...plugin('workspace:^'), name: '@kohort/protocol' },
      { ...plugin('workspace:^'), name: '@kohort/assignors' },
    ];
    const whole = `${core}---\n'@kohort/assignors': major\n'@kohort/protocol': major\n---\n\nWith it.\n`;
    expect(majorProblems([core], '0.0.0', plugins)).toEqual([]);
    expect(majorProblems([core], '1.2.0', plugins)).toEqual([
      'a major of @kohort/core is one of @kohort/protocol too: add it to the changeset',
      'a major of @kohort/core is one of @kohort/assignors too: add it to the changeset',
    ]);
    expect(majorProblems([whole], '1.2.0', plugins)).toEqual([]);
  });
});
