import type { Command } from 'commander';
import type { PvObject } from '../pva/pv-object.js';
import { ChannelClient } from './channel-client.js';
import { writeJson } from './output.js';
import { addPrintOptions, printValue, type PrintOptions } from './print.js';
import { parsePut } from './put-value.js';
import { addTimeoutOption, type TimeoutOptions } from './request-options.js';

interface PutOptions extends TimeoutOptions, PrintOptions {
  readonly quiet?: true;
}

const examples = `
Examples:
  pvaflow put X:setpoint 21.5
  pvaflow put X:name "sample 7"
  pvaflow put X:shutter Open                  a choice of an enumeration, by its label or number
  pvaflow put X:curve 1 2 3.5                 an array; '[1, 2, 3.5]' is the same, '[]' is an empty one
  pvaflow put X:setpoint -- -4                after --, a minus is no option
  pvaflow put X:state value=3 alarm.severity=1
  pvaflow put consumer:1:control '{"command": "configure", "args": "{\\"level\\": 120}"}'`;

export function addPutCommand(program: Command): void {
  const command = program
    .command('put')
    .description('Write to a channel: one value, the elements of an array, fields by name, or a JSON object of fields.')
    .argument('<channel>', 'name of the channel; ca://NAME over Channel Access')
    .argument('<values...>', 'value, elements, field=value, or a JSON object')
    .option('-q, --quiet', 'do not print the value before and after')
    .addHelpText('after', examples)
    .action(put);
  addTimeoutOption(addPrintOptions(command));
}

async function put(channel: string, words: readonly string[], options: PutOptions): Promise<void> {
  using client = new ChannelClient();
  const { timeout } = options;
  const before = await client.get(channel, { timeout });
  const fields = parsePut(words, before.type.spec, (path) => before.get<string[]>(`${path}.choices`));
  await client.put(channel, fields, { timeout });
  if (options.quiet) return;
  await printChange(channel, before, await client.get(channel, { timeout }), options);
}

async function printChange(channel: string, before: PvObject, after: PvObject, options: PutOptions): Promise<void> {
  if (options.json) return writeJson({ channel, before, after });
  await printValue(`Old: ${channel}`, before, options);
  await printValue(`New: ${channel}`, after, options);
}
