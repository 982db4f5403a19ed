import { describe, expect, it } from 'vitest';
import type { MetricsSource } from '../../../src/core/metrics/metric.js';
import { MetricsServer } from '../../../src/core/metrics/server.js';

const loopback = { host: '127.0.0.1', port: 0 };

function sourceOf(changes: Partial<MetricsSource>): MetricsSource {
  return { scrape: () => Promise.resolve([]), notReady: () => undefined, ...changes };
}

const family = { name: 'x_total', help: 'X.', type: 'counter', values: [{ value: 4, labels: { a: 'b' } }] };

describe('MetricsServer', () => {
  it('serves the figures of all its sources', async () => {
    const scrape = () => Promise.resolve([family]);
    await using server = await MetricsServer.listen(loopback, [sourceOf({ scrape }), sourceOf({ scrape })]);
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/metrics`);
    const answer = await fetch(server.url);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await answer.text()).toBe('# HELP x_total X.\n# TYPE x_total counter\nx_total{a="b"} 8\n');
  });

  it('tells whether it works, and why not', async () => {
    const reasons: (string | undefined)[] = ['one is not connected', 'two is not connected'];
    const sources = reasons.map((_, i) => sourceOf({ notReady: () => Promise.resolve(reasons[i]) }));
    await using server = await MetricsServer.listen(loopback, sources);
    const ready = new URL('/ready', server.url);
    const before = await fetch(ready);
    expect([before.status, await before.text()]).toEqual([503, 'one is not connected\ntwo is not connected\n']);
    const health = await fetch(new URL('/health', server.url));
    expect([health.status, await health.text()]).toEqual([200, 'ok\n']);
    reasons.fill(undefined);
    const after = await fetch(ready);
    expect([after.status, await after.text()]).toEqual([200, 'ready\n']);
  });

  it('answers with an error when a source fails, and goes on', async () => {
    const scrape = () => Promise.reject(new Error('no answer from consumer 2'));
    await using server = await MetricsServer.listen(loopback, [sourceOf({ scrape })]);
    const answer = await fetch(server.url);
    expect([answer.status, await answer.text()]).toEqual([500, 'no answer from consumer 2\n']);
    expect((await fetch(new URL('/health', server.url))).status).toBe(200);
  });

  it.each([
    ['POST', '/metrics', 405],
    ['GET', '/metrics?name=x', 200],
    ['HEAD', '/metrics', 200],
    ['GET', '/other', 404],
    ['GET', '/', 200],
  ])('answers %s %s with %d', async (method, path, status) => {
    await using server = await MetricsServer.listen(loopback, [sourceOf({})]);
    expect((await fetch(new URL(path, server.url), { method })).status).toBe(status);
  });

  it('says when its address cannot be had', async () => {
    await using server = await MetricsServer.listen(loopback, []);
    await expect(MetricsServer.listen({ ...loopback, port: server.port }, [])).rejects.toMatchObject({
      code: 'PVAFLOW_METRICS_ADDRESS',
      message: expect.stringContaining(`127.0.0.1:${server.port}`) as string,
    });
  });

  it('answers no more once it is closed', async () => {
    const server = await MetricsServer.listen(loopback, []);
    const { url } = server;
    await server.close();
    await expect(fetch(url)).rejects.toThrow();
  });
});
