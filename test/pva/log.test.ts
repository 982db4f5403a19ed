import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/core/package-root.js';

/** stderr of a process in which a server asks for the port of another. */
function said(log: string | undefined): string {
  const entry = pathToFileURL(join(packageRoot(), 'src/index.ts')).href;
  const script = `
    const { PvaServer } = await import('${entry}');
    const first = new PvaServer({ isolated: true });
    const second = new PvaServer({ isolated: true, port: first.port });
    console.log(first.port !== second.port);
    second.close();
    first.close();`;
  const env = { ...process.env };
  delete env['PVXS_LOG'];
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: packageRoot(),
    encoding: 'utf8',
    env: { ...env, ...(log !== undefined && { PVXS_LOG: log }) },
  });
  expect(stdout).toBe('true\n');
  return stderr;
}

describe('the log of PVXS', () => {
  it('keeps quiet about what JavaScript is told', () => {
    expect(said(undefined)).not.toContain('falling back');
  });

  it.each(['pvxs.tcp.setup=WARN', 'pvxs.*=WARN'])('is written as PVXS_LOG=%s asks', (log) => {
    expect(said(log)).toContain('falling back');
  });
});
