import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { city, errors, eventually, foreign, go, heading, page, tabTo, usePage } from './page-in-browser.ts';

usePage();

describe('the pages of alarms', () => {
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

  it('calls the places where a cause most likely is by their names, in both languages', async () => {
    const near = { location: null, distanceM: 0, withinM: 120 };
    const place = [
      { ...near, id: 'water-dma-b/dma-3-pressure', probability: 0.6 },
      { ...near, id: 'water-dma-a/dma-2-inflow', probability: 0.3 },
      { ...near, id: 'J-17', probability: 0.1 },
    ];
    const id = city.raise({ asset: 'dma-3', kind: 'burst', message: { zh: '爆管', en: 'Burst suspected' }, place });
    await go(`alarms/${encodeURIComponent(id)}`);
    const table = (name: string) => page.locator('.detail-part', { has: heading(name) });
    await table('Where it most likely is').waitFor();
    const names = (name: string) => table(name).locator('tbody td:first-child').allTextContents();
    const { name: neighbour } = city.source.description.assets.find((one) => one.id === 'dma-2')!;
    expect(await names('Where it most likely is')).toEqual(['Inlet pressure', `${neighbour} Inflow`, 'J-17']);
    await page.getByRole('button', { name: '中文' }).click();
    await table('可能位置').waitFor();
    expect(await names('可能位置')).toEqual(['进口压力', `${neighbour} 进口流量`, 'J-17']);
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

  it('counts and lists all of more alarms than are sent, and marks an asset whose alarm was cut off', async () => {
    city.raise({ asset: 'sub-6', kind: 'room-cold', priority: 'medium', message: { zh: '室温低', en: 'Room cold' } });
    for (let at = 0; at < 300; at++)
      city.raise({ asset: `zone-${(at % 8) + 1}`, kind: `kind-${at}`, priority: 'high' });
    await go('overview');
    await eventually(() => page.locator('.count-number').allTextContents()).toEqual(['0', '300', '1', '0']);
    expect(await page.locator('[data-asset="sub-6"]').getAttribute('aria-label')).toContain('Medium');
    await go('alarms');
    await page.getByRole('button', { name: /^All alarms 301/ }).click();
    await page.getByText('1–100 of 301').waitFor();
    await page.getByLabel('Select all on this page: 100').check();
    await page.getByText('Selected 100 / 301').waitFor();
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('101–200 of 301').waitFor();
    await page.getByText('Selected 0 / 301').waitFor();
    await page.getByLabel('Search').fill('room');
    await eventually(() => page.locator('tr.alarm').count()).toBe(1);
    await page.getByRole('link', { name: 'Room cold' }).click();
    await page.locator('.detail', { hasText: 'Room cold' }).waitFor();
    await go('asset/sub-6');
    await page.locator('tr.alarm', { hasText: 'Room cold' }).waitFor();
    await go('alarms/sub-6%2Fnone');
    await heading('Nothing is known of this alarm any more').waitFor();
    expect(errors.filter((error) => !error.includes('404'))).toEqual([]);
  });

  it('deals with all that match a filter, those of other pages too, and leaves alone what came since', async () => {
    for (let at = 0; at < 230; at++)
      city.raise({ asset: `zone-${(at % 8) + 1}`, kind: `kind-${at}`, priority: at < 120 ? 'high' : 'low' });
    await go('alarms');
    await page.getByRole('button', { name: /^All alarms 230/ }).click();
    await page.getByLabel('Priority').selectOption('high');
    await page.getByText('1–100 of 120').waitFor();
    await page.getByLabel('Select all on this page: 100').check();
    await page.getByRole('button', { name: 'Select all that match: 120' }).click();
    await page.getByText('Selected 120 / 120').waitFor();
    await page.waitForTimeout(1_000);
    const later = city.raise({ asset: 'sub-6', kind: 'room-cold', priority: 'high' });
    await page.getByRole('toolbar').getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Dealt with 120 · refused 0 · left alone 1').waitFor();
    const open = city.source.alarms().filter(({ state }) => state === 'active-unacknowledged');
    expect(open.filter(({ priority }) => priority === 'high').map(({ id }) => id)).toEqual([later]);
    expect(open.length).toBe(111);
    expect(errors).toEqual([]);
  });

  it('finds past alarms by what happened and by words, opens one that is over, and saves what is found', async () => {
    const alarm = city.raise({ asset: 'sub-6', kind: 'room-cold', message: { zh: '室温低', en: 'Room cold' } });
    city.raise({ asset: 'dma-3', kind: 'burst', message: { zh: '爆管', en: 'Burst suspected' } });
    await city.source.acts.acknowledge(alarm, 'Li Na', 'valve opened');
    city.clear(alarm);
    await go('alarms');
    await page.getByRole('button', { name: 'History' }).click();
    const rows = page.locator('.past-table tbody tr');
    await eventually(() => rows.count()).toBe(4);
    await page.getByLabel('State', { exact: true }).selectOption({ label: 'Acknowledged' });
    await eventually(() => rows.allTextContents()).toEqual([expect.stringMatching(/Room cold.*Li Navalve opened/)]);
    await page.getByLabel('State', { exact: true }).selectOption({ label: 'All events' });
    await page.getByRole('searchbox').fill('room');
    await page.keyboard.press('Enter');
    await eventually(() => rows.count()).toBeGreaterThan(2);
    await page.getByRole('link', { name: 'Cleared: Room cold' }).click();
    await page.locator('.detail', { hasText: 'Normal' }).getByRole('heading', { name: 'Room cold' }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as CSV' }).click(),
    ]);
    const csv = await readFile(await file.path(), 'utf8');
    expect(csv.split('\r\n')[0]).toBe('\uFEFFtime,type,subject,utility,priority,text,by,note,alarm,sequence');
    expect(csv).toContain('alarm.acknowledged,sub-6,heating,High,Acknowledged: Room cold,Li Na,valve opened');
    expect(errors).toEqual([]);
  });

  it('shows how the alarm system did beside its targets, in both languages, on paper and as CSV', async () => {
    for (let at = 0; at < 12; at++) city.raise({ asset: 'dma-3', kind: `kind-${at}`, priority: 'low' });
    await city.source.acts.acknowledge('dma-3/kind-0', 'Li Na');
    await go('alarms');
    await page.getByRole('button', { name: 'Figures' }).click();
    const row = (name: string) => page.getByRole('row', { name });
    await eventually(() => row('alarms announced').textContent()).toContain('12');
    expect(await row('most in 10 min').textContent()).toMatch(/12≤ 10✗ missed/);
    expect(await row('priority: low').textContent()).toContain('100.0 % / 0.0 % / 0.0 %80 / 15 / 5 %✓ met');
    await page.getByRole('link', { name: '· kind-0' }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as CSV' }).click(),
    ]);
    expect(await readFile(await file.path(), 'utf8')).toContain('most in 10 min,12,≤ 10,false');
    await page.getByRole('button', { name: '1 h', exact: true }).click();
    await page.emulateMedia({ media: 'print' });
    await eventually(() => page.locator('.on-paper table').isVisible()).toBe(true);
    expect(
      await page.locator('.rail, .header, .alarms-list > .panel-head, .on-paper .alarm-filters').all(),
    ).toHaveLength(4);
    for (const one of await page.locator('.rail, .header, .alarms-list > .panel-head, .on-paper .alarm-filters').all())
      expect(await one.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('button', { name: '中文' }).click();
    await eventually(() => row('10 分钟内最多').textContent()).toContain('未达标');
    expect(errors).toEqual([]);
  });

  it('sounds a safety alarm until it is acknowledged, with a note beside its consequence and the time that is left', async () => {
    await page.addInitScript({
      content: `globalThis.tones = 0;
        const Real = OscillatorNode;
        OscillatorNode = class extends Real { constructor(...of) { super(...of); globalThis.tones++; } };`,
    });
    const tones = () => page.evaluate('tones');
    await go('alarms');
    await heading('No alarms').waitFor();
    await heading('Alarms').click();
    const consequence = { zh: '爆炸', en: 'It may explode' };
    const gas = city.raise({ asset: 'reg-1', kind: 'cabinet-leak', safety: true, priority: 'critical', consequence });
    await eventually(tones).toBe(6);
    await expect.poll(tones, { timeout: 20_000 }).toBe(12);
    await page.locator('tr.alarm a').last().waitFor();
    await go(`alarms/${encodeURIComponent(gas)}`);
    const detail = page.locator('.detail');
    await eventually(() => detail.textContent()).toMatch(
      /If nobody acts.*It may explode.*Time to respond5 min · left \d/,
    );
    await detail.getByLabel('Note').fill('crew sent');
    await detail.getByRole('button', { name: /^Acknowledge/ }).click();
    await eventually(() => city.acknowledged).toEqual([{ id: gas, by: 'Operator' }]);
    const { lines } = await city.source.pastAlarms({
      ...{ from: 0, to: Number.MAX_SAFE_INTEGER, asset: '', utility: '', kind: '', priority: '', words: '', most: 1 },
      ...{ type: 'alarm.acknowledged', before: Number.MAX_SAFE_INTEGER },
    });
    expect(lines).toMatchObject([{ alarm: gas, note: 'crew sent' }]);
    await page.getByRole('button', { name: 'Sound on' }).click();
    await page.getByRole('button', { name: /Muted safety in 10 min/ }).waitFor();
    for (let at = 0; at < 12; at++) city.raise({ asset: `zone-${(at % 8) + 1}`, kind: `kind-${at}` });
    await go('overview');
    await page.locator('.urgent-incident').first().waitFor();
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
});
