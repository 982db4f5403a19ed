import type { Command } from 'commander';
import { ChannelClient, refuseRequestOverCa } from './channel-client.js';
import { askEach } from './output.js';
import { addPrintOptions, printValue, type PrintOptions } from './print.js';
import {
  addRequestOptions,
  addTimeoutOption,
  getOptions,
  type RequestOptions,
  type TimeoutOptions,
} from './request-options.js';

type GetOptions = RequestOptions & TimeoutOptions & PrintOptions;

const examples = `
Examples:
  pvaflow get X:temperature X:pressure        time, value and alarm of two channels
  pvaflow get -v 13SIM1:Pva1:Image            the whole structure of an image
  pvaflow get --field uniqueId,dimension 13SIM1:Pva1:Image
  pvaflow get --json X:temperature | jq .value.value
  pvaflow get ca://IOC:m1.RBV                 over Channel Access`;

export function addGetCommand(program: Command): void {
  const command = program
    .command('get')
    .description('Read channels once. All are asked at the same time and printed in the order of their names here.')
    .argument('<channels...>', 'names of the channels; ca://NAME over Channel Access')
    .addHelpText('after', examples)
    .action(get);
  addTimeoutOption(addPrintOptions(addRequestOptions(command)));
}

async function get(channels: readonly string[], options: GetOptions): Promise<void> {
  using client = new ChannelClient();
  refuseRequestOverCa(channels, options.request);
  await askEach(
    channels,
    (channel) => client.get(channel, getOptions(options)),
    (channel, value) => printValue(channel, value, options),
  );
}
