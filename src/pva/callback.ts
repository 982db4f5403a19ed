/** What a user's callback threw becomes an uncaught exception on the next tick: native code would swallow it. */
export function rethrowLater(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
