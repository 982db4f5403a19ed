import type { Command } from 'commander';
import { PvaClient } from '../pva/client.js';
import { remark } from './output.js';
import { onStopRequest } from './stop-requests.js';
import { factsOf } from './view/frame-facts.js';
import { FrameFeed } from './view/frame-feed.js';
import { viewAsLines } from './view/plain-view.js';
import { writePng } from './view/png-file.js';
import { viewInTerminal } from './view/terminal-view.js';
import { addViewOptions, type ViewOptions } from './view/view-options.js';

/** The newest frame alone is of interest, and a detector's server must not have to wait for it to be drawn. */
const MONITOR = {
  pipeline: false,
  queueSize: 2,
  queue: { frames: 1, bytes: 1024 * 1024 * 1024, onFull: 'dropOldest' },
  dedicated: true,
} as const;

const examples = `
Examples:
  pvaflow view 13SIM1:Pva1:Image              the live image in this terminal, until Ctrl-C
  pvaflow view --range 0,4095 --color-map grey 13SIM1:Pva1:Image
  pvaflow view --reduce max 13SIM1:Pva1:Image     keeps small bright spots
  pvaflow view 13SIM1:Pva1:Image | tee log    a line each second: id, rate, size, min, max
  pvaflow view --png now.png 13SIM1:Pva1:Image    the next image as a file`;

export function addViewCommand(program: Command): void {
  const command = program
    .command('view')
    .description('Show the live image of an area detector (NTNDArray) in the terminal, or write one image as PNG.')
    .argument('<channel>', 'name of the channel')
    .addHelpText('after', examples)
    .action(view);
  addViewOptions(command);
}

async function view(channel: string, options: ViewOptions, command: Command): Promise<void> {
  const inTerminal = process.stdout.isTTY && !options.plain && options.png === undefined;
  using client = new PvaClient();
  const subscription = client.monitor(channel, MONITOR);
  const search = client.describeSearch();
  using feed = new FrameFeed(subscription, options.timeout, search, inTerminal ? undefined : remark);
  using _signals = onStopRequest(() => feed.close());
  if (options.png !== undefined) await viewOnce(channel, feed, options, command);
  else if (inTerminal) await viewInTerminal(channel, feed, process.stdout, options);
  else await viewAsLines(channel, feed, options.count);
  if (feed.error) throw feed.error;
}

/** Writes the first frame that has an image. */
async function viewOnce(channel: string, feed: FrameFeed, options: ViewOptions, command: Command): Promise<void> {
  while (!feed.ended) {
    await feed.untilReadable(1000);
    const frame = feed.refresh() && feed.current && factsOf(channel, feed.current);
    if (!frame) continue;
    return writePng(channel, frame, options, command.getOptionValueSource('colorMap') === 'cli');
  }
}
