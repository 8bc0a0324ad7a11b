import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import { afterEach, describe, expect, it } from 'vitest';
import { browser, built, useBrowser } from './in-browser.ts';
import { type OpenPage, openPage } from './open-page.ts';

/** Every page, with something abnormal on it, and what shows that it is drawn. */
const places: readonly (readonly [place: string, drawn: string])[] = [
  ['overview', '.figure .number'],
  ['alarms', '.alarm-message'],
  ['alarms/dma-3%2Fburst', '.evidence'],
  ['utility/water', '.asset-table'],
  ['asset/dma-3', '.role-table'],
  ['asset/gate-1', '.tile .amount-bad'],
  ['asset/zone-1', '.process .gauge'],
  ['trend/water-dma-b%2Fdma-3-pressure-critical', '.chart canvas'],
  ['trend', '.tag-search'],
  ['trend/water-dma-b%2Fdma-3-inflow/water-dma-b%2Fdma-3-pressure?week=last&span=3600', '.mark-line'],
  ['devices', '.device-table'],
  ['devices/water-dma-b', '.frames, table'],
  ['upstream', '.dead-letters input'],
  ['detection/dma-3', '.claim-table'],
  ['incidents', '.expected-chart canvas'],
  ['models', '.model-actions'],
  ['verdicts', '.verdict'],
  ['account', '.page-head'],
  ['audit', '.audit-table'],
  ['set-up/system', '.facts'],
  ['users', '.empty-line'],
  ['owner/token', '.entrance form'],
  ['nowhere', '.empty'],
];

const app = readFileSync(new URL('../../edge/console/web/src/app.tsx', import.meta.url), 'utf8');
let opened: OpenPage | undefined;

useBrowser();

/** Findings of axe-core that keep people from using a page, each with where it is and what is wrong. */
async function findings({ page }: OpenPage): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`));
}

describe('every page can be read and used by everybody', () => {
  afterEach(() => opened?.close());

  it('is asked of each page that there is', () => {
    const named = new Set([...app.matchAll(/name === '([a-z-]+)'/g)].map(([, name]) => name));
    const asked = new Set(places.map(([place]) => place.split('/')[0]));
    expect([...named].filter((name) => !asked.has(name))).toEqual([]);
  });

  it.each(['zh-CN', 'en-GB'])(
    'without a serious finding of axe-core, in %s',
    async (locale) => {
      opened = await openPage(browser, built, locale);
      const { city, page, url } = opened;
      city.raise({ asset: 'sub-6', kind: 'room-cold', priority: 'medium' });
      await city.source.acts.acknowledge(city.raise({ asset: 'reg-1', kind: 'drift', priority: 'low' }), '李娜');
      const shelved = city.raise({ asset: 'sub-6', kind: 'flow-low' });
      await city.source.acts.shelve(shelved, { by: '李娜', reason: '检修', forMs: 900_000, once: false });
      city.raise({ asset: 'reg-1', kind: 'cabinet-leak', priority: 'critical', safety: true });
      // the newest incident is the one that its page shows
      city.raise({ asset: 'dma-3', kind: 'burst', priority: 'critical' });
      city.raise({ asset: 'dma-3', kind: 'pressure-low', priority: 'high' });
      await city.source.acts.hangTag('zone-1', { by: '李娜', reason: '检修', forMs: 900_000 });
      city.lose('gas-gate');
      const found: string[] = [];
      for (const [place, drawn] of places) {
        await page.goto(`${url}/#/${place}`);
        await page.locator(drawn).first().waitFor();
        for (const finding of await findings(opened)) found.push(`${place}: ${finding}`);
      }
      expect(found).toEqual([]);
    },
    120_000,
  );
});
