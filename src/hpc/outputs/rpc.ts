import { PvaflowError } from '../../core/errors.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { OutputMode } from './output.js';
import { RemoteOutput } from './remote-output.js';

/** Calls a remote service with each object. An answer with a `status` below 0 says that it was not taken, as in pvaPy. */
export const rpcOutput: OutputMode = {
  args: { maxWaiting: 'count', server: 'text' },
  open: (context) =>
    new RemoteOutput(context, async (client, value, options) => {
      checkAnswer(await client.rpc(context.config.channel, value, options));
    }),
};

function checkAnswer(answer: PvObject | undefined): void {
  if (answer === undefined) return;
  const isRefusal = answer.has('status') && Number(answer.get('status')) < 0;
  const message = answer.has('errorMessage') ? answer.get<string>('errorMessage') : 'the service refused the object';
  answer.release();
  if (isRefusal) throw new PvaflowError('PVAFLOW_REMOTE', message);
}
