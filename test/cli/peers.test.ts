import { describe, expect, test } from 'vitest';
import { clientOf } from '../peers/network.js';
import { usePeers } from '../peers/peers.js';
import { startPvapySimulator } from '../peers/python.js';
import { runCommand } from './command.js';

const peers = usePeers();

describe('the commands, against the simulator of pvaPy', () => {
  test('read, list, watch and view its channel', async () => {
    const args = ['-cn', 'py:image', '-nx', '64', '-ny', '32', '-dt', 'uint8', '-fps', '50', '-rt', '60'];
    const { place } = await startPvapySimulator(peers, [...args, '-std', '1', '-shd', '0']);
    const env = clientOf(place);
    const run = async (...words: string[]) => {
      const { code, output, errors } = await runCommand(words, env);
      expect({ words, code, errors }).toEqual({ words, code: 0, errors: [] });
      return output;
    };
    expect((await run('get', '--field', 'uniqueId', 'py:image'))[0]).toBe('py:image');
    expect(await run('list', `127.0.0.1:${place.tcpPort}`)).toContain('py:image');
    const updates = await run('monitor', '--json', '--count', '2', '--field', 'uniqueId', 'py:image');
    expect(updates.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
      'connected',
      'update',
      'update',
    ]);
    const lines = await run('view', '--count', '1', 'py:image');
    expect(lines[0]).toMatch(/64×32 uint8 {2}min \d+ {2}max \d+$/);
  });
});
