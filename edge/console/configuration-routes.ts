import { z } from 'zod';
import { problemOf } from '../core/errors.ts';
import { both } from '../core/text.ts';
import type { AuditNote } from './auditor.ts';
import type { ConfigurationOutcome, ConsoleConfiguration } from './configuration-api.ts';
import { consoleErrors } from './errors.ts';
import { type Call, type ConsoleRoute, onBehalf, route, signed } from './route.ts';
import { tableRoute } from './table-route.ts';
import type { ConfigurationConflictView, ConfigurationVersionsView } from './wire.ts';

/** Larger than the point tables of a gateway of 20,000 tags. */
const maxBodyBytes = 4 * 1024 * 1024;

const draft = {
  yaml: z.string().max(maxBodyBytes),
  tables: z
    .array(
      z.strictObject({ path: z.string().min(1).max(500), cells: z.array(z.array(z.string().max(2_000)).max(256)) }),
    )
    .max(1_000),
};
/** What a change is made from. */
export const base = z.string().regex(/^[0-9a-f]{64}$/, 'expected the hash of a configuration');
const proposal = z.strictObject(draft);
const change = z.strictObject({ ...draft, base, ...onBehalf });
const versionQuery = z.strictObject({ number: z.coerce.number().int().positive() });
const rollBack = z.strictObject({ number: z.int().positive(), base, ...onBehalf });

/** The routes about the files of the configuration; none answers where the gateway was not started from files. */
export function configurationRoutes(configuration: ConsoleConfiguration | undefined): readonly ConsoleRoute[] {
  const files = (): ConsoleConfiguration => {
    if (configuration) return configuration;
    throw consoleErrors.create(
      'NOT-FOUND',
      both('look at the configuration: this gateway was not started from files', '查看配置：此网关不是由文件启动的'),
    );
  };
  return [
    tableRoute(() => (brought) => files().readTable(brought)),
    route({
      ...{ method: 'GET', path: '/api/configuration', policy: 'engineer' },
      summary: 'gateway.yaml without its secrets, and the point tables that it names',
      answer: () => files().read(),
    }),
    route({
      ...{ method: 'POST', path: '/api/configuration-check', policy: 'engineer', body: proposal, maxBodyBytes },
      ...{ unaudited: true, summary: 'What is wrong with a draft, each mistake with its place, and how it differs' },
      answer: ({ body }) => files().check(body),
    }),
    route({
      ...{ method: 'POST', path: '/api/configuration-apply', policy: 'engineer', body: change, maxBodyBytes },
      summary: 'Puts a draft in force, all of it or nothing; 409 with the difference where somebody was faster',
      async answer(call) {
        const { base, yaml, tables } = call.body;
        call.note({ target: 'configuration', before: base, after: null });
        return answerWith(call, await files().apply({ yaml, tables }, base, signed(call)));
      },
    }),
    route({
      ...{ method: 'GET', path: '/api/configuration-versions', policy: 'engineer' },
      summary: 'The last configurations, newest first',
      answer: async (): Promise<ConfigurationVersionsView> => ({ versions: await files().versions() }),
    }),
    route({
      ...{ method: 'GET', path: '/api/configuration-version', policy: 'engineer', query: versionQuery },
      summary: 'What a roll-back to a version would change',
      async answer({ query: { number } }) {
        return { changes: (await files().compare(number)) ?? noVersion(number) };
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/configuration-roll-back', policy: 'engineer', body: rollBack },
      summary: 'Puts a kept version in force again',
      async answer(call) {
        const { number, base } = call.body;
        const target = `configuration ${number}`;
        call.note({ target, before: base, after: null });
        return answerWith(call, (await files().rollBack(number, base, signed(call))) ?? noVersion(number), target);
      },
    }),
  ];
}

function noVersion(number: number): never {
  throw consoleErrors.create(
    'NOT-FOUND',
    both(`look for version ${number} of the configuration: it is not kept`, `查找配置版本 ${number}：未保留此版本`),
  );
}

/** What was not done is told with what there is to do about it; the audit log has which it was. */
export function answerWith(
  { note, reply }: Pick<Call, 'note' | 'reply'>,
  outcome: ConfigurationOutcome,
  target = 'configuration',
): ConfigurationOutcome | ConfigurationConflictView {
  const said = (what: AuditNote) => note({ target, ...what });
  if (outcome.result === 'applied') {
    said({ before: outcome.before, after: { version: outcome.version, hash: outcome.after } });
    return outcome;
  }
  if (outcome.result === 'refused') {
    const [first] = outcome.errors;
    said({ after: { errors: outcome.errors.length }, ...(first ? { refusal: first.code } : {}) });
    reply.code(422);
    return outcome;
  }
  const conflict = consoleErrors.create(
    'CONFLICT',
    both(
      `change the configuration: ${outcome.by || 'somebody'} has changed it since it was read`,
      `更改配置：读取之后已被${outcome.by || '他人'}更改`,
    ),
  );
  said({ after: { current: outcome.current.hash }, refusal: conflict.code });
  reply.code(409);
  return { ...outcome, ...problemOf(conflict) };
}
