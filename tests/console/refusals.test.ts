import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statusOf } from '../../edge/console/web-server.ts';
import type { Problem } from '../../edge/core/errors.ts';
import { errorCatalogues } from '../../ops/reference/errors.ts';
import { isChinese } from './chinese.ts';
import { type Gated, nameOf, openGated, passwordOf } from './gated-console.ts';

const entries = (await errorCatalogues()).flatMap((catalogue) => catalogue.entries);
/** Codes of mistakes in what an engineer writes. */
const ofConfigurations =
  /^LL-(CONFIG|POINT|POINTS|MASTER|TLS)-|-(NO-KEY|RETAIN|NO-USERS|UNPROTECTED)$|^LL-(PEOPLE-(NAME|GAP|OVERLAP)|REPLAY-(ENDPOINT|OPTIONS))$/;
/** Codes that a device or a platform may show as its trouble, as their drivers and sinks and what these use say them, and those of commands, orders and call-backs. */
const ofLinks =
  /^LL-(ACQUISITION|CALLBACK|CONTROL|DEADLETTER|MODBUS|MQTT|NATS|OPCUA|OPCUASERVER|ORDER|PEOPLE|RECEIPT|REPLAY|SPARKPLUG|STORE|TLS|WEBHOOK)-/;

describe('what the console refuses, to readers of Chinese', () => {
  it('has a next step in Chinese for every code that reaches a page', () => {
    const shown = entries.filter(
      ([code]) =>
        code.startsWith('LL-CONSOLE-') ||
        statusOf(code) !== undefined ||
        ofConfigurations.test(code) ||
        ofLinks.test(code),
    );
    expect(shown.length).toBeGreaterThan(130);
    expect(shown.filter(([, { nextZh = '' }]) => !isChinese(nextZh)).map(([code]) => code)).toEqual([]);
  });

  it('sees a word of English', () => {
    expect(['刷新页面', '打开 console.host', '执行 chmod 600 后重试'].map(isChinese)).toEqual([true, true, true]);
    expect(['Reload the page', '请 reload the page', 'LL-CONSOLE-TAG'].map(isChinese)).toEqual([false, false, false]);
  });
});

describe('an answer of the console that refuses', () => {
  let gate: Gated;
  beforeEach(async () => {
    gate = await openGated();
  });
  afterEach(() => gate.close());

  it('says so in both languages, whatever it refuses', async () => {
    const { city, get, post, signIn } = gate;
    const [owner, viewer] = [await signIn('owner'), await signIn('viewer')];
    const alarm = city.raise({ asset: 'dma-3', kind: 'burst' });
    const safety = city.raise({ asset: 'zone-1', kind: 'methane-high', safety: true });
    const add = { name: 'new-li', role: 'viewer', password: passwordOf('viewer') };
    const shelve = { reason: '检修', minutes: 15 };
    const asked: (readonly [code: string, ask: () => Promise<{ readonly body: string }>])[] = [
      ['SIGN-IN', () => get('/api/model')],
      ['NOT-FOUND', () => get('/api/nothing', owner)],
      ['NOT-FOUND', () => get('/api/device?id=nobody', owner)],
      ['NOT-FOUND', () => get('/api/history?tag=nobody&from=0&to=1', owner)],
      ['NOT-FOUND', () => get('/api/incident?id=nobody', owner)],
      ['NOT-FOUND', () => get('/api/configuration', owner)],
      ['NOT-FOUND', () => get('/api/configuration-offer?number=7', owner)],
      ['REQUEST', () => get('/api/history?tag=&from=-1', owner)],
      ['REQUEST', () => post('/api/acknowledge', { alarm: 'x'.repeat(5_000) }, owner)],
      ['ORIGIN', () => post('/api/acknowledge', { alarm }, { ...owner, origin: 'http://elsewhere.example' })],
      ['HOST', () => get('/api/model', { ...owner, host: 'elsewhere.example' })],
      ['ROLE', () => post('/api/acknowledge', { alarm }, viewer)],
      ['CREDENTIALS', () => post('/api/sign-in', { name: nameOf('viewer'), password: 'nobody knows it' })],
      ['SET-UP', () => post('/api/set-up', { token: 'none', name: 'li', password: add.password })],
      ['PASSWORD', () => post('/api/account-add', { ...add, password: 'short' }, owner)],
      ['ACCOUNT', () => post('/api/account-add', { ...add, name: nameOf('viewer') }, owner)],
      ['LAST-OWNER', () => post('/api/account-role', { name: nameOf('owner'), role: 'viewer' }, owner)],
      ['NOT-FOUND', () => post('/api/account-remove', { name: 'nobody' }, owner)],
      ['ACCOUNT', () => post('/api/token-add', { name: 'viewer-script', scope: 'viewer', days: 1 }, owner)],
      ['CERTIFICATE-REFUSED', () => post('/api/console-certificate', { certificate: 'x', key: 'y' }, owner)],
      ['ALARM-SHELVE-SAFETY', () => post('/api/shelve', { alarm: safety, ...shelve }, owner)],
    ];
    const seen: Problem[] = [];
    for (const [, ask] of asked) seen.push(JSON.parse((await ask()).body));
    expect(seen.map(({ code }) => code.replace(/^LL-(CONSOLE-)?/, ''))).toEqual(asked.map(([code]) => code));
    const ofRole = seen.find(({ code }) => code === 'LL-CONSOLE-ROLE');
    expect(ofRole?.zh.message).toMatch(/需要“值班员”角色，.* 为“查看”$/);
    const english = seen.filter(({ zh }) => !isChinese(zh.message) || !isChinese(zh.next));
    expect(english.map(({ code, zh }) => `${code}: ${zh.message}; ${zh.next}`)).toEqual([]);
  });
});
