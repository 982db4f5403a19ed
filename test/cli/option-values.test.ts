import { describe, expect, it } from 'vitest';
import { consumerId, seconds, secondsFromZero } from '../../src/cli/option-values.js';
import { runCommand } from './command.js';

describe('option values', () => {
  it.each(['99999999999', 'NaN', 'Infinity', '', '1s'])('%o is no time', (text) => {
    expect(() => seconds(text)).toThrow(/must be/);
  });

  it('a time may be 0, a fraction, or below 0 where that means none', () => {
    expect(['0', '.5', '-1'].map(seconds)).toEqual([0, 0.5, -1]);
    expect(() => secondsFromZero('-1')).toThrow('0 or more');
  });

  it('an id fits the field that shows it', () => {
    expect(consumerId('4294967295')).toBe(4294967295);
    expect(() => consumerId('-1')).toThrow(/from 0/);
    expect(() => consumerId('4294967296')).toThrow(/from 0/);
  });

  it.each([
    ['consumer', '-ic', 'x', '-rt', '1h'],
    ['consumer', '-ic', 'x', '-id', '-1'],
    ['consumer', '-ic', 'x', '-ifs', 'zz'],
    ['consumer', '-ic', 'x', '-cid', 'a,b'],
    ['sim-server', '-rt', 'NaN'],
  ])('that are wrong end %s %s %s %s %s with code 2', async (...args) => {
    const { code, errors } = await runCommand(args.filter((word) => word !== undefined));
    expect(errors.filter((line) => line !== `pvaflow help ${args[0]} shows its options.`)).toHaveLength(1);
    expect(code).toBe(2);
  });

  it('that a channel cannot have end the simulator with a message', async () => {
    const { code, errors } = await runCommand(['sim-server', '-cn', 'sim:a', '-mpv', 'pva://sim:a'], {
      EPICS_PVAS_INTF_ADDR_LIST: '127.0.0.1',
      EPICS_PVAS_SERVER_PORT: '0',
      EPICS_PVAS_BROADCAST_PORT: '0',
    });
    expect(errors.at(-1)).toContain('PVAFLOW_CHANNEL_EXISTS');
    expect(code).toBe(1);
  });

  it('of a frame that is too large end the simulator with a message', async () => {
    const { code, errors } = await runCommand(['sim-server', '-nx', '100000', '-ny', '100000']);
    expect(errors).toEqual([expect.stringContaining('takes more than 2 GiB')]);
    expect(code).toBe(1);
  });
});
