import { messageOf } from '../../core/errors.js';
import { PvObject } from '../../pva/pv-object.js';
import { PvType } from '../../pva/pv-type.js';
import { HandedInput } from './handed-input.js';
import type { InputMode } from './input.js';
import { MAX_WAITING } from './pvas.js';

const acceptedType = new PvType({ status: 'int' });
const failedType = new PvType({ status: 'int', errorMessage: 'string' });

/**
 * A remote procedure: each call hands over its argument. As in pvaPy, the call is answered with `status` 0 when the object has
 * been processed, or, with a receiver queue, when it has been queued; with `status` -1 and an `errorMessage` otherwise.
 */
export const rpcInput: InputMode = {
  args: { maxWaiting: 'count' },
  showsPresentValue: false,
  open({ config, intake, server, hasQueue }) {
    const { channel, args } = config;
    const maxWaiting = Number(args.maxWaiting ?? MAX_WAITING);
    const input = new HandedInput({ channel, intake, maxWaiting, untilProcessed: !hasQueue });
    const onRpc = async (argument: PvObject | null) => {
      try {
        if (argument === null) throw new Error(`${channel}: a call must have the object as its argument`);
        input.checkRoom(argument.bytes);
        await input.hand(argument);
        return new PvObject(acceptedType, { status: 0 });
      } catch (error) {
        return new PvObject(failedType, { status: -1, errorMessage: messageOf(error) });
      }
    };
    server.addChannel(channel, null, { onRpc });
    return input;
  },
};
