import { packageBuild } from '../../tsup.shared.ts';

/** A command and nothing to import: one ESM file. */
export default { ...packageBuild(['src/cli.ts']), format: ['esm' as const] };
