import type { Command } from 'commander';

/** A command as the help of `pvaflow` shows it; its file is loaded when it is used. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  /** Loads the file of the command and hands over its `addXCommand`. */
  readonly load: () => Promise<(program: Command) => void>;
}

const STREAMS = 'Process a stream of images:';
const PROJECTS = 'Configure:';
const CHANNELS = 'Look at channels and change them:';

/** Every command, in the order of the help. A new command is one entry here and one file. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'consumer',
    summary: 'take the images of a channel through a processor',
    group: STREAMS,
    load: async () => (await import('./consumer.js')).addConsumerCommand,
  },
  {
    name: 'collector',
    summary: 'gather the streams of several producers, in order',
    group: STREAMS,
    load: async () => (await import('./collector.js')).addCollectorCommand,
  },
  {
    name: 'splitter',
    summary: 'spread the stream of a channel over several',
    group: STREAMS,
    load: async () => (await import('./splitter.js')).addSplitterCommand,
  },
  {
    name: 'sim-server',
    summary: 'serve a channel with simulated detector images',
    group: STREAMS,
    load: async () => (await import('./sim-server.js')).addSimServerCommand,
  },
  {
    name: 'mirror-server',
    summary: 'serve channels of other servers again',
    group: STREAMS,
    load: async () => (await import('./mirror-server.js')).addMirrorServerCommand,
  },
  {
    name: 'top',
    summary: 'watch all consumers by their status channels',
    group: STREAMS,
    load: async () => (await import('./top.js')).addTopCommand,
  },
  {
    name: 'demo',
    summary: 'see all of it at work for half a minute',
    group: STREAMS,
    load: async () => (await import('./demo.js')).addDemoCommand,
  },
  {
    name: 'init',
    summary: 'make a project: a processor, its test and a configuration',
    group: PROJECTS,
    load: async () => (await import('./init.js')).addInitCommand,
  },
  {
    name: 'check',
    summary: 'say what is wrong with configuration files',
    group: PROJECTS,
    load: async () => (await import('./check.js')).addCheckCommand,
  },
  {
    name: 'get',
    summary: 'read channels once',
    group: CHANNELS,
    load: async () => (await import('./get.js')).addGetCommand,
  },
  {
    name: 'put',
    summary: 'write to a channel',
    group: CHANNELS,
    load: async () => (await import('./put.js')).addPutCommand,
  },
  {
    name: 'monitor',
    summary: 'print every change of channels',
    group: CHANNELS,
    load: async () => (await import('./monitor.js')).addMonitorCommand,
  },
  {
    name: 'info',
    summary: 'show the fields of channels and their types',
    group: CHANNELS,
    load: async () => (await import('./info.js')).addInfoCommand,
  },
  {
    name: 'rpc',
    summary: 'call a remote procedure',
    group: CHANNELS,
    load: async () => (await import('./rpc.js')).addRpcCommand,
  },
  {
    name: 'list',
    summary: 'list servers and the channels that they serve',
    group: CHANNELS,
    load: async () => (await import('./list.js')).addListCommand,
  },
  {
    name: 'view',
    summary: 'show the live image of a detector in the terminal',
    group: CHANNELS,
    load: async () => (await import('./view.js')).addViewCommand,
  },
];
