import { LiveDisplay } from './live-display.js';

/** Something at a moment, in milliseconds of a clock that never goes back. */
export interface Timed<S> {
  readonly at: number;
  readonly snapshot: S;
}

/** How a run shows how it does. */
export interface ReportView<S> {
  snapshot(): S;
  /** The lines of a screen; rates are those since the moment before. */
  screen(before: Timed<S>, now: Timed<S>, columns: number): string[];
  /** Lines for where there is no screen. */
  lines(): string[];
}

const DEFAULT_SCREEN_S = 1;

/** Shows how a run does: figures that are redrawn in a terminal, lines with a period elsewhere. */
export function startReports<S>(
  view: ReportView<S>,
  { period, plain }: { readonly period: number; readonly plain: boolean },
): { close(): void } {
  if (process.stdout.isTTY && !plain) return startScreen(view, period > 0 ? period : DEFAULT_SCREEN_S);
  if (period <= 0) return { close: () => {} };
  const timer = setInterval(() => process.stdout.write(`${view.lines().join('\n')}\n`), period * 1000);
  return { close: () => clearInterval(timer) };
}

function startScreen<S>(view: ReportView<S>, seconds: number): { close(): void } {
  const display = new LiveDisplay(process.stdout);
  const take = (): Timed<S> => ({ at: performance.now(), snapshot: view.snapshot() });
  let before = take();
  const timer = setInterval(() => {
    const now = take();
    display.show(view.screen(before, now, process.stdout.columns));
    before = now;
  }, seconds * 1000);
  return {
    close: () => {
      clearInterval(timer);
      display.close();
    },
  };
}
