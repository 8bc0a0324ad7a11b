import { readFile, rm } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readPage } from '../../edge/console/page-files.ts';
import type { Console, ConsoleOptions } from '../../edge/console/server.ts';
import { realClock } from '../../edge/core/clock.ts';
import { textValue } from '../../edge/core/text-value.ts';
import type { Fixture } from './fixture.ts';
import { buildPage, executablePath, launchBrowser, missing, type OpenPage, openPage } from './open-page.ts';

const firstLoadLimitBytes = 150_000;
const clock = realClock();

let built: string;
let browser: Browser;
let opened: OpenPage;
let city: Fixture;
let server: Console;
let url: string;
let page: Page;
let errors: string[];
let foreign: string[];

beforeAll(async () => {
  built = await buildPage();
  if (!missing) browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await rm(built, { recursive: true, force: true });
});

async function open(locale: string, role: ConsoleOptions['localRole'] = 'engineer'): Promise<void> {
  opened = await openPage(browser, built, locale, { localRole: role });
  ({ city, server, url, page, errors, foreign } = opened);
}

const go = (place: string) => page.goto(`${url}/#/${place}`);
/** Polls with a patience that a busy machine needs; deadlines of the product are `waitFor` with their own figure. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 8_000 });
const heading = (name: string) => page.getByRole('heading', { name, exact: true });

/** Presses Tab until the focus is on something of that name; no pointer involved. */
async function tabTo(name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    // past the last one the browser itself has the focus
    if ((await focused.count()) === 0) continue;
    const label = (await focused.getAttribute('aria-label')) ?? (await focused.textContent()) ?? '';
    if (name.test(label)) return;
  }
  throw new Error(`no Tab stop is called ${name}`);
}

describe('the built page', () => {
  it('is at most 150 kB over the wire, with no script or style inside the document', async () => {
    const files = (await readPage(pathToFileURL(`${built}/`))).filter(({ path }) => path !== '/index.html');
    expect(files.length).toBeGreaterThanOrEqual(4);
    const bytes = files.reduce((total, { gzip }) => total + gzip.byteLength, 0);
    expect(bytes).toBeLessThanOrEqual(firstLoadLimitBytes);
    const document = String(files.find(({ path }) => path === '/')?.body);
    expect(document).not.toMatch(/<style|<script(?![^>]*\bsrc=)|style=/);
  });
});

describe('the page in a browser', () => {
  beforeEach(async (context) => {
    if (missing && process.env['CI']) throw new Error(`no browser at ${executablePath}; set CHROMIUM`);
    context.skip(missing, `no browser at ${executablePath}; set CHROMIUM to run the tests of the page`);
    await open('en-GB');
  });

  afterEach(async () => {
    await opened?.close();
  });

  it('shows live values with unit, quality and age on every place, without an error or a request elsewhere', async () => {
    await go('overview');
    const flow = page.locator('.figure', { hasText: 'Station flow' });
    const number = flow.locator('.number');
    await number.waitFor();
    const before = await number.textContent();
    await eventually(() => number.textContent()).not.toBe(before);
    expect(await flow.textContent()).toMatch(/Station flow\s*\d+ s\s*[\d.]+\s*m³\/h\s*Good/);

    await page.getByRole('link', { name: 'Water', exact: true }).first().click();
    await heading('Metered district').waitFor();
    const lyingOver = () =>
      page
        .locator('th')
        .evaluateAll((all) => all.filter((th) => th.scrollWidth > th.clientWidth).map((th) => th.textContent));
    expect(await lyingOver()).toEqual([]);
    await page.getByRole('link', { name: '哈西分区' }).click();
    await heading('哈西分区').waitFor();
    await page.getByRole('table').getByRole('link', { name: 'Inlet pressure' }).click();
    await heading('Inlet pressure').waitFor();
    await page.locator('.chart canvas').waitFor();
    await page.getByRole('button', { name: '1 h', exact: true }).click();
    await page.getByRole('columnheader', { name: 'lowest' }).waitFor();
    await page.getByRole('slider').focus();
    await page.keyboard.press('ArrowLeft');
    const spoken = () => page.getByRole('slider').getAttribute('aria-valuetext');
    await eventually(spoken).toMatch(/^\d\d:\d\d:\d\d, 0\.\d+ MPa$/);
    const [looked, newest] = [await spoken(), page.locator('.newest .number')];
    const shown = await newest.textContent();
    await eventually(() => newest.textContent()).not.toBe(shown);
    expect(await spoken()).toBe(looked);
    await page.getByRole('link', { name: 'Devices' }).click();
    await heading('Field devices').waitFor();
    await page.getByRole('link', { name: 'Alarms' }).first().click();
    await heading('No alarms').waitFor();
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

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
    await opened.close();
    const startMs = clock.wallMs() - 60_000;
    const line = (kind: string, text: { zh: string; en: string }) =>
      `${JSON.stringify({ type: 'truth', id: kind, affected: ['dma-3'], expectedTags: [], startMs, start: '', end: null, text })}\n`;
    let lines = '';
    opened = await openPage(browser, built, 'en-GB', { truth: async () => lines });
    ({ city, server, url, page, errors, foreign } = opened);
    await go('trend/water-dma-b%2Fdma-3-inflow');
    await page.locator('.chart canvas').waitFor();
    await expect.poll(() => page.getByLabel('Read truth from a file').count()).toBe(0);
    lines = line('burst', { zh: '干管爆裂', en: 'Main burst' });
    await page.getByText('Truth: Main burst').waitFor({ timeout: 15_000 });
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByText('真值: 干管爆裂').waitFor();
    expect(errors).toEqual([]);
  });

  it('shows texts and times as such', async () => {
    const { live, description } = city.source;
    const tagOf = (shows: string) => description.tags.findIndex((tag) => tag.shows === shows);
    const [text, time] = [tagOf('text'), tagOf('time')];
    live.write({
      ...{ device: 'ps', received: 5, tags: Int32Array.of(text), values: Float64Array.of(textValue('泵-7')) },
      ...{ quality: Uint8Array.of(0), times: Float64Array.of(clock.wallMs()), texts: new Map([[text, '泵-7']]) },
    });
    await go(`trend/${encodeURIComponent(description.tags[text]!.name)}`);
    await eventually(() => page.locator('.newest .number').textContent()).toBe('泵-7');
    await go(`trend/${encodeURIComponent(description.tags[time]!.name)}`);
    await eventually(() => page.locator('.newest .number').textContent()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(errors).toEqual([]);
  });

  it('shows an alarm within 2 s of being raised, speaks it, and leads to its device in two clicks', async () => {
    await go('overview');
    await page.locator('.number').first().waitFor();
    await eventually(() => page.locator('.link').textContent()).toBe('Connected');
    city.raise({ asset: 'dma-3', kind: 'burst', priority: 'critical', message: { zh: '爆管', en: 'Burst suspected' } });
    const alarm = page.locator('.urgent-alarm', { hasText: 'Burst suspected' });
    await alarm.waitFor({ timeout: 2_000 });
    expect(await alarm.textContent()).toContain('Critical · Unacknowledged');
    await eventually(() => page.getByRole('alert').textContent()).toContain('Burst suspected');
    expect(await page.locator('[data-asset="dma-3"]').getAttribute('aria-label')).toContain('Critical');

    await alarm.click();
    await page.getByRole('heading', { name: 'Evidence' }).waitFor();
    await page.getByRole('link', { name: /^Device / }).click();
    await heading('water-dma-b').waitFor();
    expect(errors).toEqual([]);
  });

  it('acknowledges by keyboard alone in the name given, and keeps the focus at the alarm', async () => {
    city.raise({ asset: 'sub-6', kind: 'room-cold', message: { zh: '室温低', en: 'Room cold' } });
    await go('overview');
    await page.locator('.urgent-alarm').waitFor();
    await tabTo(/^Alarms/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Acknowledge: Room cold' }).waitFor();
    await page.getByLabel('Acknowledge as').fill('Li Na');
    await tabTo(/^Acknowledge: Room cold/);
    await page.keyboard.press('Enter');
    await eventually(() => page.getByRole('button', { name: /^Acknowledge: / }).count()).toBe(0);
    expect(city.acknowledged).toEqual([{ id: 'sub-6/room-cold', by: 'Li Na' }]);
    expect(await page.locator('.alarm-state').textContent()).toBe('Acknowledged');
    expect(await page.locator(':focus').getAttribute('href')).toContain('alarms/sub-6');
    expect(errors).toEqual([]);
  });

  it('deals with several alarms at once: acknowledged with a note, shelved with a reason, commented, and brought back', async () => {
    for (const [kind, en] of [
      ['burst', 'Burst suspected'],
      ['pressure-low', 'Pressure low'],
      ['flow-low', 'Flow low'],
    ] as const)
      city.raise({ asset: 'dma-3', kind, message: { zh: '报警', en } });
    await go('alarms');
    const row = (name: string) => page.locator('tr.alarm', { hasText: name });
    await row('Burst suspected').waitFor();
    await page.getByLabel('Search').fill('low');
    await eventually(() => page.locator('tr.alarm').count()).toBe(2);
    await page.getByLabel('Select all').check();
    await page.getByLabel('Note').fill('crew is on its way');
    await page.getByRole('toolbar').getByRole('button', { name: 'Acknowledge' }).click();
    await eventually(() => city.acknowledged.map(({ id }) => id).sort()).toEqual([
      'dma-3/flow-low',
      'dma-3/pressure-low',
    ]);
    await page.getByText('Selected 0').waitFor();
    await page.getByLabel('Search').fill('');
    await page.getByLabel('Select: Flow low').check();
    await eventually(() => page.getByRole('button', { name: 'Shelve 1 h' }).isDisabled()).toBe(true);
    await page.getByLabel('Note').fill('meter is exchanged');
    await page.getByRole('toolbar').getByRole('button', { name: 'Comment' }).click();
    await page.getByText('Selected 0').waitFor();
    await page.getByLabel('Select: Flow low').check();
    await page.getByLabel('Note').fill('meter is exchanged');
    await page.getByRole('button', { name: 'Shelve 1 h' }).click();
    await eventually(() => row('Flow low').count()).toBe(0);
    await page.getByRole('button', { name: /^Shelved/ }).click();
    await eventually(() => row('Flow low').textContent()).toMatch(
      /Condition stands · meter is exchanged · Operator · until \d\d:\d\d/,
    );
    await page.getByRole('link', { name: 'Flow low' }).click();
    await page.locator('.detail', { hasText: 'meter is exchanged' }).waitFor();
    await page.getByLabel('Select: Flow low').check();
    await page.getByRole('button', { name: 'Bring back' }).click();
    await eventually(() => row('Flow low').count()).toBe(0);
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('button', { name: /^全部报警/ }).click();
    await eventually(() => page.locator('tr.alarm').count()).toBe(3);
    expect(errors).toEqual([]);
  });

  it('shows safety alarms in a place of their own on every page, and incidents first in a flood', async () => {
    await go('devices');
    await heading('Field devices').waitFor();
    city.raise({
      asset: 'reg-1',
      kind: 'cabinet-leak',
      safety: true,
      message: { zh: '燃气', en: 'Gas in the cabinet' },
    });
    const bar = page.getByRole('region', { name: 'Safety alarms' });
    await bar.getByRole('link', { name: 'Gas in the cabinet' }).waitFor();
    for (let at = 0; at < 12; at++) city.raise({ asset: `zone-${(at % 8) + 1}`, kind: `kind-${at}` });
    await page.getByRole('link', { name: 'Alarms' }).first().click();
    await page.locator('.flood', { hasText: '13 alarms since' }).waitFor();
    await page.getByRole('columnheader', { name: 'Root cause' }).waitFor();
    await bar.getByRole('link', { name: 'Gas in the cabinet' }).click();
    await page.locator('.detail', { hasText: 'Safety' }).waitFor();
    await page.getByRole('button', { name: 'Sound on' }).click();
    await page.getByRole('button', { name: 'Muted', pressed: true }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Muted', pressed: true }).waitFor();
    expect(errors).toEqual([]);
  });

  it('hangs a maintenance tag and sets a value by hand, both shown on every page until they are taken back', async () => {
    city.raise({ asset: 'dma-3', kind: 'burst', message: { zh: '爆管', en: 'Burst suspected' } });
    await go('asset/dma-3');
    await page.locator('tr.alarm').waitFor();
    await page.getByLabel('Reason').fill('valve exchanged');
    await page.getByRole('button', { name: 'Hang a tag' }).click();
    await page.getByRole('button', { name: 'Take the tag off' }).waitFor();
    await eventually(() => page.locator('tr.alarm').count()).toBe(0);
    await page.getByRole('region', { name: 'Under maintenance' }).first().waitFor();
    await go('alarms');
    await page.getByRole('button', { name: /^Suppressed, out of service 1/ }).click();
    expect(await page.locator('tr.alarm').textContent()).toContain('Hidden by: valve exchanged (Operator)');
    const tag = city.source.description.tags.find(({ name }) => name.includes('dma-3-'))!;
    await go(`trend/${encodeURIComponent(tag.name)}`);
    await page.locator('.manual-form').getByLabel('Value').fill(String(tag.low));
    await page.locator('.manual-form').getByLabel('Reason').fill('transmitter is out');
    await page.getByRole('button', { name: 'Set by hand' }).click();
    await page.locator('.attention', { hasText: `${tag.name} = ${tag.low}` }).waitFor();
    await page.getByText('Substituted').first().waitFor();
    await page.getByRole('button', { name: 'Take back' }).click();
    await eventually(() => page.locator('.attention', { hasText: tag.name }).count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it('opens a device by keyboard and shows its groups, refused points and frames as they come, in both languages', async () => {
    await go('devices');
    await heading('Field devices').waitFor();
    await tabTo(/^water-dma-b$/);
    await page.keyboard.press('Enter');
    await heading('Poll groups').waitFor();
    const panel = (name: string) => page.locator('section', { has: heading(name) });
    expect(await panel('Poll groups').textContent()).toMatch(/Achieved.*1 s\s*1\.0\d s.*10 s\s*—/);
    expect(await panel('Planned requests').locator('tbody tr').first().textContent()).toMatch(
      /unit 1, holding 44001.*Refused2 illegal data address/,
    );
    expect(await panel('Round trips').textContent()).toMatch(/p50 [\d.]+ ms · p99 [\d.]+ ms/);
    expect(await panel('Wire').textContent()).toMatch(/Last minute.*Dropped answers1/);
    const newest = panel('Last frames').locator('tbody tr').first();
    const shown = await newest.textContent();
    expect(shown).toMatch(
      /\d\d:\d\d:\d\d\.\d{3}← Received8\.7 msunit 1 · 03 refuses to read holding 44001: exception 2 illegal data address/,
    );
    expect(await newest.locator('td').last().textContent()).toMatch(/^[0-9a-f]{2} [0-9a-f]{2} 00 00 00 03 01 83 02$/);
    await eventually(() => newest.textContent()).not.toBe(shown);
    await tabTo(/^Pause$/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Pause', pressed: true }).waitFor();
    await page.getByRole('button', { name: '中文' }).click();
    await heading('最近报文').waitFor();
    expect(await panel('最近报文').locator('tbody tr').first().textContent()).toContain(
      '站号 1 · 03 拒绝读保持寄存器 44001：异常 2 数据地址非法',
    );
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('says what is wrong with a lost device on its page, and that there is none of another name', async () => {
    await go('devices/gas-gate');
    await heading('Poll groups').waitFor();
    city.lose('gas-gate');
    await page.locator('.last-trouble code', { hasText: 'LL-MODBUS-TIMEOUT' }).waitFor();
    expect(await page.locator('.last-trouble').textContent()).toContain('Check cable, unit id and firewall');
    expect(await page.locator('.page-head .link-state-broken').textContent()).toBe('Backing off');
    await go('devices/nobody');
    await page.getByText('LL-CONSOLE-NOT-FOUND look at device nobody: no such device').waitFor();
  });

  it('shows what platforms took and did not take; an operator sends it again or lets it go by keyboard, in both languages', async () => {
    await go('overview');
    await tabTo(/^Upstream/);
    await page.keyboard.press('Enter');
    await heading('Dead letters').waitFor();
    const detail = page.getByRole('region', { name: 'platform', exact: true });
    expect(await detail.textContent()).toMatch(
      /Waiting.*webhook · https.*Forwarded12.*Pending3.*Oldest pending95 s.*Dead letters3.*LL-WEBHOOK-BUSY/,
    );
    await tabTo(/^city.lifeline.alarm.raised dma-2$/);
    await page.keyboard.press('Space');
    await tabTo(/^Send again: platform$/);
    await page.keyboard.press('Enter');
    const letters = page.getByRole('region', { name: 'Dead letters' });
    await letters.getByText('Sent again: 1').waitFor();
    await eventually(() => letters.locator('tbody tr').count()).toBe(2);
    await tabTo(/^Choose all$/);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Discard: platform' }).press('Enter');
    expect(await page.locator(':focus').textContent()).toBe('Confirm');
    await page.keyboard.press('Escape');
    expect(city.letters.size).toBe(2);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await letters.getByText('Discarded: 2').waitFor();
    await letters.getByText('No dead letters').waitFor();
    expect(city.dealtWith.map(({ did, ids, by }) => [did, ids?.length, by])).toEqual([
      ['resend', 1, 'Operator'],
      ['discard', 2, 'Operator'],
    ]);
    await page.getByRole('link', { name: 'city', exact: true }).click();
    const values = page.getByRole('region', { name: 'city', exact: true });
    await eventually(() => values.textContent()).toMatch(/Sent[\d,]+.*Back-filled1,200.*Thinned30.*Dropped7.*Backlog—/);
    await eventually(() => values.textContent()).toMatch(/Rate[\d,]{2,} \/s/);
    await page.getByRole('button', { name: '中文' }).click();
    await eventually(() => values.textContent()).toMatch(/已转发.*补发1,200.*已放弃7/);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('offers a viewer no way to deal with dead letters, and says what role it takes', async () => {
    await opened.close();
    await open('en-GB', 'viewer');
    await go('upstream/platform');
    await page.getByText('Dealing with dead letters needs the role operator').waitFor();
    await eventually(() => page.locator('.dead-letters tbody tr').count()).toBe(3);
    expect(await page.locator('.dead-letters :is(button, input)').count()).toBe(0);
  });

  it('fits a telephone: nothing but tables is wider than the screen', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await go('devices/water-dma-b');
    await heading('Last frames').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await page.locator('main').evaluate((main) => main.scrollWidth <= main.clientWidth)).toBe(true);
    await go('trend/water-dma-b%2Fdma-3-inflow');
    await page.locator('.chart canvas').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await page.locator('main').evaluate((main) => main.scrollWidth <= main.clientWidth)).toBe(true);
    await go('detection/dma-3');
    await page.getByRole('button', { name: 'Draw: burst' }).click();
    await page.locator('.expected-chart canvas').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await page.locator('main').evaluate((main) => main.scrollWidth <= main.clientWidth)).toBe(true);
  });

  it('shows on the map how far an incident reaches, and leads from an asset of it to the incident', async () => {
    for (const asset of ['dma-3', 'dma-4'])
      city.raise({ asset, kind: 'burst', riskLevel: 'I', message: { zh: '爆管', en: `Burst at ${asset}` } });
    await go('overview');
    await page.locator('.map-incident-I > path').first().waitFor({ state: 'attached' });
    expect(await page.locator('.map-incident-I > path').first().getAttribute('d')).toMatch(
      /^M[\d.]+ [\d.]+L[\d.]+ [\d.]+$/,
    );
    await page.locator('[data-asset="dma-4"]').focus();
    const incident = page.locator('.map-inspector').getByRole('link', { name: 'Burst at dma-3' });
    expect(await page.locator('.map-inspector').textContent()).toMatch(/Incidents I · 2 assets/);
    await incident.click();
    await heading('In the order of coming').waitFor();
    expect(errors).toEqual([]);
  });

  it('moves over the map by arrow keys and opens an asset by Enter', async () => {
    await go('overview');
    await page.locator('[data-asset="ps-1"]').waitFor();
    await page.locator('[data-asset="ps-1"]').focus();
    await page.keyboard.press('ArrowRight');
    const reached = await page.locator(':focus').getAttribute('data-asset');
    expect(reached).not.toBe('ps-1');
    expect(await page.locator('.map-inspector').textContent()).toMatch(/Good/);
    await page.keyboard.press('Enter');
    await eventually(() => page.url()).toContain(`#/asset/${reached}`);
  });

  it('shows by keyboard what is watched of an asset, what it waits for and what is masked, in both languages', async () => {
    city.raise({ asset: 'dma-3', kind: 'burst', priority: 'critical' });
    await go('overview');
    await page.locator('.number').first().waitFor();
    await tabTo(/^Detection$/);
    await page.keyboard.press('Enter');
    await heading('Assets watched').waitFor();
    expect(await page.locator('.watched-table tbody tr').first().textContent()).toMatch(/哈西分区Stands 1.*3\s*0\.93/);
    const claims = page.locator('.claim-table');
    await claims.waitFor();
    expect(await claims.locator('tbody tr').first().textContent()).toMatch(
      /burst.*A main has broken.*1 · District burst.*Stands.*0\.93.*Net inflow\s*13\.4 \/ 12\.5\s*L\/s/,
    );
    await page.locator('.expected-chart canvas').waitFor();
    expect(await page.locator('.expected-chart').getAttribute('aria-label')).toMatch(
      /^Net inflow: Observed [\d.]+ L\/s, Expected [\d.]+ L\/s, Ordinary band [\d.]+ L\/s – [\d.]+ L\/s$/,
    );
    await tabTo(/^和兴分区$/);
    await page.keyboard.press('Enter');
    await heading('Inputs beyond what was calibrated').waitFor();
    expect(await claims.textContent()).toContain('Waits for the night to end');
    await go('detection/reg-1');
    await eventually(() => claims.textContent()).toContain('History suffices: run lifeline calibrate');
    await go('detection/ps-1');
    await page.getByRole('button', { name: '中文' }).click();
    await heading('屏蔽的信号').waitFor();
    expect(await claims.textContent()).toMatch(/夜间最小流量上升.*等待今夜结束/);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('shows the alarm budget, limits that verdicts widened and for how long, and settles a proposal by keyboard, in both languages', async () => {
    await go('detection');
    await heading('Alarm budget').waitFor();
    const budget = page.getByRole('region', { name: 'Alarm budget' });
    expect(await budget.locator('dl').textContent()).toMatch(
      /Asked for0\.02Expected0\.018May be asked for: 0\.0053 – 0\.043Had—0 alarms in 0\.0 d.*Limits× 1\.13/,
    );
    expect(await budget.locator('tbody tr').textContent()).toMatch(
      /和兴分区burst.*District burst× 1\.25Three times a nuisance within 14 days\d{4}-\d\d-\d\d.*Still for 2[56] d/,
    );
    expect(await page.getByRole('region', { name: 'Detectors' }).textContent()).toContain(
      'history 5.0 d, at least 14 d',
    );
    const proposal = page.getByRole('region', { name: 'A new calibration is proposed' });
    expect(await proposal.locator('tbody tr').textContent()).toMatch(/和兴分区\s*4 %/);
    await tabTo(/^Done: 和兴分区$/);
    await page.keyboard.press('Enter');
    await proposal.waitFor({ state: 'detached' });
    expect(city.settled).toMatchObject([{ asset: 'dma-4' }]);
    await page.getByRole('button', { name: '中文' }).click();
    await heading('误报预算').waitFor();
    expect(await page.getByRole('region', { name: '误报预算' }).textContent()).toMatch(
      /每对象每周误报数.*14 天内三次被评为干扰/,
    );
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('shows an incident with its alarms in the order of coming, evidence as a band, and keeps a verdict', async () => {
    await go('incidents');
    await heading('No incidents').waitFor();
    const cityCase = {
      number: '2026-0117',
      stage: 'dispatched',
      unit: '供水公司',
      note: '',
      by: '李工',
      at: 0,
    } as const;
    const burst = { asset: 'dma-3', kind: 'burst', priority: 'critical', cityCase } as const;
    city.raise({ ...burst, message: { zh: '爆管', en: 'Burst suspected' } });
    city.raise({ asset: 'dma-3', kind: 'pressure-low', message: { zh: '压力低', en: 'Pressure low' } });
    await heading('In the order of coming').waitFor();
    const members = page.locator('section', { has: heading('In the order of coming') }).locator('tbody tr');
    expect(await members.allTextContents()).toEqual([
      expect.stringMatching(/^1\+0 s1?.*Critical.*Burst suspected.*Root cause.*Stands$/),
      expect.stringMatching(/^2\+0 s.*High.*Pressure low.*Stands$/),
    ]);
    await page.locator('.expected-chart canvas').waitFor();
    const words = await page.getByRole('region', { name: 'Centre' }).textContent();
    expect(words).toMatch(/2026-0117 · dispatched · 供水公司/);
    await tabTo(/^Wrong cause$/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Wrong cause', pressed: true }).waitFor();
    await page.getByRole('link', { name: 'Verdicts' }).click();
    await heading('The last alarms').waitFor();
    await page.getByRole('button', { name: 'Wrong cause', pressed: true }).waitFor();
    expect(errors).toEqual([]);
  });

  it('works on an incident from its opening to its closing, and opens it again when an alarm comes', async () => {
    const steps = [
      { zh: '现场警戒', en: 'Guard the place' },
      { zh: '关闭阀门', en: 'Shut the valves' },
    ];
    const consequence = { zh: '路面塌陷', en: 'The road collapses' };
    city.raise({ asset: 'dma-3', kind: 'burst', steps, consequence, message: { zh: '爆管', en: 'Burst suspected' } });
    await go('alarms');
    await page.getByRole('button', { name: 'Incidents', exact: true }).click();
    await page.getByRole('row', { name: /Burst suspected.*Open 0\/2/ }).waitFor();
    await page.getByRole('link', { name: 'Burst suspected' }).click();
    const work = page.getByRole('region', { name: 'Work on it' });
    const stands = (stage: string) => work.locator('strong').getByText(stage, { exact: true }).first().waitFor();
    const press = (name: string) => work.getByRole('button', { name, exact: true }).click();
    await stands('Open');
    await press('Take it');
    await stands('Acknowledged');
    await work.getByRole('textbox', { name: 'Send whom' }).fill('抢修二班');
    await press('Send');
    await stands('Crew sent');
    await work.getByRole('checkbox', { name: 'Guard the place' }).click();
    await eventually(() => work.locator('.steps li').first().textContent()).toMatch(/Guard the place.* · .+/);
    expect(await work.getByRole('button', { name: 'Close', exact: true }).isDisabled()).toBe(true);
    await work.getByRole('textbox', { name: 'Note' }).fill('阀门已关');
    await press('Close');
    await stands('Closed');
    expect(await work.getByRole('checkbox', { name: 'Shut the valves' }).isDisabled()).toBe(true);
    city.raise({ asset: 'dma-3', kind: 'pressure-low', message: { zh: '压力低', en: 'Pressure low' } });
    await stands('Open');
    expect((await page.getByRole('region', { name: 'Time line' }).textContent()) ?? '').toMatch(
      /Burst suspected.*Acknowledged.*Sent 抢修二班.*Step done Guard the place.*Closed 阀门已关.*Open again another alarm joined：Pressure low/,
    );
    const sheet = page.locator('.incident-print');
    expect(await sheet.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    for (const part of [work, page.locator('.header'), page.locator('.rail')])
      expect(await part.isVisible()).toBe(false);
    expect((await sheet.textContent())?.replace(/\s+/g, ' ')).toMatch(
      /^Burst suspectedIncident sheet dma-3\/burst@\d+ · hrb-07 .*StageOpen.*If nobody actsThe road collapses.*☑1\. Guard the place.*☐2\. Shut the valves.*Pressure low.*142 m³\/h.*Sent抢修二班.*Signed byDate$/,
    );
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
    expect(errors).toEqual([]);
  });

  it('promotes a proven shadow only after it is confirmed, rolls it back, and says why it was refused', async () => {
    await go('models');
    await page.getByLabel('Trial in shadow').first().waitFor();
    expect(await page.getByRole('button', { name: /^Promote/ }).count()).toBe(1);
    await page.getByRole('button', { name: 'Promote: dma-3 2' }).click();
    expect(await page.locator(':focus').textContent()).toBe('Confirm');
    await page.keyboard.press('Escape');
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Promote: dma-3 2');
    expect(city.changedModels).toEqual([]);
    await page.getByRole('button', { name: 'Promote: dma-3 2' }).click();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Roll back: dma-3 2' }).waitFor();
    await page.getByRole('button', { name: 'Roll back: dma-3 2' }).click();
    await page.keyboard.press('Enter');
    await eventually(() => city.changedModels.map(({ change, version }) => [change, version])).toEqual([
      ['promote', 2],
      ['roll-back', 2],
    ]);
    expect(errors).toEqual([]);
    await page.getByRole('button', { name: 'Roll back: dma-4 1' }).click();
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('.model-actions [role=alert]').textContent()).toContain('LL-MODEL-UNPROVEN');
  });

  it('offers an operator no button on the shelf, and says what role it takes', async () => {
    await opened.close();
    await open('en-GB', 'operator');
    await go('models');
    await page.getByText('Changing models needs the role engineer').waitFor();
    await page.getByLabel('Trial in shadow').first().waitFor();
    expect(await page.getByRole('button', { name: /Promote|Roll back|shadow/ }).count()).toBe(0);
  });

  it('follows the language of the browser, switches, and keeps the choice', async () => {
    await opened.close();
    await open('zh-CN');
    await go('devices');
    await heading('现场设备').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.getByRole('button', { name: 'English' }).click();
    await heading('Field devices').waitFor();
    await page.reload();
    await heading('Field devices').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('marks what a lost device last gave as bad, with its quality in words, and shows no number for it', async () => {
    await go('asset/gate-1');
    await eventually(() => page.locator('.amount-good').count()).toBeGreaterThan(3);
    city.lose('gas-gate');
    await eventually(() => page.locator('.amount-bad').count()).toBeGreaterThan(3);
    expect(await page.locator('.amount-good').count()).toBe(0);
    expect(await page.locator('.role-table').textContent()).toContain('No comms');
  });

  it('says within 3 s that the server is gone and hatches every value', async () => {
    await go('overview');
    await eventually(() => page.locator('.link').textContent()).toBe('Connected');
    expect(errors).toEqual([]);
    await server.stop();
    await page.getByText('The link to the gateway is lost').waitFor({ timeout: 3_000 });
    expect(await page.locator('.amount').count()).toBeGreaterThan(10);
    expect(await page.locator('.amount:not(.amount-bad)').count()).toBe(0);
    expect(await page.locator('.quality').allTextContents()).not.toContain('Good');
  });

  it('says within 3 s that a silent link is lost although its socket stays open, and recovers by itself', async () => {
    let silent = false;
    await page.routeWebSocket(/api\/live/, (socket) => {
      const upstream = socket.connectToServer();
      upstream.onMessage((message) => {
        if (!silent) socket.send(message);
      });
    });
    await go('overview');
    await eventually(() => page.locator('.link').textContent()).toBe('Connected');
    silent = true;
    await page.getByText('The link to the gateway is lost').waitFor({ timeout: 3_000 });
    silent = false;
    await eventually(() => page.locator('.link').textContent()).toBe('Connected');
    expect(await page.locator('.lost').count()).toBe(0);
    await eventually(() => page.locator('.amount-good').count()).toBeGreaterThan(10);
  });
});
