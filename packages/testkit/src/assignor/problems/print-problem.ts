/** A problem as one line of text, which `parseProblem` reads back: to be pasted into a regression test. */
import type { ClaimSpec, MemberSpec, ProblemSpec, TopicSpec } from './problem-spec.ts';

/** Topics, then each member behind a bar: `t:3 u:2[r0/r1,r1] | a{t,u} @4 owns=t:0..2+u:1 rack=r0 instance=i data=00ff`. */
export function printProblem({ topics, members }: ProblemSpec): string {
  return [topics.map(printTopic).join(' '), ...members.map(printMember)].join(' | ').trim();
}

/** The line as a TypeScript string literal, in ASCII. */
export function quoteProblem(spec: ProblemSpec): string {
  const text = printProblem(spec).replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  const inAscii = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `'${text.replaceAll(/[^ -~]/g, inAscii)}'`;
}

function printTopic({ name, partitions, racks }: TopicSpec): string {
  const placed = racks === undefined ? '' : `[${racks.map((set) => set.map(printName).join('/')).join(',')}]`;
  return `${printName(name)}:${partitions}${placed}`;
}

function printMember({ id, topics, generation, owns, rack, instance, data }: MemberSpec): string {
  const words = [`${printName(id)}{${topics.map(printName).join(',')}}`];
  if (generation !== -1) words.push(`@${generation}`);
  if (owns.length > 0) words.push(`owns=${owns.map(printClaim).join('+')}`);
  if (rack !== undefined) words.push(`rack=${printName(rack)}`);
  if (instance !== undefined) words.push(`instance=${printName(instance)}`);
  if (data !== undefined) words.push(`data=${data}`);
  return words.join(' ');
}

function printClaim({ topic, partitions }: ClaimSpec): string {
  return `${printName(topic)}:${printNumbers(partitions)}`;
}

function printName(name: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(name) ? name : JSON.stringify(name);
}

/** Runs of three and more as `first..last`. */
export function printNumbers(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    const first = numbers[i] ?? 0;
    let length = 1;
    while (numbers[i + length] === first + length) length++;
    if (length < 3) length = 1;
    parts.push(length === 1 ? `${first}` : `${first}..${first + length - 1}`);
    i += length;
  }
  return parts.join(',');
}
