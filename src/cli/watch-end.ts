import type { FrameReport } from '../hpc/loss-report.js';
import { runSummary } from '../hpc/run-summary.js';
import { watchEndOfProcess } from '../pva/end-watch.js';

/** What the watch has to know of the settings of a run. */
interface WatchSettings {
  readonly drainTimeout: number;
  readonly report: { readonly file?: string | undefined };
}

/**
 * Ends a run whose processor never gives the event loop back, when it was asked to end: at the second signal, or after the time that a
 * supervisor gives its children, four times that to drain and 5 s. What was known before is told, and that the account is missing.
 */
export function watchEnd({ drainTimeout, report: { file } }: WatchSettings, report: () => FrameReport): Disposable {
  const remarkS = Math.max(1, drainTimeout);
  const limitS = 4 * drainTimeout + 5;
  const missing = `its account is missing, and there is no loss report${file === undefined ? '' : ` (${file})`}`;
  return watchEndOfProcess({
    remarkMs: remarkS * 1000,
    limitMs: limitS * 1000,
    remark:
      `a processor has not returned for ${remarkS} s: its run cannot be ended in order. ` +
      `It ends in ${limitS - remarkS} s, or at once with Ctrl-C; ${missing}\n`,
    last: () =>
      [
        `error PVAFLOW_BLOCKED: a processor does not return: the run was ended, ${missing}. When it last responded:`,
        ...runSummary(report(), undefined, ` until ${new Date().toISOString()}`),
        '',
      ].join('\n'),
  });
}
