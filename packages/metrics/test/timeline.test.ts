// The assignment timeline: what it records of real groups, what it draws, and that it stays bounded.

import { embeddedBroker } from '@kohort/broker-embedded';
import { type ConsumerGroup, createConsumerGroup } from '@kohort/core';
import type { Hook } from '@kohort/core/spi';
import { virtualClock } from '@kohort/testkit';
import { describe, expect, it } from 'vitest';
import { type AssignmentTimeline, assignmentTimeline } from '../src/timeline.ts';
import { eventsOf, partitions, rebalanceEnd } from './events.ts';

interface Trace {
  readonly traceEvents: readonly {
    readonly ph: string;
    readonly name: string;
    readonly cat?: string;
    readonly pid: number;
    readonly tid: number;
    readonly ts: number;
    readonly dur: number;
    readonly args: Readonly<Record<string, unknown>>;
  }[];
}

const traceOf = (timeline: AssignmentTimeline): Trace['traceEvents'] =>
  (JSON.parse(timeline.toTraceJson()) as Trace).traceEvents;
const bars = (timeline: AssignmentTimeline) => traceOf(timeline).filter(({ cat }) => cat === 'ownership');

/** Two members, one after the other; then the first leaves. */
async function handover() {
  const clock = virtualClock();
  const broker = embeddedBroker({ clock, topics: { orders: { partitions: 2 } } });
  const timeline = assignmentTimeline();
  const member = (hook: Hook): ConsumerGroup => {
    const group = createConsumerGroup({
      groupId: 'g',
      topics: ['orders'],
      transport: broker.transport(),
      hooks: [hook],
    });
    void group.run({ eachRecord: () => undefined });
    return group;
  };
  const first = member(timeline.hook('first'));
  await clock.runUntil(first.ready());
  await clock.advance(10_000);
  const second = member(timeline.hook('second'));
  await clock.runUntil(() => second.describe().assignments.length === 1);
  await clock.advance(10_000);
  await clock.runUntil(first.close());
  await clock.runUntil(() => second.describe().assignments.length === 2);
  await clock.advance(10_000);
  await clock.runUntil(second.close());
  await broker.close();
  return timeline;
}

describe('assignmentTimeline', () => {
  it('records who owned what, one owner at a time, and why that changed', async () => {
    const timeline = await handover();
    const owned = bars(timeline);
    expect(owned.map(({ name, args }) => [name, args.began, args.ended])).toEqual(
      expect.arrayContaining([
        ['first', 'initial', 'revoked'],
        ['second', 'initial', 'revoked'],
        ['second', 'heartbeat', 'revoked'],
      ]),
    );
    for (const one of owned) {
      expect(one.dur).toBeGreaterThan(0);
      for (const other of owned) {
        if (one === other || one.tid !== other.tid) continue;
        expect(one.ts + one.dur <= other.ts || other.ts + other.dur <= one.ts, 'two owners at once').toBe(
          true,
        );
      }
    }
    const rebalances = traceOf(timeline).filter(({ cat }) => cat === 'rebalance');
    expect(rebalances.map(({ name, args }) => [name, args.outcome])).toEqual(
      expect.arrayContaining([
        ['rebalance: initial', 'ok'],
        ['rebalance: heartbeat', 'ok'],
      ]),
    );
  });

  it('draws text: a letter for each owner, and what happened in order', async () => {
    const text = (await handover()).toText({ width: 60 });
    const lines = text.split('\n');
    expect(lines[0]).toMatch(/^g orders-0 ·*[AB·]+$/);
    expect(lines[0]?.length).toBe(60);
    expect(text).toContain('A first (g)');
    expect(text).toMatch(/ first: rebalance, initial \(.*\)\n/);
    expect(text).toMatch(/ second: owns, generation \d+: orders-[01]\n/);
  });

  it('draws an SVG that stands alone and is for light and dark', async () => {
    const svg = (await handover()).toSvg();
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|url\(|@import|<script/);
    expect(svg).toMatch(
      /<title>first owns orders-0 from [\d.]+ s \(initial, generation 1\) until [\d.]+ s: revoked<\/title>/,
    );
    checkXml(svg);
  });

  it('keeps what is lost apart from what is given back, and a lease that is restored', () => {
    const timeline = assignmentTimeline();
    const hook = timeline.hook();
    const event = eventsOf();
    hook.onEvent(event('rebalance.start', { trigger: 'initial', reason: 'start', previousOwned: 0 }));
    hook.onEvent(event('partitions.assigned', { partitions: partitions('a', 1), callbackMs: 0 }));
    hook.onEvent(event('rebalance.end', rebalanceEnd));
    hook.onEvent(
      event('partitions.lost', { partitions: partitions('a', 1), reason: 'lease', callbackMs: 0 }),
    );
    hook.onEvent(event('partitions.assigned', { partitions: partitions('a', 1), callbackMs: 0 }));
    expect(bars(timeline).map(({ args }) => [args.began, args.ended])).toEqual([
      ['initial', 'lost: lease'],
      ['the coordinator accepted the member again', null],
    ]);
    expect(timeline.toSvg()).toContain('class="m0 lost"');
    expect(timeline.toText()).toContain('!');
  });

  it('tells members with the same client id, in any groups, apart by their hooks', () => {
    const timeline = assignmentTimeline();
    const assigned = { partitions: partitions('a', 1), callbackMs: 0 };
    for (const groupId of ['g', 'g', 'h']) {
      timeline.hook().onEvent(eventsOf({ groupId, clientId: 'kohort' })('partitions.assigned', assigned));
    }
    expect(bars(timeline).map(({ name, pid }) => [name, pid])).toEqual([
      ['kohort', 1],
      ['kohort #2', 1],
      ['kohort', 2],
    ]);
  });

  it('is bounded: 10,000 rebalances leave what was asked for, and say what is missing', () => {
    const timeline = assignmentTimeline({ limit: 50 });
    const hook = timeline.hook('m');
    const event = eventsOf();
    for (let i = 0; i < 10_000; i++) {
      hook.onEvent(event('rebalance.start', { trigger: 'heartbeat', reason: 'storm', previousOwned: 1 }));
      hook.onEvent(event('partitions.assigned', { partitions: partitions('a', 1), callbackMs: 0 }));
      hook.onEvent(event('rebalance.end', rebalanceEnd));
      hook.onEvent(event('partitions.revoked', { partitions: partitions('a', 1), callbackMs: 0 }));
    }
    expect(bars(timeline)).toHaveLength(50);
    expect(timeline.toText()).toContain(`${2 * (10_000 - 50)} earlier changes are not kept`);
    expect(timeline.toSvg().length).toBeLessThan(60_000);
    checkXml(timeline.toSvg());
  });

  it.each<[string, (timeline: AssignmentTimeline) => string]>([
    ['an SVG', (timeline) => timeline.toSvg()],
    ['text', (timeline) => timeline.toText({ width: 1 })],
    ['a trace', (timeline) => timeline.toTraceJson()],
  ])('draws %s of nothing, and of hostile names', (_, draw) => {
    expect(draw(assignmentTimeline()).length).toBeGreaterThan(10);
    const timeline = assignmentTimeline();
    const names = [
      '__proto__',
      '"/><script>alert(1)</script>',
      'a\nb\u001b[31m\u0000',
      't'.repeat(249),
      '\u202Ereversed',
    ];
    names.forEach((topic, i) => {
      timeline.hook(names[names.length - 1 - i]).onEvent(
        eventsOf({ groupId: topic })('partitions.assigned', {
          partitions: partitions(topic, 2),
          callbackMs: 0,
        }),
      );
    });
    const drawn = draw(timeline);
    expect(drawn).toContain('__proto__');
    expect(drawn.includes('\u001b') || drawn.includes('\u0000')).toBe(false);
    expect(bars(timeline)).toHaveLength(10);
    if (drawn.startsWith('<svg')) {
      expect(drawn).not.toContain('<script');
      checkXml(drawn);
    }
    if (!drawn.startsWith('{') && !drawn.startsWith('<')) expect(drawn).not.toContain('\u202E');
  });

  it('counts partitions that are too many to draw', () => {
    const timeline = assignmentTimeline();
    timeline
      .hook('m')
      .onEvent(eventsOf()('partitions.assigned', { partitions: partitions('a', 1_000), callbackMs: 0 }));
    expect(timeline.toSvg()).toContain('700 more partitions are not drawn');
  });

  it.each([0, -1, 1.5, Number.NaN, '9'])('refuses %j as limit, naming it', (limit) => {
    expect(() => assignmentTimeline({ limit: limit as number })).toThrow(
      `limit must be a positive integer; it was given ${limit}`,
    );
  });
});

/** Enough of XML to see that tags are closed in order and that nothing from outside became markup. */
function checkXml(text: string): void {
  const open: string[] = [];
  const rest = text.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z0-9-]+="[^"<>]*")*)(\/?)>/g,
    (_, close, name, __, empty) => {
      if (close) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(rest).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/);
}
