/** Plans that depend on the process that makes them. */
import { byDictionary, byProcess } from './elsewhere-module.ts';
import type { Exhibit } from './exhibit.ts';

/** How another process loads a module of the museum. */
export const moduleOf = (factory: string) => ({
  url: new URL('./elsewhere-module.ts', import.meta.url),
  factory,
  execArgv: ['--conditions=@kohort/source', '--import', 'tsx'],
});

export const elsewhere: readonly Exhibit[] = [
  {
    law: 'two processes',
    fault: 'begins at another member in every process',
    promises: { module: moduleOf('byProcess') },
    make: byProcess,
  },
  {
    law: 'two processes',
    fault: 'sorts by the locale of the machine',
    promises: { module: moduleOf('byDictionary') },
    make: byDictionary,
  },
];
