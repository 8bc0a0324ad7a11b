import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { putTexts } from '../config/configuration-change.ts';
import { changesBetween } from '../config/configuration-draft.ts';
import { type ConfigurationTexts, loadTexts, textOfCells } from '../config/configuration-texts.ts';
import { columns } from '../config/point-columns.ts';
import type { ConfigurationProblem } from '../console/configuration-api.ts';
import { consoleErrors } from '../console/errors.ts';
import type {
  ConsoleFirstStart,
  DevicePlace,
  DeviceSighting,
  FirstConfiguration,
  FirstVerdict,
} from '../console/first-start-api.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { systemSecrets } from '../core/secret-bytes.ts';
import { both } from '../core/text.ts';
import { readBroughtTable } from '../gateway/brought-table.ts';
import { shownProblem } from '../gateway/shown-problem.ts';
import { AuditTrail } from '../store/audit-trail.ts';
import { keepSecrets, secretNamed } from './first-start/first-secret.ts';
import { FirstServer, serverKeys } from './first-start/opcua-server.ts';
import { identityOf, ownNetworks, scanPart } from './first-start/scan.ts';
import { sinksOf, tryUpstream, upstreamPassword } from './first-start/upstream.ts';
import { productRoot, version } from './installation.ts';
import { parseScanTarget } from './modbus/addresses.ts';
import { type FoundDevice, Pace, scanAddress } from './modbus/scan-units.ts';
import { loadContext } from './product.ts';

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
    networks: ownNetworks,
    scan: (wish) => scanPart(wish, dataDir, clock),
    tryUpstream,
    check: (wish) => check(resolve(file), wish),
    offers: (endpoint) => server.offers(endpoint),
    trust: (thumbprint) => server.trust(thumbprint),
    look: (place) => (place.driver === 'opcua' ? server.look(place) : lookAtModbus(place, clock)),
    write: (wish) => write(resolve(file), wish),
    begin,
  };
}

/** All of it, or nothing and what is wrong with it. */
async function write(file: string, wish: FirstConfiguration): Promise<readonly ConfigurationProblem[]> {
  return withSecrets(file, wish, async (texts, errors) => {
    const right = errors.length === 0;
    if (right) await putTexts(file, new Map(), texts);
    return { kept: right, answer: errors };
  });
}

/** What would be written; the disk is as it was. */
function check(file: string, wish: FirstConfiguration): Promise<FirstVerdict> {
  return withSecrets(file, wish, async (texts, errors) => {
    return { kept: false, answer: { errors, changes: changesBetween(file, new Map(), texts) } };
  });
}

/** Judges a wish with its secrets where they belong, and has them stay there only where `act` keeps them. */
async function withSecrets<Answer>(
  file: string,
  wish: FirstConfiguration,
  act: (
    texts: ConfigurationTexts,
    errors: readonly ConfigurationProblem[],
  ) => Promise<{ readonly kept: boolean; readonly answer: Answer }>,
): Promise<Answer> {
  const secrets = { [passwordName]: wish.device.password, [upstreamPassword]: wish.upstream.password };
  const putBack = await keepSecrets(file, secrets);
  let kept = false;
  try {
    const texts = textsOf(file, wish);
    const { errors } = await loadTexts(file, texts, loadContext);
    const outcome = await act(
      texts,
      errors.map((problem) => shownProblem(problem, dirname(file))),
    );
    kept = outcome.kept;
    return outcome.answer;
  } finally {
    if (!kept) await putBack();
  }
}

function textsOf(file: string, { gateway, device, cells, upstream }: FirstConfiguration): ConfigurationTexts {
  const { id, driver, endpoint, unit, password } = device;
  const points = `points/${id}.csv`;
  const secret = password === '' ? {} : { password: secretNamed(passwordName) };
  const own = driver === 'modbus' ? { unit } : { ...serverKeys(device), ...secret };
  const yaml = stringify(
    {
      gateway: { id: gateway.id, ...(gateway.name === '' ? {} : { name: gateway.name }) },
      devices: [{ id, driver, endpoint, ...own, points }],
      ...sinksOf(upstream),
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
  return { identity: identityOf(device), cells: [] };
}
