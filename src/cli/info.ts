import type { Command } from 'commander';
import { ChannelClient } from './channel-client.js';
import { askEach, writeJson, writeLine } from './output.js';
import { addTimeoutOption, type TimeoutOptions } from './request-options.js';

type InfoOptions = TimeoutOptions & { readonly json?: true };

const examples = `
Examples:
  pvaflow info 13SIM1:Pva1:Image              the fields and their types
  pvaflow info --json X:temperature           the same as a JSON document`;

export function addInfoCommand(program: Command): void {
  const command = program
    .command('info')
    .description('Show the structure of channels: the names and types of all fields.')
    .argument('<channels...>', 'names of the channels; ca://NAME over Channel Access')
    .option('--json', 'print one JSON document per channel')
    .addHelpText('after', examples)
    .action(info);
  addTimeoutOption(command);
}

async function info(channels: readonly string[], options: InfoOptions): Promise<void> {
  using client = new ChannelClient();
  await askEach(
    channels,
    (channel) => client.info(channel, { timeout: options.timeout }),
    (channel, type) => (options.json ? writeJson({ channel, type }) : writeLine(`${channel}\n${type.toString()}`)),
  );
}
