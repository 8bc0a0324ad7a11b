import { expect, it } from 'vitest';
import { alarmWords } from '../../edge/alarms/wording.ts';
import { loadPacks } from '../../edge/config/packs.ts';
import type { Finding } from '../../edge/core/finding.ts';

const { packs } = await loadPacks('models');
const evidence = [{ tag: 'plc-7/point', observed: 12.3, expected: 4.56, unit: 'kPa', windowS: 60 }];
const finding = { asset: 'a-1', kind: 'k', from: 'test', active: true, score: 1, time: 0, evidence } satisfies Finding;
const subject = { name: 'A-1', grid: '', location: undefined } as unknown as Parameters<typeof alarmWords>[1];
const told = ['A-1', '12.3', '4.56', 'kPa', 'plc-7/point', '270'];
const han = /\p{Script=Han}/u;

it('every finding that a pack knows is explained in both languages, with the same figures and nothing left to fill in', () => {
  const faults: string[] = [];
  let count = 0;
  for (const [utility, { assets }] of packs)
    for (const [type, { alarms }] of Object.entries(assets))
      for (const [kind, alarm] of Object.entries(alarms)) {
        count++;
        const { message, cause, response } = alarmWords(alarm, subject, finding);
        const { consequence } = alarm;
        const texts = { message, cause, response, ...(consequence ? { consequence } : {}) };
        for (const [part, { zh, en }] of Object.entries(texts)) {
          const figures = (text: string) => told.filter((figure) => text.includes(figure)).join();
          const isWrong = !han.test(zh) || han.test(en) || /[{}]/.test(zh + en) || !/[a-z]{3}/.test(en);
          if (isWrong || figures(zh) !== figures(en)) faults.push(`${utility}.${type}/${kind} ${part}: ${zh} | ${en}`);
        }
      }
  expect(faults).toEqual([]);
  expect(count).toBeGreaterThan(150);
});
