import { cp } from 'node:fs/promises';
import { appBuild } from '../../tsup.shared.ts';

export default {
  ...appBuild(['src/index.ts', 'src/service/main.ts']),
  /** The page is served as it is written, from beside the module that serves it. */
  async onSuccess() {
    await cp('src/ui/page', 'dist/page', {
      recursive: true,
      filter: (file) => !file.endsWith('tsconfig.json'),
    });
  },
};
