/** The demo itself, in real time: short, interrupted, and over TCP. */
import { embeddedBroker } from '@kohort/broker-embedded';
import { describe, expect } from 'vitest';
import { runDemo, type Terminal } from '../src/run-demo.ts';
import { bare } from './view/fixture.ts';

class Screen implements Terminal {
  readonly isTTY: boolean;
  readonly columns = 80;
  readonly rows = 30;
  text = '';

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  getColorDepth(): number {
    return 8;
  }

  write(text: string): void {
    this.text += text;
  }
}

/** Stops the run as soon as the screen shows these words. */
function stopAt(screen: Screen, words: string): AbortSignal {
  const stop = new AbortController();
  const write = screen.write.bind(screen);
  screen.write = (text) => {
    write(text);
    if (bare(screen.text).includes(words)) stop.abort();
  };
  return stop.signal;
}

/** A figure of the audit. */
function figure(screen: Screen, name: string): number {
  const [, digits = ''] = new RegExp(`\\n +${name} +([\\d,]+) `).exec(screen.text) ?? [];
  return Number(digits.replaceAll(',', ''));
}

const NEVER = new AbortController().signal;

describe.concurrent('the demo', (it) => {
  it('plays the whole story and finds nothing wrong', async () => {
    const screen = new Screen(false);
    const run = { brokers: null, durationMs: 9000, seed: 42, output: 'plain' } as const;
    expect(await runDemo(run, screen, NEVER), screen.text).toBe(0);
    expect(screen.text).not.toContain('\u001b');
    expect(screen.text).toMatch(/ben expired \d\.\d s after the crash/);
    expect(screen.text).toContain('cleo left');
    expect(screen.text).toContain('eve joins');
    expect(figure(screen, 'produced')).toBeGreaterThan(1500);
    expect(figure(screen, 'processed')).toBe(figure(screen, 'produced'));
    expect(figure(screen, 'retried')).toBe(screen.text.split('dan: handler threw').length - 1);
    expect(screen.text).toContain('Nothing was lost');
  });

  it('draws a picture on a terminal, and can be interrupted', async () => {
    const screen = new Screen(true);
    const run = { brokers: null, durationMs: 600_000, seed: 1, output: 'live' } as const;
    expect(await runDemo(run, screen, stopAt(screen, 'generation 1 · ada joined'))).toBe(0);
    expect(screen.text).toContain('\u001b[?25l');
    expect(screen.text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(screen.text.lastIndexOf('\u001b[?25l'));
    expect(bare(screen.text)).toContain('So far, nothing was lost');
  });

  it('writes the audit alone when asked to be quiet', async () => {
    const screen = new Screen(true);
    const stop = AbortSignal.timeout(500);
    const run = { brokers: null, durationMs: 600_000, seed: 1, output: 'quiet' } as const;
    expect(await runDemo(run, screen, stop)).toBe(0);
    expect(bare(screen.text)).toMatch(/^\n Audit\n/);
  });

  it('plays on any cluster that kafkajs can reach, and removes its topic', async ({ onTestFinished }) => {
    const broker = embeddedBroker();
    onTestFinished(() => broker.close());
    const address = await broker.listen();
    const screen = new Screen(false);
    const run = { brokers: [address], durationMs: 24_000, seed: 1, output: 'plain' } as const;
    expect(await runDemo(run, screen, stopAt(screen, 'ben joined · 2 members')), screen.text).toBe(0);
    const [, topic = ''] = /topic (kohort-demo-[0-9a-f]{8}) on/.exec(screen.text) ?? [];
    expect(topic).not.toBe('');
    expect(broker.topic(topic)).toBeUndefined();
  });

  it('says what cannot be reached', async () => {
    const run = { brokers: ['127.0.0.1:1'], durationMs: 24_000, seed: 1, output: 'plain' } as const;
    await expect(runDemo(run, new Screen(false), NEVER)).rejects.toThrow(
      /^The cluster at 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/,
    );
  });
});
