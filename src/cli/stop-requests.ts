/** What a user or a service manager asks for by signals: first an orderly end, then, asked again, an end at once. */
export interface StopRequests extends Disposable {
  /** Resolves at the first signal. */
  readonly requested: Promise<NodeJS.Signals>;
}

const exitCodes: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGINT: 130, SIGTERM: 143 };

/** Takes away the ^C that the terminal shows where the next line begins. */
const ERASE_LINE = '\r\x1b[K';

/** Listens to SIGINT and SIGTERM until disposed of. The second of them ends the process at once. */
export function stopRequests(): StopRequests {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  let onFirst: ((signal: NodeJS.Signals) => void) | undefined;
  const requested = new Promise<NodeJS.Signals>((resolve) => (onFirst = resolve));
  const listener = (signal: NodeJS.Signals) => {
    if (onFirst === undefined) process.exit(exitCodes[signal] ?? 1);
    if (process.stdout.isTTY) process.stdout.write(ERASE_LINE);
    onFirst(signal);
    onFirst = undefined;
  };
  for (const signal of signals) process.on(signal, listener);
  return { requested, [Symbol.dispose]: () => signals.forEach((signal) => process.off(signal, listener)) };
}

/** Calls back at the first of these signals. */
export function onStopRequest(callback: () => void): Disposable {
  const stop = stopRequests();
  void stop.requested.then(callback);
  return stop;
}
