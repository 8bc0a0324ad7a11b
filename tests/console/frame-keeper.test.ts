import { expect, test } from 'vitest';
import type { WireFrame } from '../../edge/core/diagnostics.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { FrameKeeper } from '../../edge/gateway/frame-keeper.ts';

const frame = (at: number): WireFrame => ({
  ...{ at, direction: 'sent', bytes: new Uint8Array(1), describe: () => ({ zh: '', en: '' }) },
});

function run() {
  const clock = new VirtualClock();
  const readers = new Map<string, (frame: WireFrame) => void>();
  const keeper = new FrameKeeper(clock, (device, reader) => {
    readers.set(device, reader);
    return () => readers.delete(device);
  });
  return { clock, readers, keeper, tell: (device: string, at: number) => readers.get(device)?.(frame(at)) };
}

test('keeps the last hundred frames of a device from when somebody looks at it', () => {
  const { keeper, tell, readers } = run();
  tell('a', 0);
  expect([readers.size, keeper.look('a')]).toEqual([0, []]);
  for (let at = 1; at <= 130; at++) tell('a', at);
  expect(keeper.look('a').map(({ at }) => at)).toEqual(Array.from({ length: 100 }, (_, index) => index + 31));
  expect(keeper.look('b')).toEqual([]);
});

test('lets go of a device a minute after somebody looked last', async () => {
  const { keeper, tell, readers, clock } = run();
  keeper.look('a');
  await clock.advance(50_000);
  keeper.look('a');
  await clock.advance(59_000);
  tell('a', 1);
  expect(readers.size).toBe(1);
  await clock.advance(2000);
  tell('a', 2);
  expect(readers.size).toBe(0);
  expect(keeper.look('a')).toEqual([]);
});

test('observes eight devices at once, those looked at last', () => {
  const { keeper, readers } = run();
  for (let device = 0; device < 8; device++) keeper.look(`plc-${device}`);
  keeper.look('plc-0');
  keeper.look('plc-8');
  expect([...readers.keys()].sort()).toEqual([0, 2, 3, 4, 5, 6, 7, 8].map((device) => `plc-${device}`));
});
