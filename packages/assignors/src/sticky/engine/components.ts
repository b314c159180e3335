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

export function componentsOf({ groups, groupOf, count: classCount }: Classes): Components {
  const parent = Int32Array.from({ length: groupCount(groupOf) }, (_, group) => group);
  for (const list of groups) {
    for (let i = 1; i < list.length; i++) unite(parent, at(list, 0), at(list, i));
  }
  const numberOf = new Int32Array(parent.length).fill(-1);
  const ofMember = new Int32Array(groupOf.length).fill(-1);
  let count = 0;
  for (let m = 0; m < groupOf.length; m++) {
    if (at(groupOf, m) === -1) continue;
    const root = find(parent, at(groupOf, m));
    if (at(numberOf, root) === -1) numberOf[root] = count++;
    ofMember[m] = at(numberOf, root);
  }
  const ofClass = new Int32Array(classCount);
  for (const [k, list] of groups.entries()) ofClass[k] = at(numberOf, find(parent, at(list, 0)));
  return { count, ofClass, ofMember };
}

function groupCount(groupOf: Int32Array): number {
  let count = 0;
  for (let m = 0; m < groupOf.length; m++) count = Math.max(count, at(groupOf, m) + 1);
  return count;
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
