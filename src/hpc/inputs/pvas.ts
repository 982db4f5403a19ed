import { PvaflowError } from '../../core/errors.js';
import type { PvObject } from '../../pva/pv-object.js';
import { stampPut } from '../../pva/stamp-put.js';
import { HandedInput } from './handed-input.js';
import type { InputContext, InputMode } from './input.js';

/** By default, so many puts may wait at once. */
export const MAX_WAITING = 1000;

/**
 * A channel that is served here, and that others put to. A put is over when the consumer has taken the object: a client that
 * is too fast waits. What a put does not name has the value that it had before, as on any channel.
 */
export const pvasInput: InputMode = {
  args: { maxWaiting: 'count' },
  showsPresentValue: false,
  open(context) {
    const { config, intake } = context;
    const { channel: name, args } = config;
    const maxWaiting = Number(args.maxWaiting ?? MAX_WAITING);
    const input = new HandedInput({ channel: name, intake, maxWaiting, untilProcessed: false });
    const onPut = async (put: PvObject) => {
      input.checkRoom(put.bytes);
      stampPut(put);
      void channel.post(put); // it drops for those that only look on
      put.release();
      await input.hand(channel.value as PvObject);
      return 'posted' as const;
    };
    const channel = context.server.addChannel(name, typeOf(context), { onFull: 'dropOldest', onPut });
    return input;
  },
};

function typeOf({ config, inputType }: InputContext): Parameters<InputContext['server']['addChannel']>[1] {
  const type = inputType();
  if (type !== null && type !== undefined) return type;
  const advice =
    'Let the first processor extend AdImageProcessor (for images), or give it a method getInputPvObjectType.';
  throw new PvaflowError(
    'PVAFLOW_CONFIG',
    `${config.channel} is to be hosted here (input mode pvas), and its type is not known. ${advice}`,
  );
}
