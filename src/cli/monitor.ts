import { plural } from '../core/figures.js';
import type { Command } from 'commander';
import type { PvaflowError } from '../core/errors.js';
import type { PvObject } from '../pva/pv-object.js';
import type { MonitorEvent, UpdateStream } from '../pva/update-stream.js';
import { ChannelClient, refuseRequestOverCa } from './channel-client.js';
import { reportError } from './exit.js';
import { numberOption } from './option-values.js';
import { remark, writeJson } from './output.js';
import { addPrintOptions, printValue, type PrintOptions } from './print.js';
import { addRequestOptions, requestOf, type RequestOptions } from './request-options.js';
import { onStopRequest } from './stop-requests.js';
import { Waiting } from './waiting.js';

/** Updates that wait to be printed; older ones are left out when a channel is faster than the reader of our output. */
const QUEUE = { frames: 1000, bytes: 256 * 1024 * 1024, onFull: 'dropOldest' } as const;

interface MonitorCommandOptions extends RequestOptions, PrintOptions {
  readonly count?: number;
  readonly timeout?: number;
}

const examples = `
Examples:
  pvaflow monitor X:temperature X:pressure    every change of two channels, until Ctrl-C
  pvaflow monitor --count 10 X:temperature    ten changes, then the end
  pvaflow monitor --field uniqueId 13SIM1:Pva1:Image | head
  pvaflow monitor --json X:temperature | jq -c '[.event, .value.value]'

When a server goes away, and when it comes back, a line on stderr says so (with --json, a document on
stdout). A monitor that prints slower than the channel changes leaves updates out, and says how many.
One that is stopped (Ctrl-Z) makes a server wait that waits for its subscribers: end it instead.`;

export function addMonitorCommand(program: Command): void {
  const command = program
    .command('monitor')
    .description('Print a line for every change of channels, until Ctrl-C.')
    .argument('<channels...>', 'names of the channels; ca://NAME over Channel Access')
    .option('-c, --count <n>', 'end after so many updates of all channels together', numberOption(1, true))
    .option(
      '-w, --timeout <seconds>',
      'give up when a channel is not there in this time (default: keep trying)',
      numberOption(0),
    )
    .addHelpText('after', examples)
    .action(monitor);
  addPrintOptions(addRequestOptions(command));
}

async function monitor(channels: readonly string[], options: MonitorCommandOptions): Promise<void> {
  refuseRequestOverCa(channels, options.request);
  using client = new ChannelClient();
  const request = requestOf(options);
  const streams = channels.map((channel) => [channel, client.monitor(channel, monitorOptions(request))] as const);
  const closeAll = () => streams.forEach(([, stream]) => stream.close());
  using _signals = onStopRequest(closeAll);
  const printer = new Printer(options, closeAll);
  await Promise.all(
    streams.map(([channel, stream]) =>
      follow(channel, stream, printer, options.timeout, client.describeSearch(channel)),
    ),
  );
}

/** Without a pipeline, unless the user's request says otherwise: somebody who looks on must not make a server wait. */
function monitorOptions(request: string | undefined) {
  if (request === undefined) return { pipeline: false, queue: QUEUE };
  return { request, queue: QUEUE, ...(!request.includes('pipeline') && { pipeline: false }) };
}

/** Prints what comes from one channel until its subscription is closed. */
async function follow(
  name: string,
  subscription: UpdateStream,
  printer: Printer,
  timeout: number | undefined,
  search: string,
): Promise<void> {
  const giveUp = (error: PvaflowError) => {
    reportError(error);
    subscription.close();
  };
  using waiting = new Waiting(subscription, timeout, search, { say: remark, giveUp });
  waiting.begin();
  for await (const event of subscription) {
    if (event.type === 'disconnected') waiting.begin();
    else waiting.end();
    await printer.show(name, event);
  }
  const { dropped } = subscription.stats();
  if (dropped > 0)
    remark(
      `${name}: ${dropped} ${plural(dropped, 'update')} came faster than could be printed, and ${dropped === 1 ? 'was' : 'were'} left out`,
    );
}

class Printer {
  private printed = 0;
  private readonly gone = new Set<string>();

  constructor(
    private readonly options: MonitorCommandOptions,
    private readonly enough: () => void,
  ) {}

  async show(channel: string, event: MonitorEvent): Promise<void> {
    if (event.type === 'update') return this.update(channel, event.value);
    if (event.type === 'error') reportError(event.error);
    else await this.connection(channel, event.type);
  }

  private async update(channel: string, value: PvObject): Promise<void> {
    using update = value;
    if (this.printed === this.options.count) return;
    this.printed++;
    await printValue(channel, update, this.options, { event: 'update' });
    if (this.printed === this.options.count) this.enough();
  }

  /** The first connection is no news; that a channel went, and that it came back, is. */
  private async connection(channel: string, event: 'connected' | 'disconnected' | 'finished'): Promise<void> {
    if (this.options.json) return writeJson({ channel, event, time: new Date().toISOString() });
    if (event === 'disconnected') {
      this.gone.add(channel);
      remark(`${channel}: disconnected; waiting for it to come back`);
    } else if (event === 'finished') remark(`${channel}: the server ended the stream`);
    else if (this.gone.delete(channel)) remark(`${channel}: connected again`);
  }
}
