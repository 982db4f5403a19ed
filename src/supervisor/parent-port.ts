import { parentPort, type MessagePort } from 'node:worker_threads';
import { PvaflowError } from '../core/errors.js';
import type { ToChild, ToParent } from './messages.js';

/** The way from a child to its parent. */
export interface ParentPort {
  /** Never throws for want of a parent: a message to nobody is dropped. Throws for what is no plain data. */
  send(message: ToParent): void;
  onMessage(listener: (message: ToChild) => void): void;
  /** The parent is gone. Never called for a thread, which goes with its process. */
  onOrphaned(listener: () => void): void;
  /** Resolves when everything sent has left; the port does not keep the child alive any longer. */
  close(): Promise<void>;
}

/** The port of this process or thread, which must have been started by a supervisor. */
export function openParentPort(): ParentPort {
  if (parentPort !== null) return threadPort(parentPort);
  if (process.send !== undefined) return processPort(process.send.bind(process));
  throw new PvaflowError('PVAFLOW_CHILD', 'this module runs in a child of a supervisor, not by itself');
}

function threadPort(port: MessagePort): ParentPort {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onOrphaned: () => {},
    close: () => {
      port.close();
      return Promise.resolve();
    },
  };
}

function processPort(send: NonNullable<typeof process.send>): ParentPort {
  let lastSent: Promise<void> = Promise.resolve();
  return {
    send: (message) => {
      if (!process.connected) return;
      lastSent = new Promise((resolve) => send(message, undefined, undefined, () => resolve()));
    },
    onMessage: (listener) => void process.on('message', listener),
    onOrphaned: (listener) => void process.once('disconnect', listener),
    close: async () => {
      await lastSent;
      if (process.connected) process.disconnect();
    },
  };
}
