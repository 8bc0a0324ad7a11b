import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { realClock } from '../../edge/core/clock.ts';
import { city, errors, eventually, foreign, go, heading, open, page, usePage } from './page-in-browser.ts';

const clock = realClock();

usePage();

describe('the page of trends', () => {
  it('draws points found by their names on an axis for each unit, with a cursor, a mark and a week before, and keeps them in its address', async () => {
    city.raise({ asset: 'dma-3', kind: 'burst', priority: 'critical', message: { zh: '爆管', en: 'Burst suspected' } });
    await go('trend');
    const search = page.getByRole('combobox', { name: 'Add a point' });
    await search.fill('哈西分区 critical point');
    await page.getByRole('option').waitFor();
    await search.press('Enter');
    await search.fill('dma-3 inflow');
    await page.getByRole('option', { name: 'water-dma-b/dma-3-inflow' }).waitFor();
    await search.press('ArrowDown');
    await search.press('ArrowUp');
    await search.press('Enter');
    const rows = page.getByRole('table', { name: 'Values' }).locator('tbody tr');
    await eventually(() => rows.count()).toBe(2);
    await eventually(() => page.locator('.u-axis').count()).toBe(3);
    await page.getByRole('button', { name: '1 h', exact: true }).click();
    await page.getByRole('button', { name: 'Compare with last week' }).click();
    await page.getByRole('button', { name: 'Compare with last week', pressed: true }).waitFor();
    await page.locator('.chart').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    for (let at = 0; at < 3; at++) await page.keyboard.press('PageDown');
    for (const name of ['At the cursor', 'At the mark', 'Difference', 'A week before'])
      await page.getByRole('columnheader', { name }).waitFor();
    await eventually(() => page.locator('.chart').getAttribute('aria-valuetext')).toMatch(
      /^\d\d:\d\d:\d\d, 哈西分区 Pressure at the critical point 0\.\d+ MPa, 哈西分区 Inflow [\d.]+ m³\/h$/,
    );
    await eventually(() => rows.first().textContent()).toMatch(/^A.*Good.*(0\.\d+ MPa){2}−?0\.\d+ MPa0\.\d+ MPa/);

    await page.reload();
    await eventually(() => rows.count()).toBe(2);
    expect(page.url()).toMatch(
      /#\/trend\/water-dma-b%2Fdma-3-pressure-critical\/water-dma-b%2Fdma-3-inflow\?span=3600&week=last$/,
    );
    await page.getByRole('button', { name: 'Earlier' }).click();
    await eventually(() => page.url()).toMatch(/&to=\d+/);
    await page.getByText('No alarms in this span').waitFor();
    await page.getByRole('button', { name: 'Later' }).click();
    await page.getByRole('link', { name: 'Burst suspected' }).waitFor();
    const plot = page.locator('.chart .u-over');
    const box = (await vi.waitUntil(() => plot.boundingBox(), { timeout: 8_000 }))!; // another span is another plot
    await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await eventually(() => Number(/span=(\d+)/.exec(page.url())?.[1])).toBeLessThan(1_200);
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('button', { name: '移除: 哈西分区 进口流量' }).click();
    await heading('最不利点压力').waitFor();
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('saves what a trend shows as CSV, and marks the truth of a simulated city from a file that stays in the browser', async () => {
    await go('trend/water-dma-b%2Fdma-3-inflow');
    await page.locator('.chart canvas').waitFor();
    await page.getByRole('cell', { name: /m³/ }).nth(1).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as CSV' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
    expect(download.suggestedFilename()).toMatch(/^trend-\d{4}-\d\d-\d\d-\d{6}\.csv$/);
    expect(lines[0]).toBe('\uFEFFtime,water-dma-b/dma-3-inflow [m³/h]');
    expect(lines.length).toBeGreaterThan(500);
    expect(lines.at(-1)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z,1\d\d/);
    const startMs = clock.wallMs() - 60_000;
    const [start, end] = [0, 30_000].map((lateMs) => new Date(startMs + lateMs).toISOString());
    const happened = { type: 'truth', id: 'h1', affected: ['dma-3'], expectedTags: [], startMs, start, end };
    const truth = [
      { ...happened, text: { zh: '爆管', en: 'Main burst' } },
      { ...happened, id: 'h2', affected: ['dma-1'] },
    ];
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(`${request.method()} ${request.url()}`));
    await page.getByLabel('Read truth from a file').setInputFiles({
      ...{ name: 'truth.jsonl', mimeType: 'text/plain' },
      buffer: Buffer.from(`${truth.map((line) => JSON.stringify(line)).join('\n')}\nnot a line\n`),
    });
    await page.getByText('1 things that happened were read').waitFor();
    await page.getByText('Truth: Main burst').waitFor();
    expect(asked.filter((line) => line.startsWith('POST'))).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('marks what truly happens in a simulated city by itself where its gateway is told, as it goes on, and takes no file then', async () => {
    const startMs = clock.wallMs() - 60_000;
    const line = (kind: string, text: { zh: string; en: string }) =>
      `${JSON.stringify({ type: 'truth', id: kind, affected: ['dma-3'], expectedTags: [], startMs, start: '', end: null, text })}\n`;
    let lines = '';
    await open('en-GB', { truth: async () => lines });
    await go('trend/water-dma-b%2Fdma-3-inflow');
    await page.locator('.chart canvas').waitFor();
    await eventually(() => page.getByLabel('Read truth from a file').count()).toBe(0);
    lines = line('burst', { zh: '干管爆裂', en: 'Main burst' });
    await page.getByText('Truth: Main burst').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByText('真值: 干管爆裂').waitFor();
    expect(errors).toEqual([]);
  });
});
