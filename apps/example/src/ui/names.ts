/** Names of members: each is given once. */
const NAMES = [
  'ada',
  'ben',
  'cleo',
  'dan',
  'eve',
  'finn',
  'gwen',
  'hugo',
  'iris',
  'jon',
  'kim',
  'leo',
  'mia',
  'noah',
  'olga',
  'paul',
];

/** @param index from 0 @returns `ada` to `paul`, then `ada-2` and so on */
export function nameOf(index: number): string {
  const name = NAMES[index % NAMES.length] ?? '';
  const round = Math.floor(index / NAMES.length) + 1;
  return round === 1 ? name : `${name}-${round}`;
}
