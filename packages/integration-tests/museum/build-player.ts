/** Bundles the player with one bug planted, from the sources; the sources themselves stay as they are. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { type Exhibit, withBug } from './exhibit.ts';

export const PACKAGES = fileURLToPath(new URL('../../', import.meta.url));

/** @param exhibit null for the product as it is */
export async function buildPlayer(exhibit: Exhibit | null, outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('player.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@kohort/source'],
    logLevel: 'silent',
    plugins: exhibit ? [planting(exhibit)] : [],
  });
}

function planting(exhibit: Exhibit): Plugin {
  const path = join(PACKAGES, exhibit.change.file);
  const filter = new RegExp(`${exhibit.change.file.replaceAll(/[.]/g, '\\.')}$`);
  return {
    name: 'plant a bug',
    setup({ onLoad, onEnd }) {
      let planted = false;
      onLoad({ filter }, async (args) => {
        if (args.path !== path) return undefined;
        planted = true;
        return { contents: withBug(exhibit, await readFile(path, 'utf8')), loader: 'ts' };
      });
      onEnd(() => {
        if (!planted)
          throw new Error(`Exhibit ${exhibit.id}: the simulation does not use ${exhibit.change.file}.`);
      });
    },
  };
}
