/** Calls back once when the user (Ctrl-C) or the system asks the process to end; a second Ctrl-C ends it at once. */
export function onEndRequest(callback: () => void): Disposable {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const remove = () => {
    for (const signal of signals) process.off(signal, end);
  };
  const end = () => {
    remove();
    callback();
  };
  for (const signal of signals) process.on(signal, end);
  return { [Symbol.dispose]: remove };
}
