import type { MonitorEvent, PvObject, UpdateStream } from 'pvaflow';

/** The next update of a subscription; events of the connection are passed over. */
export async function nextUpdate(subscription: UpdateStream): Promise<PvObject> {
  for (;;) {
    const next: IteratorResult<MonitorEvent, void> = await subscription[Symbol.asyncIterator]().next();
    if (next.done) throw new Error('the subscription ended');
    const event = next.value;
    if (event.type === 'error') throw event.error;
    if (event.type === 'update') return event.value;
  }
}
