/**
 * Plans that Java's `RangeAssignor` and `RoundRobinAssignor` (kafka-clients 4.3.0) gave for random groups, recorded:
 * members of a group that mixes clients must come to the same plan, whoever leads. Node n is in rack `r<n>`.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { range, roundRobin } from '../src/index.ts';
import { assign, type MemberSpec, problemOf, type TopicSpec } from './group.ts';

interface Vector {
  readonly topics: Record<string, TopicSpec>;
  readonly members: Record<string, MemberSpec>;
  readonly range: Record<string, string[]>;
  readonly roundrobin: Record<string, string[]>;
}

const lines = readFileSync(new URL('./vectors/java-4.3.0.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const vectors = lines.map((line) => JSON.parse(line) as Vector);

describe('recorded plans of Java', () => {
  it('are all there, and racks decide some of them', () => {
    const withoutRacks = vectors.map((vector) => {
      const members = Object.entries(vector.members).map(([id, { rack: _, ...spec }]) => [id, spec]);
      return assign(range(), problemOf(Object.fromEntries(members), vector.topics));
    });
    const decided = vectors.filter(
      (vector, i) => JSON.stringify(vector.range) !== JSON.stringify(withoutRacks[i]),
    );
    expect(vectors.length).toBe(120);
    expect(decided.length).toBeGreaterThan(30);
  });

  it.each(vectors.map((vector, i) => [i + 1, vector] as const))(
    'line %i',
    (_, { topics, members, ...plans }) => {
      const problem = problemOf(members, topics);
      expect(assign(range(), problem)).toEqual(plans.range);
      expect(assign(roundRobin(), problem)).toEqual(plans.roundrobin);
    },
  );
});
