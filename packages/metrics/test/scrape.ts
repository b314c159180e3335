/** Reads Prometheus' text format, so that tests look at what a scrape gets. */
import type { Registry } from 'prom-client';

/** Values by `name{label="value",…}` with labels sorted by name. */
export type Scrape = ReadonlyMap<string, number>;

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/s;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/g;

/** @throws Error for a line that is no sample, no comment and not empty, and for a sample that occurs twice */
export async function scrape(registry: Registry): Promise<Scrape> {
  const values = new Map<string, number>();
  for (const line of (await registry.metrics()).split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const match = SAMPLE.exec(line);
    if (match === null) throw new Error(`not a sample: ${line}`);
    const [, name = '', labels = '', value] = match;
    const sorted = [...labels.matchAll(LABEL)].map(([, label, text]) => `${label}="${text}"`).sort();
    const key = sorted.length === 0 ? name : `${name}{${sorted.join(',')}}`;
    if (values.has(key)) throw new Error(`twice: ${key}`);
    values.set(key, Number(value));
  }
  return values;
}

/** The samples whose name is `name`. */
export function samplesOf(values: Scrape, name: string): Record<string, number> {
  return Object.fromEntries([...values].filter(([key]) => key === name || key.startsWith(`${name}{`)));
}
