/** Writes `docs/internals/museum.md`. */
import { MUSEUM_SEEDS } from '../simulation/command/options.ts';
import { EXHIBITS } from './all-exhibits.ts';
import { RULES } from './rules.ts';

const INTRODUCTION = `# Museum of planted bugs

Who finds no bugs may be blind. Each exhibit is a bug that a client had, or could have, planted in the sources in memory
while the simulation is bundled (\`packages/integration-tests/museum/exhibits/\`); the product has no switch for it. The
simulation then plays seeds until a rule catches it, and the product without the bug has to pass the same seeds.

\`\`\`sh
npx -y pnpm@10 simulate --museum                        # every exhibit, up to ${MUSEUM_SEEDS} seeds each
npx -y pnpm@10 simulate --museum no-drain --seeds 50    # one of them
\`\`\`

An exhibit whose place in the sources has changed fails by name in \`pnpm test\`. This page is made from the exhibits:
\`npx -y pnpm@10 exec vitest run packages/integration-tests/test/museum -u\` writes it.`;

export function museumPage(): string {
  const seen = EXHIBITS.filter(({ unseen }) => unseen === undefined);
  const hidden = EXHIBITS.filter(({ unseen }) => unseen !== undefined);
  return `${[
    INTRODUCTION,
    `## Exhibits\n\n${seen.length} of ${EXHIBITS.length} are found, each within ${MUSEUM_SEEDS} seeds. A client that ...`,
    tableOf([
      ['exhibit', 'bug', 'seen in', 'caught by'],
      ...seen.map(({ id, fault, seenIn, rules }) => [id, fault, seenIn ?? 'our own', rules.join(', ')]),
    ]),
    '## Not to be seen yet\n\nWhat no rule has caught, and why.',
    tableOf([
      ['exhibit', 'bug', 'seen in', 'why'],
      ...hidden.map(({ id, fault, seenIn, unseen }) => [id, fault, seenIn ?? 'our own', unseen ?? '']),
    ]),
    '## Rules',
    tableOf([['rule', 'demands'], ...RULES]),
  ].join('\n\n')}\n`;
}

/** Columns of equal width. */
function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((cells) => cells[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
