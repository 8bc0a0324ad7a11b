import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { putTexts } from '../config/configuration-change.ts';
import { loadTexts, textOfCells } from '../config/configuration-texts.ts';
import { columns } from '../config/point-columns.ts';
import type { ConfigurationProblem } from '../console/configuration-api.ts';
import { consoleErrors } from '../console/errors.ts';
import type { ConsoleFirstStart, DevicePlace, DeviceSighting, FirstConfiguration } from '../console/first-start-api.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { systemSecrets } from '../core/secret-bytes.ts';
import { both } from '../core/text.ts';
import { readBroughtTable } from '../gateway/brought-table.ts';
import { shownProblem } from '../gateway/shown-problem.ts';
import { AuditTrail } from '../store/audit-trail.ts';
import { keepSecret, secretNamed } from './first-start/first-secret.ts';
import { FirstServer, serverKeys } from './first-start/opcua-server.ts';
import { parseScanTarget } from './modbus/addresses.ts';
import { type FoundDevice, Pace, scanAddress } from './modbus/scan-units.ts';
import { loadContext, productRoot, version } from './product.ts';

const answerMs = 2_000;
const requestsPerS = 20;
const modbusPort = 502;
/** Under which the password of the first device is kept. */
const passwordName = 'opcua-password';

/** Whether there is a folder for the configuration, but no configuration in it. */
export async function isFirstStart(file: string): Promise<boolean> {
  const folder = await stat(dirname(resolve(file))).catch(() => undefined);
  const missing = await stat(file).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
  return missing && (folder?.isDirectory() ?? false);
}

interface FirstStartParts {
  /** The `gateway.yaml` that is to be. */
  readonly file: string;
  readonly dataDir: string;
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves when nobody waits for it any more. */
  readonly stopped: Promise<unknown>;
  /** Where the built page lies; the product's own by default. */
  readonly page?: URL;
}

/** Serves the page of the first start until the configuration is written; the port it was served on, undefined when stopped. */
export async function firstStart({ file, dataDir, stopped, ...parts }: FirstStartParts): Promise<number | undefined> {
  const { clock, log } = parts;
  const audit = new AuditTrail(dataDir, { stamp: new Date(clock.wallMs()).toISOString().replaceAll(':', '-') });
  const begun = Promise.withResolvers<true>();
  const { serveFirstStart } = await import('../console/first-start.ts');
  const page = await serveFirstStart({
    ...{ ...parts, folder: dataDir, audit, secretBytes: systemSecrets, version },
    firstStart: firstStartOf(file, dataDir, clock, () => begun.resolve(true)),
  });
  const { url, invitation = url } = page;
  log.info({ url: invitation }, `there is no ${file} yet; this link sets the gateway up`);
  try {
    return (await Promise.race([begun.promise, stopped.then(() => false)])) ? page.port : undefined;
  } finally {
    await page.stop();
    await audit.close();
  }
}

function firstStartOf(file: string, dataDir: string, clock: Clock, begin: () => void): ConsoleFirstStart {
  const server = new FirstServer(dataDir, clock);
  return {
    columns: columns.map(({ key, zh, describe }) => ({ key, zh, describe })),
    readTable: readBroughtTable,
    offers: (endpoint) => server.offers(endpoint),
    trust: (thumbprint) => server.trust(thumbprint),
    look: (place) => (place.driver === 'opcua' ? server.look(place) : lookAtModbus(place, clock)),
    write: (wish) => write(resolve(file), wish),
    begin,
  };
}

/** All of it, or nothing and what is wrong with it. */
async function write(file: string, wish: FirstConfiguration): Promise<readonly ConfigurationProblem[]> {
  const { password } = wish.device;
  const putBack = password === '' ? undefined : await keepSecret(file, passwordName, password);
  try {
    const texts = textsOf(file, wish);
    const { gateway, errors } = await loadTexts(file, texts, loadContext);
    if (gateway) await putTexts(file, new Map(), texts);
    else await putBack?.();
    return gateway ? [] : errors.map((problem) => shownProblem(problem, dirname(file)));
  } catch (error) {
    await putBack?.();
    throw error;
  }
}

function textsOf(file: string, { gateway, device, cells, broker }: FirstConfiguration) {
  const { id, driver, endpoint, unit, password } = device;
  const points = `points/${id}.csv`;
  const secret = password === '' ? {} : { password: secretNamed(passwordName) };
  const own = driver === 'modbus' ? { unit } : { ...serverKeys(device), ...secret };
  const yaml = stringify(
    {
      gateway: { id: gateway.id, ...(gateway.name === '' ? {} : { name: gateway.name }) },
      devices: [{ id, driver, endpoint, ...own, points }],
      ...(broker === '' ? {} : { sinks: [{ id: 'upstream', sink: 'mqtt-json', url: broker }] }),
    },
    { lineWidth: 0 },
  );
  const schema = `# yaml-language-server: $schema=${join(productRoot, 'lifeline.schema.json')}\n`;
  return new Map([
    [basename(file), schema + yaml],
    [points, textOfCells(cells)],
  ]);
}

async function lookAtModbus({ endpoint, unit }: DevicePlace, clock: Clock): Promise<DeviceSighting> {
  const target = parseScanTarget(endpoint, modbusPort);
  const [place] = 'why' in target ? [] : target;
  if (!place)
    throw consoleErrors.create(
      'NO-DEVICE',
      both(`look at ${endpoint}: it is not of the form tcp://host:port`, `试连 ${endpoint}：应写成 tcp://主机:端口`),
    );
  const found: FoundDevice[] = [];
  await scanAddress(place, {
    ...{ clock, pace: new Pace(clock, requestsPerS), timeoutMs: answerMs, units: [unit] },
    ...{ signal: new AbortController().signal, found: (device) => found.push(device), stepped: () => undefined },
  });
  const [device] = found;
  if (!device)
    throw consoleErrors.create(
      'NO-DEVICE',
      both(
        `look at ${endpoint} unit ${unit}: no answer in ${answerMs} ms`,
        `试连 ${endpoint} 站号 ${unit}：${answerMs} ms 内无应答`,
      ),
    );
  const words = [device.vendor, device.product, device.revision, device.name].filter((word) => word !== null);
  return { identity: words.join(' '), cells: [] };
}
