import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, PvaflowError } from '../errors.js';
import type { MetricFamily, MetricsSource } from './metric.js';
import { METRICS_CONTENT_TYPE, metricsText } from './text.js';

export interface MetricsAddress {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
}

/**
 * A small web server for whoever watches: `/metrics` for Prometheus, `/health` (the process answers) and `/ready` (it works;
 * 503 and the reason otherwise). It answers reading requests alone and does not keep the process alive.
 */
export class MetricsServer implements AsyncDisposable {
  private constructor(
    readonly server: Server,
    readonly host: string,
  ) {}

  /**
   * @param sources whose figures are shown, together
   * @throws {PvaflowError} PVAFLOW_METRICS_ADDRESS when the address cannot be listened on
   */
  static async listen({ host, port }: MetricsAddress, sources: readonly MetricsSource[]): Promise<MetricsServer> {
    const server = createServer((request, response) => void respond(request, response, sources));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) =>
        reject(
          new PvaflowError(
            'PVAFLOW_METRICS_ADDRESS',
            `metrics cannot be served at ${host}:${port}: ${messageOf(cause)}. Choose another port, or 0 for any`,
            { cause },
          ),
        ),
      );
      server.listen(port, host, resolve);
    });
    server.unref();
    return new MetricsServer(server, host);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Where the figures are. */
  get url(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `http://${host}:${this.port}/metrics`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  sources: readonly MetricsSource[],
): Promise<void> {
  const { status, text, type = 'text/plain; charset=utf-8' } = await answer(request, sources);
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : text);
}

async function answer({ method, url = '' }: IncomingMessage, sources: readonly MetricsSource[]): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'only GET and HEAD are answered\n' };
  try {
    switch (url.replace(/\?.*$/s, '')) {
      case '/metrics':
        return { status: 200, text: await metricsText(await scrapeAll(sources)), type: METRICS_CONTENT_TYPE };
      case '/health':
        return { status: 200, text: 'ok\n' };
      case '/ready':
        return await readiness(sources);
      case '/':
        return { status: 200, text: 'pvaflow: /metrics, /health, /ready\n' };
    }
  } catch (error) {
    return { status: 500, text: `${messageOf(error)}\n` };
  }
  return { status: 404, text: 'there are /metrics, /health and /ready\n' };
}

function scrapeAll(sources: readonly MetricsSource[]): Promise<(readonly MetricFamily[])[]> {
  return Promise.all(sources.map((source) => source.scrape()));
}

async function readiness(sources: readonly MetricsSource[]): Promise<Answer> {
  const answers = await Promise.all(sources.map(async (source) => source.notReady()));
  const reasons = answers.filter((reason) => reason !== undefined);
  return reasons.length === 0 ? { status: 200, text: 'ready\n' } : { status: 503, text: `${reasons.join('\n')}\n` };
}
