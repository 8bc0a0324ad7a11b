import { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import type { Actor } from '../core/command.ts';
import { isGood, Quality } from '../core/quality.ts';
import type { ConsoleSource } from './api.ts';
import { type Caller, consoleRoles } from './grants.ts';
import { type ConsoleRoute, onBehalf, printable, route, signed } from './route.ts';
import type { CommandView } from './wire.ts';

const command = z.strictObject({
  ...{ id: printable(200).min(1), tag: printable(200).min(1), value: z.number(), expires: z.number() },
  ...{ why: printable(200).min(1), ...onBehalf },
});

/** Answers to what was refused, by its code. */
const statuses: Readonly<Record<string, number>> = {
  'LL-CONTROL-FORBIDDEN': 403,
  'LL-CONTROL-TAG': 404,
  'LL-CONTROL-READONLY': 422,
  'LL-CONTROL-RANGE': 422,
  'LL-CONTROL-AUDIT': 503,
  'LL-CONTROL-DEVICE': 503,
};

/** A token speaks for a script, wherever that runs: nobody has looked at the plant and said yes. */
const actorOf = ({ grant, way }: Caller, name: string): Actor => ({
  ...{ name, role: consoleRoles.find((role) => role === grant) ?? 'viewer' },
  origin: way === 'token' ? 'remote' : 'console',
});

/** What a tag shows now; null where that is not good. */
function standing({ description, live }: ConsoleSource, name: string): number | null {
  const tag = description.tags.findIndex((one) => one.name === name);
  return isGood(live.quality[tag] ?? Quality.bad) ? (live.values[tag] ?? null) : null;
}

/** The route by which people set outputs; whether they may is for the configuration to say, as the way to outputs knows. */
export function commandRoutes(source: ConsoleSource, clock: Clock): readonly ConsoleRoute[] {
  return [
    route({
      ...{ method: 'POST', path: '/api/command', policy: 'operator', body: command },
      summary: 'Sets a point that is listed as writable, where console.writes lets the role; once for an id, read back',
      async answer(call) {
        const { by: _, ...wanted } = call.body;
        const { tag: target, value, why } = wanted;
        const before = standing(source, target);
        call.note({ target, before, after: null });
        const ended = await source.commands.submit(wanted, actorOf(call.caller, signed(call)));
        const { outcome, readBack, code, problem } = ended;
        const after = { value, why, outcome, readBack, ...(problem ? { problem } : {}) };
        call.note({ target, before, after, ...(code === null ? {} : { refusal: code }) });
        if (outcome !== 'refused' || !problem)
          return { outcome, readBack, problem, before, at: clock.wallMs() } satisfies CommandView;
        call.reply.code(statuses[problem.code] ?? 409);
        return problem;
      },
    }),
  ];
}
