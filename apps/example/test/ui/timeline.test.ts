/** The timeline: stretches that grow while nothing changes, and what is old goes. */
import { expect, it } from 'vitest';
import { TIMELINE_WINDOW, Timeline } from '../../src/ui/timeline.ts';
import { member, snapshot } from '../view/fixture.ts';

const COLOURS = new Map([
  ['ada', 0],
  ['ben', 1],
]);
const colourOf = (name: string) => COLOURS.get(name) ?? 9;

function at(elapsedMs: number, ...members: ReturnType<typeof member>[]) {
  return snapshot({ elapsedMs, members, lag: [0, 0] });
}

it('is one stretch while nothing changes, and another for another owner or state', () => {
  const timeline = new Timeline();
  const ada = member({ name: 'ada', partitions: [0] });
  const ben = member({ name: 'ben', partitions: [0] });
  timeline.observe(at(0, ada), colourOf);
  timeline.observe(at(100, ada), colourOf);
  timeline.observe(at(200, { ...ada, state: 'joining' }), colourOf);
  timeline.observe(at(300, { ...ada, status: 'crashed' }), colourOf);
  timeline.observe(at(400, ben), colourOf);
  expect(timeline.partitions[0]).toEqual([
    { member: 'ada', colour: 0, kind: 'working', from: 0, to: 100 },
    { member: 'ada', colour: 0, kind: 'moving', from: 200, to: 200 },
    { member: 'ada', colour: 0, kind: 'orphaned', from: 300, to: 300 },
    { member: 'ben', colour: 1, kind: 'working', from: 400, to: 400 },
  ]);
  expect(timeline.partitions[1]).toEqual([]);
});

it('shows the one at work where a frozen member believes to own a partition as well', () => {
  const timeline = new Timeline();
  const frozen = member({ name: 'ada', partitions: [0], isFrozen: true });
  timeline.observe(at(0, frozen, member({ name: 'ben', partitions: [0] })), colourOf);
  expect(timeline.partitions[0]).toMatchObject([{ member: 'ben', kind: 'working' }]);
});

it('looks back for a minute, and has a row for each partition that has come', () => {
  const timeline = new Timeline();
  timeline.observe(at(0, member({ name: 'ada', partitions: [0] })), colourOf);
  for (let now = 1000; now <= TIMELINE_WINDOW + 5000; now += 1000) {
    timeline.observe(at(now, member({ name: 'ben', partitions: [0] })), colourOf);
  }
  expect(timeline.partitions[0]?.map(({ member: name }) => name)).toEqual(['ben']);
  expect(timeline.throughput.length).toBe(61);
  timeline.observe(snapshot({ elapsedMs: 70_000, lag: [0, 0, 0] }), colourOf);
  expect(timeline.partitions).toHaveLength(3);
});
