import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Subscriber, startSubscriber } from '../../../simulator/platform/subscriber.ts';
import { demoUtilities } from '../../../simulator/scenarios/demo.ts';
import { type LoadedGateway, loadGateway } from '../../config/load.ts';
import { formatProblem } from '../../config/problem.ts';
import { utilityOf } from '../../core/asset.ts';
import { realClock } from '../../core/clock.ts';
import { describeError } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import { silentLog } from '../../core/log.ts';
import { seededRandom } from '../../core/random.ts';
import type { GatewayStatus } from '../../gateway.ts';
import { openStore } from '../../store/store.ts';
import { productRoot } from '../installation.ts';
import type { Language } from '../language.ts';
import { loadContext } from '../product.ts';
import { untilStopped } from '../stopping.ts';
import type { Child } from './child.ts';
import { LiveValues } from './live-values.ts';
import { gatewayStory, type JsonLine, type OnSlow, parseLine, startBroker, startCity, startGateway } from './parts.ts';
import { freePorts } from './ports.ts';
import { demoReport, type TruthLine } from './report.ts';
import { Story } from './story.ts';

const exampleFolder = join(productRoot, 'examples/demo');
const exampleBasePort = 10_502;
const exampleBrokerPort = 1883;
/** Ports kept free for the PLC servers of the city. */
const plcPorts = 40;
const liveEveryMs = 10_000;
const arriveWithinMs = 2_000;
const maxReportedEvents = 10_000;

export interface DemoOptions {
  readonly forMs: number | undefined;
  readonly seed: number;
  readonly incident: 'burst' | 'none' | 'hydrant-flush';
  readonly report: string | undefined;
  readonly port: number | undefined;
  readonly console: boolean;
  readonly language: Language;
}

/** What happens while the demo runs, gathered for the report. */
interface Diary {
  readonly truth: TruthLine[];
  readonly receivedIds: Set<string>;
  status: GatewayStatus | undefined;
  firstSampleMs: number | null;
  /** The gateway ended although nobody asked it to. */
  endedEarly: boolean;
}

/** Where this run's parts meet: the committed example, or a copy for other ports when its own are taken. */
interface Stage {
  readonly plcPort: number;
  readonly brokerPort: number;
  readonly url: string;
  readonly configFolder: string;
  readonly dataDir: string;
  readonly writesConfig: boolean;
  /** Where the city writes what happens, and the console reads it. */
  readonly truthFile: string;
}

/** Runs the demo and tells its story; resolves with whether the whole chain held. */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const stopped = untilStopped(undefined);
  const story = new Story(process.stdout, options.language);
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-demo-'));
  const children: Child[] = [];
  const diary: Diary = {
    truth: [],
    receivedIds: new Set(),
    status: undefined,
    firstSampleMs: null,
    endedEarly: false,
  };
  try {
    const stage = await findStage(folder);
    return await play(options, stage, story, diary, children, stopped);
  } catch (error) {
    const text = describeError(error);
    story.tell('end', { zh: `演示失败：${text}`, en: `the demo failed: ${text}` });
    return false;
  } finally {
    for (const child of [...children].reverse()) await child.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function findStage(folder: string): Promise<Stage> {
  const plcPort = await freePorts(exampleBasePort, plcPorts, 100);
  const brokerPort = await freePorts(exampleBrokerPort, 1, 1);
  const writesConfig = plcPort !== exampleBasePort || brokerPort !== exampleBrokerPort;
  const configFolder = writesConfig ? join(folder, 'config') : exampleFolder;
  const url = `mqtt://127.0.0.1:${brokerPort}`;
  return {
    plcPort,
    brokerPort,
    url,
    configFolder,
    writesConfig,
    dataDir: join(folder, 'data'),
    truthFile: join(folder, 'truth.jsonl'),
  };
}

async function play(
  options: DemoOptions,
  stage: Stage,
  story: Story,
  diary: Diary,
  children: Child[],
  stopped: Promise<unknown>,
): Promise<boolean> {
  const slow: OnSlow = (name, forS, processorS) =>
    story.tell('parts', {
      zh: `${name} 仍在启动：已 ${forS} 秒，用去处理器 ${processorS.toFixed(1)} 秒，继续等待`,
      en: `${name} is still starting: ${forS} s, of which the processor gave it ${processorS.toFixed(1)} s; waiting on`,
    });
  const city = await startCity(cityArguments(options, stage), (line) => tellTruth(line, story, diary), slow);
  children.push(city);
  const place = `127.0.0.1:${stage.plcPort}`;
  story.tell('parts', { zh: `城市：PLC 自 ${place} 起监听`, en: `city: PLCs listen from ${place} on` });
  children.push(await startBroker(stage.brokerPort, slow));
  story.tell('parts', { zh: `消息服务器：${stage.url}`, en: `broker: ${stage.url}` });
  if (stage.writesConfig) {
    await cp(join(exampleFolder, 'calibration.json'), join(stage.configFolder, 'calibration.json'));
  }
  const loaded = await readConfig(join(stage.configFolder, 'gateway.yaml'));
  const live = new LiveValues(loaded);
  const subscriber = await subscribe(stage.url, loaded, story, diary, live);
  const gateway = startGateway(gatewayArguments(options, stage), tellGateway(story, diary));
  children.push(gateway);
  const watching = setInterval(() => {
    const text = live.text();
    if (text.en !== '') story.tell('live', text);
  }, liveEveryMs);
  const ending = options.forMs === undefined ? stopped : Promise.race([stopped, wait(options.forMs)]);
  diary.endedEarly = await Promise.race([ending.then(() => false), gateway.exited.then(() => true)]);
  clearInterval(watching);
  const memoryMb = Object.fromEntries(children.map((child) => [child.name, child.residentMb()]));
  await gateway.stop();
  await arrived(subscriber, diary);
  const figures = subscriber.figures();
  await subscriber.close();
  const report = demoReport({
    durationS: Math.round(story.elapsedS),
    seed: options.seed,
    expected: options.incident,
    truth: diary.truth,
    gateway: diary.status,
    journal: await readJournal(stage.dataDir, loaded),
    received: {
      ids: diary.receivedIds,
      count: figures.received,
      duplicates: figures.duplicates,
      latency: figures.latency,
    },
    utilityOfDevice: deviceUtilities(loaded),
    startToFirstSampleMs: diary.firstSampleMs,
    memoryMb: { ...memoryMb, demo: Math.round(process.memoryUsage.rss() / 1e6) },
  });
  if (options.report) await writeFile(options.report, `${JSON.stringify(report, null, 2)}\n`);
  conclude(story, report, options.forMs !== undefined, gateway);
  return report.ok || (options.forMs === undefined && !diary.endedEarly);
}

function subscribe(
  url: string,
  loaded: LoadedGateway,
  story: Story,
  diary: Diary,
  live: LiveValues,
): Promise<Subscriber> {
  return startSubscriber({
    url,
    gateway: loaded.config.gateway.id,
    clock: realClock(),
    onEvent: ({ id, type }) => {
      diary.receivedIds.add(id);
      story.tell('received', { zh: `${type} ${id}`, en: `${type} ${id}` });
    },
    onData: ({ device, values }) => live.take(device, values),
  });
}

/** Waits, not for long, until what the gateway had confirmed has reached the subscriber too. */
async function arrived(subscriber: Subscriber, diary: Diary): Promise<void> {
  const forwarded = diary.status?.sinks.reduce((sum, sink) => sum + sink.forwarded, 0) ?? 0;
  const deadline = performance.now() + arriveWithinMs;
  while (subscriber.figures().received < forwarded && performance.now() < deadline) await wait(50);
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());

function cityArguments({ seed, incident }: DemoOptions, stage: Stage): string[] {
  const utilities = ['--utilities', demoUtilities.join(','), '--equipment', 'lean'];
  const ports = ['--base-port', String(stage.plcPort)];
  const base = ['--seed', String(seed), '--incident', incident, ...ports, '--truth', stage.truthFile, ...utilities];
  return stage.writesConfig ? [...base, '--write-gateway', stage.configFolder, '--broker', stage.url] : base;
}

function gatewayArguments(options: DemoOptions, stage: Stage): string[] {
  const base = ['-c', join(stage.configFolder, 'gateway.yaml'), '--data', stage.dataDir];
  if (!options.console) return [...base, '--no-console'];
  const shown = [...base, '--truth', stage.truthFile];
  return options.port === undefined ? shown : [...shown, '--port', String(options.port)];
}

async function readConfig(file: string): Promise<LoadedGateway> {
  const { gateway, errors } = await loadGateway(file, loadContext);
  if (!gateway) throw new Error(errors.map((problem) => formatProblem(problem)).join('\n'));
  return gateway;
}

function tellTruth(line: JsonLine, story: Story, diary: Diary): void {
  if (line['type'] !== 'truth') return;
  const truth = line as unknown as TruthLine & { readonly text: { readonly zh: string; readonly en: string } };
  diary.truth.push({
    kind: truth.kind,
    asset: truth.asset,
    affected: truth.affected,
    decoy: truth.decoy,
    startMs: truth.startMs,
  });
  const { zh, en } = truth.text;
  story.tell('city', { zh: `${zh}（网关看不到这一行）`, en: `${en} (the gateway cannot see this line)` });
}

function tellGateway(story: Story, diary: Diary): Parameters<typeof startGateway>[1] {
  return {
    log(line) {
      if (line['msg'] === 'first sample') diary.firstSampleMs ??= Math.round(story.elapsedS * 1000);
      if (line['msg'] === 'console') {
        story.tell('parts', { zh: `控制台：${line['url']}`, en: `console: ${line['url']}` });
      }
      const told = gatewayStory(line);
      if (told) story.tell(told.source, told.text);
    },
    status(line) {
      diary.status = line as unknown as GatewayStatus;
    },
  };
}

/** Device → utility, by the assets whose roles its tags fill. */
function deviceUtilities(loaded: LoadedGateway): (device: string) => string {
  const utilities = new Map<string, string>();
  for (const asset of loaded.assets) {
    for (const tag of Object.values(asset.roles)) {
      const { device } = loaded.tags.at(tag);
      // what a device controls comes before the device as an asset of its own
      if (!utilities.has(device)) utilities.set(device, utilityOf(asset.type));
    }
  }
  return (device) => utilities.get(device) ?? 'other';
}

/** The events as they lie on disk once the gateway has ended. */
async function readJournal(dir: string, { tags }: LoadedGateway): Promise<readonly Event[]> {
  const store = await openStore({ dir, tags, clock: realClock(), random: seededRandom(0), log: silentLog });
  try {
    return await store.journal.read(0, maxReportedEvents);
  } finally {
    await store.close();
  }
}

function conclude(story: Story, report: ReturnType<typeof demoReport>, bounded: boolean, gateway: Child): void {
  const { incident, alarms, events, polls, brokenLink } = report;
  const found = incident?.secondsToDetect;
  const seconds = found === null || found === undefined ? '' : `, ${found} s`;
  const figures = `alarms ${alarms.raised} (false ${alarms.falseAlarms}), events ${events.journaled}/${events.forwarded}/${events.received}, late polls ${polls.late}/${polls.due}`;
  if (report.ok)
    story.tell('end', { zh: `全链路成立${seconds}；${figures}`, en: `the whole chain held${seconds}; ${figures}` });
  else if (bounded)
    story.tell('end', { zh: `链路断在 ${brokenLink}；${figures}`, en: `broken link: ${brokenLink}; ${figures}` });
  if (brokenLink === 'gateway') {
    for (const line of gateway.errors.filter((text) => !parseLine(text)).slice(-5))
      story.tell('gateway', { zh: line, en: line });
  }
}
