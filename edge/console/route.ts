import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuditNote } from './auditor.ts';
import { type Caller, type RoutePolicy, signature } from './grants.ts';

/** One request, after its caller was let in and its fields were checked. */
export interface Call<Query = unknown, Body = unknown> {
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  /** Says for the audit log what the request does not: what it was done to, how that was before and is now. */
  note(what: AuditNote): void;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What every route declares; the registry of a web server takes nothing else, and a route without a policy is none. */
export interface ConsoleRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly policy: RoutePolicy;
  /** What it is for, in one line; left out for files of the page. */
  readonly summary?: string;
  /** Shapes of the query and of the body; where there is none, none is looked at. */
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Where a body may be larger than those of most routes. */
  readonly maxBodyBytes?: number;
  /** Whether it changes nothing although it is posted, so that nobody writes it down. */
  readonly unaudited?: boolean;
  /** Answers with a body, or sends through `reply`; throws coded errors. */
  answer(call: Call): unknown;
}

type Shaped<Query extends z.ZodType, Body extends z.ZodType> = Omit<ConsoleRoute, 'answer' | 'query' | 'body'> & {
  readonly summary: string;
  readonly query?: Query;
  readonly body?: Body;
  answer(call: Call<z.output<Query>, z.output<Body>>): unknown;
};

/** A route whose `answer` knows the shapes of its query and body. */
export const route = <Query extends z.ZodType = z.ZodUndefined, Body extends z.ZodType = z.ZodUndefined>(
  shaped: Shaped<Query, Body>,
): ConsoleRoute => shaped as ConsoleRoute;

/** Text of one line without control characters. */
export const printable = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .regex(/^[^\p{Cc}]*$/u);

/** For whom a token or the local machine speaks; an account always speaks for itself. */
export const onBehalf = { by: printable(64).min(1).optional() };

/** In whose name a call acts. */
export const signed = ({ caller, body }: Call<unknown, { readonly by?: string | undefined }>): string =>
  signature(caller, body.by);
