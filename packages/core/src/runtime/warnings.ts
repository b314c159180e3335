/** Tells about options that are legal and dubious: to the process, and to hooks. */
import type { OptionWarning } from '../contracts/options.ts';
import type { Notifier } from './notifier.ts';

export function tellWarnings(warnings: readonly OptionWarning[], notifier: Notifier): void {
  for (const { code, message } of warnings) {
    process.emitWarning(message, { type: 'KohortWarning', code });
    notifier.emit('option.warning', { code, message });
  }
}
