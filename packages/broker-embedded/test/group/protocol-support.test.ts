import { describe, expect, it } from 'vitest';
import { type Member, newMember } from '../../src/group/member.ts';
import { ProtocolSupport, voteForProtocol } from '../../src/group/protocol-support.ts';
import { protocol } from './support/bodies.ts';

function voters(...preferences: string[][]): { members: Member[]; support: ProtocolSupport } {
  const support = new ProtocolSupport();
  const members = preferences.map((names, index) => {
    const protocols = names.map((name) => protocol(name));
    support.add(protocols);
    return newMember({
      memberId: `m${index}`,
      groupInstanceId: null,
      clientId: '',
      clientHost: '',
      protocolType: 'consumer',
      sessionTimeoutMs: 1,
      rebalanceTimeoutMs: 1,
      protocols,
    });
  });
  return { members, support };
}

function vote(leader: number, ...preferences: string[][]): string {
  const { members, support } = voters(...preferences);
  return voteForProtocol(members, members[leader] as Member, support);
}

describe('vote for a protocol', () => {
  it('takes the one with the most first choices', () => {
    expect(vote(0, ['range', 'sticky'], ['sticky', 'range'], ['sticky', 'range'])).toBe('sticky');
  });

  it('passes over what not everybody supports', () => {
    expect(vote(0, ['new', 'old'], ['new', 'old'], ['old'])).toBe('old');
  });

  it('counts a vote for the first common protocol, not for the first of the list', () => {
    expect(vote(0, ['x', 'a', 'b'], ['b', 'a'], ['y', 'b', 'a'])).toBe('b');
  });

  it.each([
    { leader: 0, winner: 'range' },
    { leader: 1, winner: 'sticky' },
  ])('decides a tie by the preference of leader $leader', ({ leader, winner }) => {
    expect(vote(leader, ['range', 'sticky'], ['sticky', 'range'])).toBe(winner);
  });

  it('refuses a group without a common protocol', () => {
    expect(() => vote(0, ['a'], ['b'])).toThrow('supports none');
  });
});

describe('support counts', () => {
  it('follow members that come and go, and forget names that nobody has', () => {
    const support = new ProtocolSupport();
    support.add([protocol('a'), protocol('b')]);
    support.add([protocol('b')]);
    support.remove([protocol('a'), protocol('b')]);
    expect([...support.entries()]).toEqual([['b', 1]]);
    expect(support.count('a')).toBe(0);
  });

  it('keep names from outside apart from object prototypes', () => {
    const support = new ProtocolSupport();
    expect(support.count('__proto__')).toBe(0);
    expect(support.count('constructor')).toBe(0);
  });
});
