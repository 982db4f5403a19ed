import { InvalidArgumentError, type Command } from 'commander';
import { getLogger } from '../core/logger.js';
import type { MetricsSource } from '../core/metrics/metric.js';
import { MetricsServer, type MetricsAddress } from '../core/metrics/server.js';
import type { OptionPlaces } from './given-options.js';

export interface MetricsCliOptions {
  readonly metrics?: MetricsAddress | undefined;
}

/** The setting that the option stands for. */
export const metricsPlaces: OptionPlaces<MetricsCliOptions> = { metrics: { path: ['metrics'] } };

const LOOPBACK = '127.0.0.1';

export function addMetricsOption(command: Command): void {
  command.option(
    '--metrics <address>',
    'serve figures for Prometheus, /health and /ready at this port of this machine; host:port for others to reach it; port 0: any',
    metricsAddress,
  );
}

/** Serves the figures of these sources if the user wants it, until it is disposed of. */
export async function serveMetrics(
  { metrics }: MetricsCliOptions,
  ...sources: readonly MetricsSource[]
): Promise<AsyncDisposable> {
  if (metrics === undefined) return { [Symbol.asyncDispose]: () => Promise.resolve() };
  const server = await MetricsServer.listen(metrics, sources);
  getLogger('metrics').info(`serving ${server.url}`);
  return server;
}

/** `9105`, `0.0.0.0:9105`, `[::1]:9105`, `:9105` for all interfaces. */
export function metricsAddress(text: string): MetricsAddress {
  const parts = /^(?:(\[[^\]]+\]|[^:]*):)?(\d+)$/.exec(text.trim());
  const port = Number(parts?.[2]);
  if (parts === null || port > 65535) throw new InvalidArgumentError('It must be a port, or host:port.');
  const host = parts[1]?.replace(/^\[(.*)\]$/, '$1');
  return { host: host === undefined ? LOOPBACK : host === '' ? '0.0.0.0' : host, port };
}
