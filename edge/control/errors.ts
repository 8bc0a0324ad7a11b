import { defineErrors } from '../core/errors.ts';

export const controlErrors = defineErrors('CONTROL', {
  TAG: {
    cause: 'A command names a tag that this gateway does not have, or carries a value that is no number.',
    retry: false,
    next: 'Write the tag as device/point, as in the point table, and a finite number as its value.',
  },
  READONLY: {
    cause: 'The point is not listed as writable in its point table, or its driver cannot write.',
    retry: false,
    next: 'Nothing is written unless the point table says so: set its column "writable" if it is meant to be written.',
  },
  FORBIDDEN: {
    cause:
      'The one who gave the command may not write: only an engineer on this machine may, and the centre over a sink whose orders list write.',
    retry: false,
    next: 'Have an engineer give the command on the gateway itself.',
  },
  RANGE: {
    cause:
      'The value lies outside the range (low, high) of the point table, the table gives none, or it must be whole.',
    retry: false,
    next: 'Give a value within the range; fill or correct low and high in the point table only as the plant really allows.',
  },
  EXPIRED: {
    cause: 'The command came too late, or is valid for longer than commands may be.',
    retry: false,
    next: 'Give the command again with a new id, to be carried out within ten minutes.',
  },
  REPLAYED: {
    cause: 'The id of the command was used already for another tag, value or person.',
    retry: false,
    next: 'Give every command an id of its own, such as a UUID.',
  },
  BUSY: {
    cause: 'Another command to the same tag is under way, or too many commands are.',
    retry: true,
    next: 'Wait for the answer to the other command, then give this one again with a new id.',
  },
  AUDIT: {
    cause: 'The journal could not record the command, and nothing is written that is not recorded first.',
    retry: true,
    next: 'Check disk space and disk of the gateway, then give the command again with a new id.',
  },
  DEVICE: {
    cause: 'The device is not connected, or it refused the write.',
    retry: true,
    next: 'Check that the device is online and in remote mode, and what its exception says.',
  },
  MISMATCH: {
    cause:
      'The write was sent, but reading back shows another value: the device did not take it, or something overrules it.',
    retry: false,
    next: 'Check local/remote switch, interlocks and other masters of the device before trying again.',
  },
  UNKNOWN: {
    cause: 'No answer came to the write and reading back failed: it may or may not have been carried out.',
    retry: false,
    next: 'Look at the plant. Read the point once the device answers again, before giving another command.',
  },
});

export const orderErrors = defineErrors('ORDER', {
  FORBIDDEN: {
    cause: 'The centre asked for something that the sink, over which it came, may not bring.',
    retry: false,
    next: 'List the kind of order under "orders" of that sink in gateway.yaml, if the centre is to give it.',
  },
  EXPIRED: {
    cause: 'The order came too late, or is valid for longer than orders may be, or a clock is wrong.',
    retry: false,
    next: 'Give it again with a new id, to be carried out within a day; compare the clocks of gateway and centre.',
  },
  MALFORMED: {
    cause: 'The order is not of the stated shape.',
    retry: false,
    next: 'Compare it with the reference of orders.',
  },
  UNKNOWN: {
    cause: 'The order names an alarm that this gateway does not have, or one that is past what it asks for.',
    retry: false,
    next: 'Use the id of the alarm as <asset>/<kind>, and look whether it still stands.',
  },
  CODE: {
    cause:
      'No message has this code, or not any more: it was used already, it is too old, or somebody else sent it back.',
    retry: false,
    next: 'Send back the code of the newest message, from the address that it came to; or acknowledge the alarm in the console.',
  },
  TRIES: {
    cause: 'More than ten codes that stand for nothing came from one sender within a minute: somebody may be guessing.',
    retry: true,
    next: 'Wait ten minutes, or acknowledge the alarm in the console; find out who sends from that address.',
  },
  WRITE: {
    cause: 'The write was refused, failed, or its outcome is not known; the text says which and why.',
    retry: false,
    next: 'Look up the code in the text. Where the outcome is unknown, read the point before giving another order.',
  },
});

/** Of configurations that the centre offers. */
export const offerErrors = defineErrors('OFFER', {
  UNFIT: {
    cause:
      'The gateway could not run with the configuration that was offered; the receipt lists its mistakes with their places.',
    retry: false,
    next: 'Correct the mistakes and offer it again with a new id.',
  },
  STALE: {
    cause: 'The offer was made from another configuration than the one that stands: somebody has changed it since.',
    retry: false,
    next: 'Make it again from what stands now, whose hash the text tells.',
  },
  NOTHING: {
    cause: 'What is offered is what stands already.',
    retry: false,
    next: 'Nothing, if that is what was wanted.',
  },
  FULL: {
    cause: 'As many offers wait as may: nobody at the gateway has decided on them.',
    retry: true,
    next: 'Have an engineer apply or refuse those that wait (lifeline offers list), then offer it again with a new id.',
  },
  'NO-FILES': {
    cause: 'The gateway was not started from files, so that there is nothing to change.',
    retry: false,
    next: 'Start it by lifeline run -c gateway.yaml.',
  },
});
