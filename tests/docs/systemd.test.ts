import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../edge/cli/exit.ts';
import { repository } from '../../ops/reference/page.ts';
import { gatewaySchema } from '../../ops/reference/schema.ts';

const unitFile = join(repository, 'ops/systemd/lifeline.service');
const analyze = (...args: string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' });
/** Where systemd is not installed its own judgement is missing; in CI it must be there. */
const withoutSystemd = analyze('--version').status !== 0 && !process.env['CI'];

/** Section -> key -> values in order of appearance. */
function parseUnit(text: string): Map<string, Map<string, string[]>> {
  const unit = new Map<string, Map<string, string[]>>();
  let section = new Map<string, string[]>();
  for (const line of text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))) {
    const title = /^\[(\w+)\]$/.exec(line)?.[1];
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (title) {
      section = new Map();
      unit.set(title, section);
    } else if (key !== undefined && value !== undefined) section.set(key, [...(section.get(key) ?? []), value]);
    else throw new Error(`not a line of a unit: ${line}`);
  }
  return unit;
}

/** As many devices as a configuration may have; each holds a socket. */
const maxDevices = Number(gatewaySchema().properties?.['devices']?.maxItems);
const unit = parseUnit(readFileSync(unitFile, 'utf8'));
const service = (key: string) => unit.get('Service')?.get(key);

describe('the systemd unit', () => {
  it('runs the gateway on the folders that systemd makes for it', () => {
    expect([...unit.keys()]).toEqual(['Unit', 'Service', 'Install']);
    const etc = `/etc/${service('ConfigurationDirectory')}`;
    const state = `/var/lib/${service('StateDirectory')}`;
    expect(service('ExecStart')).toEqual([`/usr/bin/lifeline run -c ${etc}/gateway.yaml --data ${state}`]);
    expect(service('Environment')).toEqual([
      `NODE_COMPILE_CACHE=/var/cache/${service('CacheDirectory')}`,
      'NODE_OPTIONS=--max-semi-space-size=1',
      'MALLOC_ARENA_MAX=1',
    ]);
  });

  it('starts again after every end but those that trying again cannot help', () => {
    expect(service('Restart')).toEqual(['always']);
    expect(service('RestartPreventExitStatus')).toEqual([`${ExitCode.usage} ${ExitCode.configInvalid}`]);
    expect(unit.get('Unit')?.get('StartLimitIntervalSec')).toEqual(['0']);
  });

  it('claims no watchdog, which the gateway does not feed, and no memory protection, under which Node.js cannot start', () => {
    expect(service('WatchdogSec')).toBeUndefined();
    expect(service('MemoryDenyWriteExecute')).toBeUndefined();
  });

  it('bounds memory, tasks and open files', () => {
    const megabytes = (key: string) => Number(/^(\d+)M$/.exec(service(key)?.[0] ?? '')?.[1]);
    expect(megabytes('MemoryHigh')).toBeLessThan(megabytes('MemoryMax'));
    expect(Number(service('TasksMax'))).toBeGreaterThan(0);
    expect(Number(service('LimitNOFILE'))).toBeGreaterThan(2 * maxDevices);
  });

  it.skipIf(withoutSystemd)('has no key that systemd does not know', () => {
    const { stdout, stderr } = analyze('verify', '--man=no', unitFile);
    const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('lifeline.service'));
    expect(complaints.filter((line) => !line.includes('/usr/bin/lifeline is not executable'))).toEqual([]);
  });

  it.skipIf(withoutSystemd)('is exposed by at most 1.5 in the judgement of systemd-analyze', () => {
    const { stdout, stderr } = analyze('security', '--offline=true', '--no-pager', unitFile);
    const score = /Overall exposure level for lifeline\.service: (\d+\.\d)/.exec(stdout)?.[1];
    expect(score, stderr).toBeDefined();
    expect(Number(score)).toBeLessThanOrEqual(1.5);
  });
});
