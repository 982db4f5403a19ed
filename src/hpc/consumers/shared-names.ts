import type { CompleteConsumerConfig } from '../consumer-config.js';

/** A channel that several consumers would serve: each client finds one of them, and nobody knows which. */
export interface SharedName {
  readonly channel: string;
  readonly consumerIds: readonly number[];
}

/** The channels that more than one of these consumers serves. */
export function sharedNames(configs: readonly CompleteConsumerConfig[]): SharedName[] {
  const servers = new Map<string, number[]>();
  for (const config of configs) {
    for (const channel of servedBy(config)) servers.set(channel, [...(servers.get(channel) ?? []), config.consumerId]);
  }
  return [...servers]
    .map(([channel, consumerIds]) => ({ channel, consumerIds }))
    .filter(({ consumerIds }) => consumerIds.length > 1);
}

function servedBy({ channels, inputMode, outputMode }: CompleteConsumerConfig): string[] {
  const { input, output, status, control } = channels;
  const isHosted = inputMode === 'pvas' || inputMode === 'rpc';
  const names = [isHosted ? input : undefined, outputMode === 'pvas' ? output : undefined, status, control];
  return names.filter((name) => name !== undefined);
}
