import { PvaflowError } from '../core/errors.js';
import type { NativeClient, NativeSubscription } from './native.js';
import { NtUri } from './normative/nt-uri.js';
import { PvObject } from './pv-object.js';

/** Milliseconds in which a server has to say what it is. */
const TIMEOUT_MS = 2000;

/**
 * Which servers are asked for a pipeline by monitors that do not ask them at each connection (`NativeSubscription.asks`). It is decided
 * once, for the first server that a monitor finds.
 *
 * Those on pvDatabase (pvaPy's, areaDetector's NDPluginPva) must not be: they accept, then send empty and repeated updates,
 * and can die of it (`not queueElement returned by last call to getUsed`). So only servers are asked that are known to do it
 * right. Every server on pvAccessCPP and PVXS tells on the call `server` what it is: PVXS, which ours and p4p's are too, says
 * so in `version`; pvAccessCPP gives its bare number.
 */
export class Pipelining {
  readonly #client: NativeClient;
  /** Questions under way, by peer. Answers are not kept: another server may be at the address next time. */
  readonly #asked = new Map<string, Promise<boolean>>();

  constructor(client: NativeClient) {
    this.#client = client;
  }

  /**
   * Calls `decided` once the monitor's channel is connected and its server is known, unless the monitor is opened or closed
   * before. A server that does not answer gets no pipeline; one that goes away meanwhile is waited for. Nothing of it keeps
   * the process alive.
   */
  decide(monitor: NativeSubscription, decided: (pipeline: boolean) => void): void {
    let connections = 0;
    monitor.onPeer = (peer) => {
      const connection = ++connections;
      if (peer === undefined) return;
      void this.#ask(peer).then((pipeline) => {
        if (connection === connections) decided(pipeline);
      });
    };
    monitor.connect();
  }

  #ask(peer: string): Promise<boolean> {
    if (peer === '') return Promise.resolve(false); // already gone: without an address any server would be asked
    const asked = this.#asked.get(peer) ?? this.#call(peer).catch(() => false);
    this.#asked.set(peer, asked);
    return asked;
  }

  #call(peer: string): Promise<boolean> {
    const question = NtUri.from('server', { op: 'info' });
    return new Promise((resolve) => {
      const finish = (pipeline: boolean) => {
        clearTimeout(timer);
        this.#asked.delete(peer);
        resolve(pipeline);
      };
      const timer = setTimeout(() => {
        this.#client.cancel(id);
        finish(false);
      }, TIMEOUT_MS).unref();
      const id = this.#client.rpc(
        'server',
        question.native,
        peer,
        (error, value) => {
          if (isLost(error)) this.#asked.delete(peer);
          else finish(value !== undefined && isPvxs(new PvObject(value)));
        },
        true,
      );
    });
  }
}

/** Then the channel is lost, too, and who is there next is asked anew; if it is not, there is the timeout. */
function isLost(error: Error | null): boolean {
  return error instanceof PvaflowError && error.code === 'PVAFLOW_DISCONNECTED';
}

function isPvxs(info: PvObject): boolean {
  return info.has('version') && String(info.get('version')).startsWith('PVXS');
}
