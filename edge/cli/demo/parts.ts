import type { Text } from '../../core/text.ts';
import { unitSign } from '../../core/unit-sign.ts';
import { scriptAt } from '../installation.ts';
import { type Child, startChild } from './child.ts';

const mainScript = scriptAt('edge/cli/main');
const brokerScript = scriptAt('simulator/platform/main');
/** A part that has computed nothing for so long hangs; one that computes is slow, and is waited for. */
const idleWithinMs = 60_000;
/** How often it is looked at, and said that it is waited for. */
const lookEveryMs = 15_000;

/** A line of JSON that a part wrote. */
export type JsonLine = Readonly<Record<string, unknown>>;

/** The line as an object; undefined for what is not one. */
export function parseLine(line: string): JsonLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as JsonLine) : undefined;
  } catch {
    return undefined;
  }
}

/** Told of a part that is still starting: its name, how long it has had, and the processor time that it has used, s. */
export type OnSlow = (name: string, forS: number, processorS: number) => void;

/**
 * Starts a part and waits until it says that it listens, as long as it computes; rejects with what it wrote when it ends
 * before that.
 */
function startListening(
  name: string,
  script: string,
  args: readonly string[],
  onLine: (line: JsonLine) => void,
  onSlow: OnSlow,
): Promise<Child> {
  return new Promise((resolve, reject) => {
    let [waitedMs, idleMs, used] = [0, 0, 0];
    const timer = setInterval(() => {
      waitedMs += lookEveryMs;
      const now = child.processorS();
      idleMs = now > used ? 0 : idleMs + lookEveryMs;
      used = now;
      if (idleMs < idleWithinMs) return onSlow(name, waitedMs / 1000, now);
      clearInterval(timer);
      reject(
        new Error(`${name} does not listen after ${waitedMs / 1000} s and has done nothing for ${idleMs / 1000} s`),
      );
    }, lookEveryMs);
    const child = startChild(name, script, args, {
      onLine(text) {
        const line = parseLine(text);
        if (!line) return;
        if (line['type'] === 'listening') {
          clearInterval(timer);
          resolve(child);
        }
        onLine(line);
      },
    });
    void child.exited.then((code) => {
      clearInterval(timer);
      reject(new Error(`${name} ended with code ${code}: ${child.errors.slice(-3).join(' | ')}`));
    });
  });
}

/** The simulated city with its PLC servers. */
export function startCity(args: readonly string[], onLine: (line: JsonLine) => void, onSlow: OnSlow): Promise<Child> {
  return startListening('city', mainScript, ['sim', '--json', ...args], onLine, onSlow);
}

/** The broker that plays the city platform's. */
export function startBroker(port: number, onSlow: OnSlow): Promise<Child> {
  return startListening('broker', brokerScript, ['--port', String(port)], () => undefined, onSlow);
}

/** The gateway, exactly as `lifeline run` starts it in production. Its last line on stdout is its status. */
export function startGateway(
  args: readonly string[],
  on: { log(line: JsonLine): void; status(line: JsonLine): void },
): Child {
  return startChild('gateway', mainScript, ['run', '--json', ...args], {
    onLine(text) {
      const line = parseLine(text);
      if (line && 'devices' in line) on.status(line);
    },
    onErrorLine(text) {
      const line = parseLine(text);
      if (line) on.log(line);
    },
  });
}

/** Turns a log line of the gateway into a line of the story; undefined for what is not worth telling. */
export function gatewayStory(
  line: JsonLine,
): { readonly source: 'gateway' | 'alarm'; readonly text: Text } | undefined {
  const message = String(line['msg'] ?? '');
  if (message === 'first sample') {
    const device = String(line['device']);
    return { source: 'gateway', text: { zh: `收到首批数据，来自 ${device}`, en: `first sample, from ${device}` } };
  }
  if (line['finding']) {
    const gone = message === 'finding gone';
    const [first] = (line['evidence'] as { tag: string; observed: number; expected: number; unit: string }[]) ?? [];
    const figure = (value: number | undefined) => (value === undefined ? '–' : String(Number(value.toPrecision(4))));
    const seen = first ? `${first.tag} ${figure(first.observed)} ${unitSign(first.unit)}` : '';
    const expected = first ? figure(first.expected) : '';
    const why = line['decision']
      ? ` [${Object.entries(line['decision'] as object)
          .map(([part, said]) => `${part}: ${said}`)
          .join('; ')}]`
      : '';
    return {
      source: 'gateway',
      text: {
        zh: `${gone ? '判定消失' : '判定'} ${line['finding']}（${line['from']}）：${seen}，预期 ${expected}${why}`,
        en: `${gone ? 'finding gone' : 'finding'} ${line['finding']} by ${line['from']}: ${seen}, expected ${expected}${why}`,
      },
    };
  }
  if (line['alarm']) {
    const text = line['text'] as Text;
    const head = `${line['event']} ${line['priority']}`;
    return { source: 'alarm', text: { zh: `${head} ${text.zh}`, en: `${head} ${text.en}` } };
  }
  if (Number(line['level']) >= 40) {
    const text = `${line['code'] ?? ''} ${message}`.trim();
    return { source: 'gateway', text: { zh: text, en: text } };
  }
  return undefined;
}
