/** Parts of a group that have nothing to do with each other: no member of one subscribes to a topic of another. */
import { at } from './at.ts';
import type { Classes } from './classes.ts';

export interface Components {
  readonly count: number;
  /** For each class its component. Components go by their first member. */
  readonly ofClass: Int32Array;
  /** For each member its component, -1 for one without topics. */
  readonly ofMember: Int32Array;
}

export function componentsOf({ groups, sets, setOf }: Classes): Components {
  const parent = Int32Array.from({ length: sets.count }, (_, set) => set);
  for (const topics of groups.distinct) {
    for (let i = 1; i < topics.length; i++) {
      unite(parent, at(sets.ofTopic, at(topics, 0)), at(sets.ofTopic, at(topics, i)));
    }
  }
  const numberOf = new Int32Array(sets.count).fill(-1);
  const ofMember = new Int32Array(groups.numberOf.length).fill(-1);
  let count = 0;
  for (let m = 0; m < ofMember.length; m++) {
    const topics = groups.distinct[at(groups.numberOf, m)];
    if (topics === undefined) continue;
    const root = find(parent, at(sets.ofTopic, at(topics, 0)));
    if (at(numberOf, root) === -1) numberOf[root] = count++;
    ofMember[m] = at(numberOf, root);
  }
  return { count, ofClass: setOf.map((set) => at(numberOf, find(parent, set))), ofMember };
}

function find(parent: Int32Array, node: number): number {
  let root = node;
  while (at(parent, root) !== root) {
    parent[root] = at(parent, at(parent, root));
    root = at(parent, root);
  }
  return root;
}

function unite(parent: Int32Array, a: number, b: number): void {
  const left = find(parent, a);
  const right = find(parent, b);
  parent[Math.max(left, right)] = Math.min(left, right);
}
