import { both, type Text } from '../../edge/core/text.ts';

const endpointOf = (endpoint: string, device: string, why: Text): Text =>
  both(`endpoint "${endpoint}" of ${device} ${why.en}`, `${device} 的地址“${endpoint}”${why.zh}`);

/** What is said of a configured Modbus device and its points, beside the codes of `errors.ts`. */
export const modbusTexts = {
  noTcp: (endpoint: string, device: string) =>
    endpointOf(endpoint, device, both('is not of the form tcp://host:port', '不是 tcp://主机:端口 的形式')),
  noTerminal: (endpoint: string, device: string) => {
    const form = 'dtu://0.0.0.0:5020/';
    return endpointOf(
      endpoint,
      device,
      both(`is not of the form ${form}<registration id of the terminal>`, `不是 ${form}<终端注册包标识> 的形式`),
    );
  },
  noSerial: (endpoint: string, device: string) => {
    const form = 'serial:///dev/ttyS0?baud=9600&parity=even&data=8&stop=1';
    return endpointOf(endpoint, device, both(`is not of the form ${form}`, `不是 ${form} 的形式`));
  },
  serialSetting: (endpoint: string, device: string, setting: string, choices: string) =>
    endpointOf(
      endpoint,
      device,
      both(`has ${setting}; expected one of ${choices}`, `中的 ${setting} 无效，应为以下之一：${choices}`),
    ),
  serialKey: (endpoint: string, device: string, key: string) =>
    endpointOf(
      endpoint,
      device,
      both(
        `has an unknown setting "${key}"; known are baud, parity, data, stop`,
        `有未知的参数“${key}”；可用 baud、parity、data、stop`,
      ),
    ),
  inFlightOnRtu: (endpoint: string, device: string, requests: number) =>
    endpointOf(
      endpoint,
      device,
      both(
        `cannot have ${requests} requests in flight: RTU frames carry no number to tell answers apart`,
        `不能同时有 ${requests} 个请求：RTU 帧没有编号，无法区分应答`,
      ),
    ),
  noConnectionToClose: (device: string, endpoint: string) =>
    both(
      `${device} has \`closeAfterPoll\`, but this gateway opens no TCP connection to "${endpoint}"`,
      `${device} 设了 closeAfterPoll，但网关不会主动连接“${endpoint}”`,
    ),
  noTerminalToRegister: (device: string, endpoint: string) =>
    both(
      `${device} has a \`registration\` or \`heartbeat\`, but its endpoint "${endpoint}" is not dtu://`,
      `${device} 设了 registration 或 heartbeat，但地址“${endpoint}”不是 dtu://`,
    ),
  inFlightAndPause: (device: string, requests: number, pauseMs: number) =>
    both(
      `${device} is to have ${requests} requests in flight and a pause of ${pauseMs} ms between them; leave out \`maxInFlight\` or \`minPauseMs\``,
      `${device} 同时设了 ${requests} 个并发请求和 ${pauseMs} ms 间隔；请去掉 maxInFlight 或 minPauseMs`,
    ),
  noPattern: (source: string, why: string) =>
    both(`registration /${source}/ is no pattern: ${why}`, `registration /${source}/ 不是正则表达式：${why}`),
  noGroup: (source: string) =>
    both(`registration /${source}/ has no group for the id`, `registration /${source}/ 中没有标识的分组`),
  noId: (registration: string, place: string) =>
    both(
      `registration "${registration}" has no ${place}, or several`,
      `registration “${registration}”须有且只有一个 ${place}`,
    ),
  noHex: (text: string) =>
    both(`"${text}" is not made of pairs of hexadecimal digits`, `“${text}”不是成对的十六进制数字`),
  needsTable: (address: number) => both(`address ${address} needs a table`, `地址 ${address} 需要写明寄存器区`),
  outside: (address: number, first: number, last: number, notation: string, six: boolean) =>
    both(
      `address ${address} is outside ${first}–${last}, as notation ${notation} counts${six ? '; references like 400001 have the notation modicon6' : ''}`,
      `地址 ${address} 超出 ${first}–${last}（按 ${notation} 计）${six ? '；400001 这样的地址用 notation modicon6' : ''}`,
    ),
  noReference: (address: number, notation: string, table: string | undefined, example: string) =>
    both(
      `${address} is no ${notation} reference${table === undefined ? '; the first holding register is' : ` of table ${table}, whose first is`} ${example}`,
      `${address} 不是 ${notation} 地址；${table === undefined ? '第一个保持寄存器' : `${table} 区的第一个`}是 ${example}`,
    ),
  point: (name: string, device: string, place: Text, why: Text) =>
    both(`point ${name} of ${device} (${place.en}) ${why.en}`, `${device} 的点 ${name}（${place.zh}）${why.zh}`),
  pastEnd: (last: number) => both(`ends past address ${last}`, `超出地址 ${last}`),
  forbidden: (from: number, to: number) =>
    both(`lies in the forbidden stretch ${from}–${to} of its device`, `位于设备禁止读取的区间 ${from}–${to}`),
  typeOfBits: (type: string) =>
    both(`has type ${type}, but this table holds bits; use bool`, `类型为 ${type}，但此区只有位；请用 bool`),
  bitOfBit: (bit: number) =>
    both(`names bit ${bit}, but this table holds single bits already`, `写了位 ${bit}，但此区本来就是单个位`),
  bitOfType: (bit: number, type: string) =>
    both(`names bit ${bit} of type ${type}; a single bit has type bool`, `取 ${type} 的位 ${bit}；单个位的类型是 bool`),
  noWriting: (type: string) => both(`has type ${type}, which cannot be written`, `类型为 ${type}，不能写入`),
  oddLength: (length: number, type: string, width: number) =>
    both(`has length ${length}, but ${type} fills ${width}`, `长度为 ${length}，但 ${type} 占 ${width} 个寄存器`),
  noLength: (type: string) =>
    both(
      `has type ${type}, but no length; give the registers that it fills`,
      `类型为 ${type}，但没有长度；请填写所占寄存器数`,
    ),
  tooLong: (length: number, most: number) =>
    both(
      `fills ${length} registers, but one read takes ${most} (maxRegisters)`,
      `占 ${length} 个寄存器，一次最多读 ${most} 个（maxRegisters）`,
    ),
  likeReference: (table: string, address: number, place: string, more: number, device: string) =>
    both(
      `${table} ${address} looks like a Modicon reference, but is read at address ${address} on the wire (${place})${more > 0 ? `, and ${more} more of ${device} are like it` : ''}`,
      `${table} ${address} 看起来像 Modicon 地址，但按报文地址 ${address} 读取（${place}）${more > 0 ? `，${device} 还有 ${more} 个类似` : ''}`,
    ),
  setNotation: (wire: number, address: number) =>
    both(
      `write \`notation: modicon5\` at the device if the register with wire address ${wire} is meant, \`notation: wire\` if ${address} is right as it stands`,
      `若指报文地址为 ${wire} 的寄存器，请在设备上写 notation: modicon5；若 ${address} 就是报文地址，写 notation: wire`,
    ),
  twice: (one: string, other: string, device: string, what: Text) =>
    both(`${one} and ${other} of ${device} both read ${what.en}`, `${device} 的 ${one} 和 ${other} 都读取${what.zh}`),
  pair: (a: { readonly what: Text; readonly name: string }, b: typeof a, device: string, why: Text) =>
    both(
      `${a.what.en} (${a.name}) and ${b.what.en} (${b.name}) of ${device} ${why.en}`,
      `${device} 的${a.what.zh}（${a.name}）和${b.what.zh}（${b.name}）${why.zh}`,
    ),
  sameRegisters: both(
    'are the same registers read in two ways; only one can be right',
    '是同样的寄存器按两种方式读取，只有一种是对的',
  ),
  crossed: both('share registers, so that each would hold a part of the other', '有部分寄存器重叠，各含对方的一部分'),
  partOfFloat: (type: string) =>
    both(`share registers, and a part of a ${type} is no value`, `有寄存器重叠，而 ${type} 的一部分不是数值`),
  inside: both('share registers: one reads a part of the other', '有寄存器重叠：一个读取另一个的一部分'),
  at: (what: string, place: Text) => both(`${what} at ${place.en}`, `${place.zh}的 ${what}`),
} as const;
