import { both, type Text } from '../core/text.ts';

/**
 * Other names of columns and cells, as found in point tables of PLC suppliers and SCADA systems. Only what has one
 * meaning is listed: a name that could mean two things is better asked about than guessed.
 */
export const columnAliases: Readonly<Record<string, readonly string[]>> = {
  tag: [
    '名称',
    '变量名',
    '变量名称',
    '测点名',
    '测点名称',
    '点位名',
    '点位名称',
    '标签',
    '标签名',
    '位号',
    'tagname',
    'tag name',
    'name',
    'point',
  ],
  table: ['寄存器类型', '存储区', 'register type'],
  address: ['寄存器地址', '起始地址', 'register address', 'addr'],
  bit: ['位偏移', 'bit offset'],
  node: ['节点id', 'nodeid', 'node id'],
  type: ['类型', '变量类型', '数据格式', 'data type', 'datatype'],
  order: ['字节顺序', '字序', 'byte order', 'word order'],
  scale: ['倍率', '比例', '比例系数', 'factor', 'multiplier'],
  unit: ['工程单位', '计量单位', 'eu', 'units'],
  low: ['量程下限', 'min', 'minimum'],
  high: ['量程上限', 'max', 'maximum'],
  group: ['采样周期', '扫描周期', '轮询周期', 'period', 'poll period'],
  states: ['状态描述', '枚举'],
  writable: ['读写', '读写属性', '读写权限', '读写类型', 'r/w', 'access'],
  description: ['说明', '备注', '注释', 'comment', 'remark', 'remarks', 'desc'],
};

/** Words of IEC 61131-3 (INT is 16 bit, DINT 32) and of SCADA systems, per column; compared in lower case. */
export const cellAliases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  table: {
    '0x': 'coil',
    '1x': 'discrete',
    '3x': 'input',
    '4x': 'holding',
    '0区': 'coil',
    '1区': 'discrete',
    '3区': 'input',
    '4区': 'holding',
    离散输入寄存器: 'discrete',
    'holding register': 'holding',
    'input register': 'input',
    'discrete input': 'discrete',
  },
  type: {
    布尔: 'bool',
    布尔型: 'bool',
    开关量: 'bool',
    boolean: 'bool',
    int: 'int16',
    short: 'int16',
    短整型: 'int16',
    uint: 'uint16',
    word: 'uint16',
    ushort: 'uint16',
    无符号短整型: 'uint16',
    dint: 'int32',
    udint: 'uint32',
    dword: 'uint32',
    lint: 'int64',
    ulint: 'uint64',
    lword: 'uint64',
    浮点: 'float32',
    浮点型: 'float32',
    浮点数: 'float32',
    单精度: 'float32',
    单精度浮点: 'float32',
    float: 'float32',
    real: 'float32',
    双精度: 'float64',
    双精度浮点: 'float64',
    double: 'float64',
    lreal: 'float64',
  },
  order: { '1234': 'abcd', '2143': 'badc', '3412': 'cdab', '4321': 'dcba' },
  writable: { 读写: 'yes', 可读写: 'yes', 'r/w': 'yes', rw: 'yes', 只读: 'no', r: 'no', ro: 'no', 'read only': 'no' },
};

const width = both(
  'it does not say how wide: int16 (one register) or int32 (two)?',
  '未说明宽度：int16（一个寄存器）还是 int32（两个）？',
);
const sign = both(
  'it does not say how wide: uint16 (one register) or uint32 (two)?',
  '未说明宽度：uint16（一个寄存器）还是 uint32（两个）？',
);

/** Words that are common and mean two things, with the question to ask. */
export const ambiguousCells: Readonly<Record<string, Readonly<Record<string, Text>>>> = {
  type: { 整型: width, 整数: width, 有符号整型: width, integer: width, 长整型: width, long: width, 无符号整型: sign },
  order: {
    小端: both('dcba (bytes and words) or cdab (words only)?', 'dcba（字节和字）还是 cdab（仅字）？'),
    'little endian': both('dcba or cdab?', 'dcba 还是 cdab？'),
  },
  writable: {
    只写: both('a point that cannot be read has no place here', '不能读取的点不能写在这里'),
    w: both('readable too (yes), or write only?', '是否也可读（是）？'),
  },
};
