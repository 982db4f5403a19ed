import type { OutputMode } from './output.js';
import { RemoteOutput } from './remote-output.js';

/** Puts each object to the channel of another server, complete: the server may have been started a moment ago. */
export const pvaOutput: OutputMode = {
  args: { maxWaiting: 'count' },
  open: (context) =>
    new RemoteOutput(context, async (client, value, { timeout, signal }) => {
      value.markChanged();
      await client.put(context.config.channel, value, { timeout, signal });
    }),
};
