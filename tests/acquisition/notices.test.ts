import { expect, test } from 'vitest';
import { z } from 'zod';
import { type DeviceNotice, type Driver, noticeKinds, type SessionEvents } from '../../drivers/api.ts';
import { opcuaErrors } from '../../drivers/opcua/errors.ts';
import { createAcquisition } from '../../edge/acquisition/acquisition.ts';
import { asText } from '../../edge/core/text.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { pointAt, testHost } from '../drivers/peer.ts';

const clockOff: DeviceNotice = {
  ...{ kind: 'clock-off', active: true, observed: 60, limit: 5, unit: 's' },
  error: opcuaErrors.create('CLOCK', asText('clock of plc is 60 s behind ours')),
};

/** One device whose driver says of itself what the test tells it to say while it opens. */
function oneDevice(opening: DeviceNotice[] = []) {
  const clock = new VirtualClock();
  const said: string[] = [];
  const sessions: SessionEvents[] = [];
  const plc = { opening };
  const driver: Driver = {
    ...{ name: 'scripted', options: z.object({}), validate: () => undefined },
    async open(_device, events) {
      sessions.push(events);
      for (const notice of plc.opening) events.notice?.(notice);
      return { polls: [], close: async () => undefined };
    },
  };
  const definition = { id: 'plc', endpoint: '', options: {}, points: [pointAt(0, 0)] };
  const acquisition = createAcquisition({
    ...{ devices: [{ driver: 'scripted', definition }], drivers: [driver], host: testHost(clock) },
    ...{ onBatch: () => undefined, onDeviceChange: () => undefined },
    onDeviceNotice: (device, { kind, active }) => said.push(`${device} ${kind} ${active ? 'holds' : 'over'}`),
  });
  acquisition.start();
  const lose = () => sessions.at(-1)?.lost(opcuaErrors.create('LOST', asText('gone')));
  return { clock, said, sessions, plc, acquisition, lose };
}

test('a condition stands over a reconnect when the new session confirms it, and is over when it does not', async () => {
  const { clock, said, sessions, plc, acquisition, lose } = oneDevice([clockOff]);
  await clock.advance(1000);
  expect(said).toEqual(['plc clock-off holds']);
  lose();
  await clock.advance(60_000);
  expect(sessions).toHaveLength(2);
  expect(said).toEqual(['plc clock-off holds', 'plc clock-off holds']);
  plc.opening = [];
  lose();
  await clock.advance(25_000);
  expect(said).toHaveLength(2);
  await clock.advance(60_000);
  expect(said.slice(2)).toEqual(['plc clock-off over']);
  await acquisition.stop();
});

test('the end of what never stood is no news, nor is what an old session says', async () => {
  const { clock, said, sessions, acquisition, lose } = oneDevice();
  await clock.advance(1000);
  for (const kind of noticeKinds) sessions[0]?.notice?.({ kind, active: false });
  lose();
  sessions[0]?.notice?.(clockOff);
  await clock.advance(60_000);
  expect(said).toEqual([]);
  sessions.at(-1)?.notice?.(clockOff);
  sessions.at(-1)?.notice?.({ kind: 'clock-off', active: false });
  expect(said).toEqual(['plc clock-off holds', 'plc clock-off over']);
  await acquisition.stop();
});
