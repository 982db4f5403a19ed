/** The options of commands that take the objects of one input: consumers and splitters. */
import type { Command } from 'commander';
import type { Override } from '../core/schema/configuration.js';
import type { ConfigDocument } from '../core/schema/document.js';
import { addDistributorOptions, distributorOverrides, type DistributorCliOptions } from './distributor-options.js';
import type { Given, OptionPlaces } from './given-options.js';
import { jsonObject, numberOption, secondsFromZero, wholeNumber } from './option-values.js';
import { hasQueue, streamCombined, streamPlaces } from './stream-settings.js';
import type { StreamCliOptions } from './stream-options.js';

export interface SingleInputCliOptions<Part extends string = string>
  extends DistributorCliOptions, StreamCliOptions<Part> {
  inputMode: string;
  inputArgs?: Record<string, unknown>;
  outputMode: string;
  outputArgs?: Record<string, unknown>;
  accumulateObjects: number;
  accumulationTimeout: number;
}

export function addSingleInputOptions(command: Command): void {
  command
    .option('--input-mode <mode>', 'pva, pvas, rpc or ca', 'pva')
    .option('--input-args <json>', 'arguments of the receiver; pvas, rpc: maxWaiting (1000)', jsonObject)
    .option('--output-mode <mode>', 'pvas, pva or rpc', 'pvas')
    .option(
      '--output-args <json>',
      'arguments of the publisher; pvas: queueFrames, queueBytes; pva, rpc: maxWaiting (8); rpc: server',
      jsonObject,
    )
    .option('--oid-field <field>', 'field with the id by which missed frames are told', 'uniqueId')
    .option(
      '--oid-offset <n>',
      'how far ids are apart from one turn to the next; 0: from the distributor options',
      numberOption(0, true),
      0,
    )
    .option(
      '--skip-initial-updates <n>',
      'updates at the beginning that are not processed, 0 or less: none; by default 1 in the modes pva and ca, else 0',
      wholeNumber,
    )
    .option('--accumulate-objects <n>', 'process when so many are queued; needs a receiver queue', wholeNumber, -1)
    .option('--accumulation-timeout <s>', '… or when nothing came for so long', secondsFromZero, 1);
  addDistributorOptions(command);
}

/** The settings that they stand for. */
export const singleInputPlaces: OptionPlaces<SingleInputCliOptions> = {
  ...streamPlaces,
  inputMode: { path: ['input', 'mode'] },
  inputArgs: { path: ['input', 'args'] },
  outputMode: { path: ['output', 'mode'] },
  outputArgs: { path: ['output', 'args'] },
};

/** The settings that several of them say together. */
export function singleInputCombined(
  given: Given<SingleInputCliOptions>,
  document: ConfigDocument | undefined,
): Override[] {
  return [
    ...streamCombined(given, document),
    ...(hasQueue(given, document) ? accumulateOverrides(given) : []),
    ...distributorOverrides(given, document),
  ];
}

/** How many objects are to gather, where there is a queue for them. */
function accumulateOverrides(given: Given<SingleInputCliOptions>): Override[] {
  const path = ['input', 'queue', 'accumulate'];
  const objects = given.value('accumulateObjects');
  if (objects === undefined || objects <= 0) return given.overrides({ accumulateObjects: { path, read: nothing } });
  return given.overrides({
    accumulateObjects: { path: [...path, 'objects'] },
    accumulationTimeout: { path: [...path, 'timeout'] },
  });
}

const nothing = (): undefined => undefined;
