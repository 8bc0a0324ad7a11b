import type { ConfigurationProblem } from './configuration-problem.ts';

/** Kinds of orders that a road upstream can bring. */
export const orderKinds = [
  ...(['acknowledge', 'reset', 'shelve', 'unshelve', 'comment', 'case-status', 'reply', 'write', 'config'] as const),
] as const;
export type OrderKind = (typeof orderKinds)[number];

/** Stages of a case in digital city management: 立案 派遣 处置 反馈 核查 结案 退回. */
export const caseStages = ['filed', 'dispatched', 'handled', 'reported', 'checked', 'closed', 'returned'] as const;
export type CaseStage = (typeof caseStages)[number];

/** Which alarm an order is about. */
interface AboutAlarm {
  /** `<asset>/<kind>`. */
  readonly alarm: string;
  /** Which time it was raised, ms since epoch; the last one when left out. */
  readonly raisedAt?: number | undefined;
}

/** What an order asks for; `tag` is `device/point`. */
export type OrderContent =
  | (AboutAlarm & { readonly kind: 'acknowledge'; readonly note?: string | undefined })
  | (AboutAlarm & { readonly kind: 'reset' })
  | (AboutAlarm & { readonly kind: 'unshelve' })
  | (AboutAlarm & {
      readonly kind: 'shelve';
      readonly reason: string;
      readonly minutes: number;
      /** Over as soon as its condition is. */
      readonly once?: boolean | undefined;
    })
  | (AboutAlarm & { readonly kind: 'comment'; readonly text: string })
  | (AboutAlarm & {
      readonly kind: 'case-status';
      readonly case: string;
      readonly stage: CaseStage;
      /** Responsible unit. */
      readonly unit?: string | undefined;
      readonly note?: string | undefined;
    })
  | {
      /** Somebody sends back the code of a message, which acknowledges the alarms that it told of. */
      readonly kind: 'reply';
      readonly code: string;
      /** Telephone number or other address of the sender; where it is known, it must be the one of the person. */
      readonly from?: string | undefined;
    }
  | { readonly kind: 'write'; readonly tag: string; readonly value: number }
  | {
      /** A configuration is offered, for a person at the gateway to apply. */
      readonly kind: 'config';
      readonly reason: string;
      /** Hash of the configuration that it was made from; where another stands, it is refused. */
      readonly base?: string | undefined;
      /** `gateway.yaml`, and point tables by path, as rows of cells; what is left out stays as it is. */
      readonly yaml?: string | undefined;
      readonly tables?:
        | readonly { readonly path: string; readonly cells: readonly (readonly string[])[] }[]
        | undefined;
    };

/** What the centre asks of a gateway. */
export type CentreOrder = OrderContent & {
  /** Chosen by the sender, unique for ever: the same id is the same order, over whichever road it comes. */
  readonly id: string;
  /** Who gives it, as the centre names people. */
  readonly by: string;
  /** ms since epoch after which it must not be carried out any more. */
  readonly expires: number;
};

/** A configuration that the centre offers. */
export type ConfigurationOrder = Extract<CentreOrder, { readonly kind: 'config' }>;

/** What became of an order. `duplicate`: it was here before, and nothing was done again. */
export interface OrderReply {
  readonly id: string;
  readonly status: 'accepted' | 'duplicate' | 'refused';
  /** Coded text of a refusal, else empty. */
  readonly reason: string;
  /** The first mistakes of a configuration that was offered. */
  readonly problems?: readonly ConfigurationProblem[];
}
