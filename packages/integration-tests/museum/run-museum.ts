/** Walks through the museum and prints what caught each bug. */
import type { Exhibit } from './exhibit.ts';
import type { MuseumOptions } from './options.ts';
import { type Shown, show } from './show.ts';

/** Resolves to the exit code: 0 when every bug is found that can be, and the product itself passes the same seeds. */
export async function runMuseum({ exhibits, seeds }: MuseumOptions): Promise<number> {
  console.log(lineOf('exhibit', 'seed', 'rule', 'seconds', 'seen in'));
  const counts = { found: 0, missed: 0, unseen: 0 };
  let last = 1;
  for (const exhibit of exhibits) {
    const { found, others, seconds } = await show(exhibit, seeds);
    counts[outcomeOf(exhibit, found)] += 1;
    last = Math.max(last, found?.seed ?? seeds);
    tell(exhibit, found, seconds);
    if (!found) tellOthers(others);
  }
  // A rule that the product itself breaks catches nothing.
  const product = await show(null, last);
  const { found, missed, unseen } = counts;
  if (product.found)
    console.log(
      `the product itself fails: seed ${product.found.seed}: ${product.found.message.split('\n')[0]}`,
    );
  console.log(
    `${found} of ${exhibits.length} found, ${missed} missed, ${unseen} not to be seen yet; the product itself ${healthOf(product)}`,
  );
  return missed === 0 && !product.found ? 0 : 1;
}

function outcomeOf({ unseen }: Exhibit, found: Shown['found']): 'found' | 'missed' | 'unseen' {
  if (found) return 'found';
  return unseen === undefined ? 'missed' : 'unseen';
}

function tell(exhibit: Exhibit, found: Shown['found'], seconds: number): void {
  const { id, seenIn, unseen } = exhibit;
  const rule = found?.rule ?? outcomeOf(exhibit, found).toUpperCase();
  console.log(lineOf(id, String(found?.seed ?? '-'), rule, seconds.toFixed(1), seenIn ?? 'our own'));
  if (unseen) console.log(found ? '  is found now: take its `unseen` away' : `  ${unseen}`);
}

function healthOf({ found, seconds }: Shown): string {
  return found ? 'FAILS' : `passes these seeds (${seconds.toFixed(1)} s)`;
}

function tellOthers(others: Shown['others']): void {
  const [first] = others;
  if (first)
    console.log(
      `  ${others.length} other failures, first at seed ${first.seed}: ${first.message.split('\n')[0]}`,
    );
}

function lineOf(id: string, seed: string, rule: string, seconds: string, seenIn: string): string {
  return `${id.padEnd(36)} ${seed.padStart(4)}  ${rule.padEnd(6)} ${seconds.padStart(7)}  ${seenIn}`;
}
