import { defineShownErrors } from '../core/errors.ts';

export const controlErrors = defineShownErrors('CONTROL', {
  TAG: {
    cause: 'A command names a tag that this gateway does not have, or carries a value that is no number.',
    retry: false,
    next: 'Write the tag as device/point, as in the point table, and a finite number as its value.',
    nextZh: '请按点表中的“设备/测点”书写点名，数值须为有限数字。',
  },
  READONLY: {
    cause: 'The point is not listed as writable in its point table, or its driver cannot write.',
    retry: false,
    next: 'Nothing is written unless the point table says so: set its column "writable" if it is meant to be written.',
    nextZh: '点表未标为可写的点不写入；确需写入时，请在点表的“可写”列中标明。',
  },
  FORBIDDEN: {
    cause:
      'The one who gave the command may not write: an engineer on this machine may, the centre over a sink whose orders list write, and over the console people of the role that console.writes names, never a token.',
    retry: false,
    next: 'Have somebody give it who may: on the console, signed in and with the role that console.writes of gateway.yaml asks for, or an engineer on the gateway itself.',
    nextZh:
      '请由有权限的人登录控制台下发，或由工程师在网关本机下发；谁可在控制台下发由 gateway.yaml 的 console.writes 决定。',
  },
  RANGE: {
    cause:
      'The value lies outside the range (low, high) of the point table, the table gives none, or it must be whole.',
    retry: false,
    next: 'Give a value within the range; fill or correct low and high in the point table only as the plant really allows.',
    nextZh: '请给出范围内的数值；点表的上下限只可按设备实际允许的范围填写或更正。',
  },
  EXPIRED: {
    cause: 'The command came too late, or is valid for longer than commands may be.',
    retry: false,
    next: 'Give the command again with a new id, to be carried out within ten minutes.',
    nextZh: '请以新编号重新下发，并在十分钟内执行。',
  },
  REPLAYED: {
    cause: 'The id of the command was used already for another tag, value or person.',
    retry: false,
    next: 'Give every command an id of its own, such as a UUID.',
    nextZh: '每条指令须有唯一编号，例如 UUID。',
  },
  BUSY: {
    cause: 'Another command to the same tag is under way, or too many commands are.',
    retry: true,
    next: 'Wait for the answer to the other command, then give this one again with a new id.',
    nextZh: '请等待前一条指令的答复，再以新编号下发。',
  },
  AUDIT: {
    cause: 'The journal could not record the command, and nothing is written that is not recorded first.',
    retry: true,
    next: 'Check disk space and disk of the gateway, then give the command again with a new id.',
    nextZh: '请检查网关的磁盘与剩余空间，再以新编号下发。',
  },
  DEVICE: {
    cause: 'The device is not connected, or it refused the write.',
    retry: true,
    next: 'Check that the device is online and in remote mode, and what its exception says.',
    nextZh: '请检查设备是否在线、是否处于远方控制，以及其异常应答。',
  },
  MISMATCH: {
    cause:
      'The write was sent, but reading back shows another value: the device did not take it, or something overrules it.',
    retry: false,
    next: 'Check local/remote switch, interlocks and other masters of the device before trying again.',
    nextZh: '请先检查设备的就地/远方开关、联锁和其他主站，再行下发。',
  },
  UNKNOWN: {
    cause: 'No answer came to the write and reading back failed: it may or may not have been carried out.',
    retry: false,
    next: 'Look at the plant. Read the point once the device answers again, before giving another command.',
    nextZh: '请先到现场核实；设备恢复应答后先读取该点，再下发其他指令。',
  },
});

export const orderErrors = defineShownErrors('ORDER', {
  FORBIDDEN: {
    cause: 'The centre asked for something that the sink, over which it came, may not bring.',
    retry: false,
    next: 'List the kind of order under "orders" of that sink in gateway.yaml, if the centre is to give it.',
    nextZh: '若中心应下达此类指令，请在 gateway.yaml 该上级平台的 orders 中列出。',
  },
  EXPIRED: {
    cause: 'The order came too late, or is valid for longer than orders may be, or a clock is wrong.',
    retry: false,
    next: 'Give it again with a new id, to be carried out within a day; compare the clocks of gateway and centre.',
    nextZh: '请以新编号重新下达，并在一天内执行；同时核对网关与中心的时钟。',
  },
  MALFORMED: {
    cause: 'The order is not of the stated shape.',
    retry: false,
    next: 'Compare it with the reference of orders.',
    nextZh: '请与指令格式的说明核对。',
  },
  UNKNOWN: {
    cause: 'The order names an alarm that this gateway does not have, or one that is past what it asks for.',
    retry: false,
    next: 'Use the id of the alarm as <asset>/<kind>, and look whether it still stands.',
    nextZh: '请按“对象/类别”书写报警编号，并查看该报警是否仍存在。',
  },
  CODE: {
    cause:
      'No message has this code, or not any more: it was used already, it is too old, or somebody else sent it back.',
    retry: false,
    next: 'Send back the code of the newest message, from the address that it came to; or acknowledge the alarm in the console.',
    nextZh: '请从收到消息的地址回复最新一条消息中的代码，或在控制台确认报警。',
  },
  TRIES: {
    cause: 'More than ten codes that stand for nothing came from one sender within a minute: somebody may be guessing.',
    retry: true,
    next: 'Wait ten minutes, or acknowledge the alarm in the console; find out who sends from that address.',
    nextZh: '请等待十分钟，或在控制台确认报警；并查明是谁从该地址发送。',
  },
  WRITE: {
    cause: 'The write was refused, failed, or its outcome is not known; the text says which and why.',
    retry: false,
    next: 'Look up the code in the text. Where the outcome is unknown, read the point before giving another order.',
    nextZh: '请按文中的代码查找原因；结果不明时，先读取该点，再下达其他指令。',
  },
});

/** Of configurations that the centre offers. */
export const offerErrors = defineShownErrors('OFFER', {
  UNFIT: {
    cause:
      'The gateway could not run with the configuration that was offered; the receipt lists its mistakes with their places.',
    retry: false,
    next: 'Correct the mistakes and offer it again with a new id.',
    nextZh: '更正错误后，用新的编号重新下发。',
  },
  STALE: {
    cause: 'The offer was made from another configuration than the one that stands: somebody has changed it since.',
    retry: false,
    next: 'Make it again from what stands now, whose hash the text tells.',
    nextZh: '请在现行配置（哈希见文中）的基础上重新编制。',
  },
  NOTHING: {
    cause: 'What is offered is what stands already.',
    retry: false,
    next: 'Nothing, if that is what was wanted.',
    nextZh: '若本意如此，则无需处理。',
  },
  FULL: {
    cause: 'As many offers wait as may: nobody at the gateway has decided on them.',
    retry: true,
    next: 'Have an engineer apply or refuse those that wait (lifeline offers list), then offer it again with a new id.',
    nextZh: '请工程师先处理待定的配置（lifeline offers list），再用新的编号重新下发。',
  },
  'NO-FILES': {
    cause: 'The gateway was not started from files, so that there is nothing to change.',
    retry: false,
    next: 'Start it by lifeline run -c gateway.yaml.',
    nextZh: '请用 lifeline run -c gateway.yaml 启动网关。',
  },
});
