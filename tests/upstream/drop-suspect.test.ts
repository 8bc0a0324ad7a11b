import { expect, it } from 'vitest';
import { asText } from '../../edge/core/text.ts';
import { DropSuspect } from '../../edge/upstream/drop-suspect.ts';
import { mqttErrors } from '../../edge/upstream/errors.ts';

const lost = mqttErrors.create('LOST', asText('connection ended'));

/** A connection on which events go, of which some are taken, until it ends. */
function connection(
  drops: DropSuspect,
  sent: Readonly<Record<number, number>>,
  { taken = [] as readonly number[], reason = lost, afterMs = 10 } = {},
) {
  for (const [sequence, bytes] of Object.entries(sent)) drops.sent(Number(sequence), bytes, 0);
  for (const sequence of taken) drops.taken(sequence);
  drops.ended(reason, afterMs);
}

it('names an event at which five connections in a row were dropped, with its size, and not before', () => {
  const drops = new DropSuspect();
  connection(drops, { 7: 400, 8: 9_000, 9: 300 }, { taken: [7] });
  for (let times = 1; times < 5; times++) {
    expect([drops.sequence, drops.verdict(8, 'mqtt://h')]).toEqual([8, undefined]);
    connection(drops, { 8: 9_000 });
  }
  expect(drops.verdict(8, 'mqtt://h')?.message).toContain('9000 bytes to mqtt://h');
  expect(drops.verdict(9, 'mqtt://h')).toBeUndefined();
  drops.forget();
  expect(drops.sequence).toBeUndefined();
});

it.each([
  ['goes through in between', { taken: [8] }, 9_000],
  ['is no larger than what was taken before', {}, 400],
  ['was under way for long', { afterMs: 20_000 }, 9_000],
  ['met with another reason', { reason: mqttErrors.create('UNAUTHORISED', asText('no')) }, 9_000],
])('suspects no event that %s', (_, how, bytes) => {
  const drops = new DropSuspect();
  connection(drops, { 7: 400 }, { taken: [7] });
  for (let times = 0; times < 20; times++) connection(drops, { 8: bytes }, how);
  expect(drops.sequence).toBeUndefined();
  expect(drops.verdict(8, 'mqtt://h')).toBeUndefined();
});

it('begins to count anew when another event is the oldest at a drop', () => {
  const drops = new DropSuspect();
  for (let times = 0; times < 4; times++) connection(drops, { 8: 9_000 });
  connection(drops, { 9: 9_000 });
  expect(drops.sequence).toBe(9);
  for (let times = 0; times < 3; times++) connection(drops, { 9: 9_000 });
  expect(drops.verdict(9, 'mqtt://h')).toBeUndefined();
});
