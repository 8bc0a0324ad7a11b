import { InvalidArgumentError, Option } from 'commander';
import { describeError, type Problem } from '../../core/errors.ts';
import { consoleLinkErrors } from './errors.ts';

const timeoutMs = 10_000;
/** Where the console of a gateway listens when its configuration says nothing else. */
export const usualConsole = 'http://127.0.0.1:8080';

/** The address of a console as an option gives it. */
export function consoleAddress(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new InvalidArgumentError(`expected an address such as ${usualConsole}`);
}

/** Options of commands that ask a running gateway. */
export interface LinkOptions {
  readonly console: URL;
  readonly json?: boolean;
}

/** Which gateway is asked. */
export const consoleOption = (): Option =>
  new Option('--console <url>', 'address of the console').argParser(consoleAddress).default(new URL(usualConsole));

/** Asks the console of a running gateway, with the token in `LIFELINE_TOKEN` where there is one; rejects with a coded reason. */
export class ConsoleLink {
  private readonly url: URL;

  constructor(url: URL) {
    this.url = url;
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.ask(path, { headers: this.credentials() });
  }

  post<Answer>(path: string, body: unknown): Promise<Answer> {
    const headers = { 'content-type': 'application/json', origin: this.url.origin, ...this.credentials() };
    return this.ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  private credentials(): Readonly<Record<string, string>> {
    const token = process.env['LIFELINE_TOKEN'];
    return token ? { authorization: `Bearer ${token}` } : {};
  }

  private async ask<Answer>(path: string, request: RequestInit): Promise<Answer> {
    const target = new URL(path, this.url);
    const asked = `ask ${target}`;
    const response = await fetch(target, { ...request, signal: AbortSignal.timeout(timeoutMs) }).catch((error) => {
      throw consoleLinkErrors.create('UNREACHABLE', `${asked}: ${describeError(error)}`, error);
    });
    const answer: unknown = await response.json().catch((error) => {
      throw consoleLinkErrors.create('ANSWER', `${asked}: status ${response.status} without JSON`, error);
    });
    if (response.ok) return answer as Answer;
    const { code, message } = answer as Problem;
    throw consoleLinkErrors.create('REFUSED', `${asked}: ${code} ${message}`);
  }
}
