import { defineErrors } from '../core/errors.ts';

export const configErrors = defineErrors('CONFIG', {
  FILE: {
    cause: 'A file that the configuration needs cannot be read.',
    retry: false,
    next: 'Check the path (relative to the file that names it) and its permissions.',
    nextZh: '请检查路径（相对于写它的文件）和权限。',
  },
  SYNTAX: {
    cause: 'The file is not valid YAML 1.2.',
    retry: false,
    next: 'Mend the line that is named.',
    nextZh: '请修改所指的行。',
  },
  SECRET: {
    cause:
      'The configuration names a secret (`!secret name`) that is found nowhere, or the file of secrets may be read by others.',
    retry: false,
    next: 'Put it as "name: text" into secrets.yaml beside gateway.yaml (chmod 600), or give it by LoadCredential= in the systemd unit.',
    nextZh:
      '请以“名称: 文本”写入 gateway.yaml 旁的 secrets.yaml（chmod 600），或在 systemd 单元中用 LoadCredential= 提供。',
  },
  KEY: {
    cause: 'A key is not known at this place.',
    retry: false,
    next: 'Use the suggested key or remove it; the schema lists what is allowed.',
    nextZh: '请改用建议的键或删除；可用的键见 schema。',
  },
  MISSING: {
    cause: 'A required key is missing.',
    retry: false,
    next: 'Add the key that is named.',
    nextZh: '请补充所指的键。',
  },
  VALUE: {
    cause: 'A value has the wrong type or is outside what is allowed.',
    retry: false,
    next: 'Give a value of the stated kind.',
    nextZh: '请按说明填写值。',
  },
  WRITE: {
    cause: 'The files of the configuration cannot be written, so nothing was changed.',
    retry: true,
    next: 'Give the gateway a folder that it may write to (run -c FILE), as "Set up a gateway in the browser" tells, or change the files by hand.',
    nextZh: '请给网关一个可写的目录（run -c FILE），见《在浏览器中配置网关》，或手工修改文件。',
  },
  DUPLICATE: {
    cause: 'Two entries have the same id.',
    retry: false,
    next: 'Give each entry an id of its own.',
    nextZh: '请为每一项取不同的标识。',
  },
  REFERENCE: {
    cause: 'A name points at something that does not exist (tag, asset, pack, role).',
    retry: false,
    next: 'Use the suggested name, or add what is missing.',
    nextZh: '请改用建议的名称，或补充缺少的内容。',
  },
  UNIT: {
    cause: 'A tag has another unit than the role it fills expects.',
    retry: false,
    next: 'Scale the point to the unit of the role, or map another tag.',
    nextZh: '请把该点换算为角色的单位，或改用其他点。',
  },
  LIMIT: {
    cause: 'A limit of an asset cannot hold: its pack has no such figure, or the point can never show it.',
    retry: false,
    next: 'Use a figure that the limit of the pack has, within the range of the point.',
    nextZh: '请使用资产包该限值已有的项，数值在测点量程之内。',
  },
  SAFETY: {
    cause: 'A limit of safety is set less strictly than its standard.',
    retry: false,
    next: 'Set it on the safe side of the standard, or state a reason, which is shown with the limit.',
    nextZh: '请设在标准的安全一侧，或填写 reason 说明理由（随限值显示）。',
  },
  SITE: {
    cause: 'A limit whose figure belongs to the plant is still as the pack has it.',
    retry: false,
    next: 'State the figure of the site under limits of the asset; the same figure where it is right.',
    nextZh: '请在资产的 limits 中填写本站的数值；若与资产包相同也请写明。',
  },
  'NO-ALARM-ROAD': {
    cause: 'No sink carries events, so alarms reach nobody who does not look at the console.',
    retry: false,
    next: 'Add a sink that has events confirmed: mqtt-json, nats, webhook or people.',
    nextZh: '请增加一个会确认事件的上行通道：mqtt-json、nats、webhook 或 people。',
  },
  GAUGES: {
    cause: 'A network has fewer pressure gauges than a leak can be placed with.',
    retry: false,
    next: 'Name the nodes of two pressures or more under `gauges`; places are the better the more there are in a district.',
    nextZh: '请在 gauges 下写出两个以上的压力测点；一个分区内测点越多，定位越准。',
  },
});

export const pointErrors = defineErrors('POINTS', {
  HEADER: {
    cause: 'A column of the point table is not known, given twice, or a needed one is missing.',
    retry: false,
    next: 'Use the column names of the reference (Chinese or English).',
    nextZh: '请使用参考手册中的列名（中文或英文）。',
  },
  CELL: {
    cause: 'A cell of the point table cannot be understood.',
    retry: false,
    next: 'Correct the cell named by row and column.',
    nextZh: '请修改所指行列的单元格。',
  },
  FORMAT: {
    cause:
      'The file is no point table: damaged, cut off, encrypted, of another format, or in an unknown text encoding.',
    retry: false,
    next: 'Open it in a spreadsheet and save it as .xlsx or as CSV in UTF-8.',
    nextZh: '请用电子表格打开，另存为 .xlsx 或 UTF-8 的 CSV。',
  },
  LIMIT: {
    cause:
      'The point table is larger than what is allowed: bytes, rows, columns, sheets, or what a workbook unpacks to.',
    retry: false,
    next: 'Copy the table alone into a new file, or split it over devices.',
    nextZh: '请只把点表复制到新文件，或分给多个设备。',
  },
  DUPLICATE: {
    cause: 'Two rows of a point table name the same tag.',
    retry: false,
    next: 'Rename or remove one of the rows.',
    nextZh: '请改名或删除其中一行。',
  },
  CONFLICT: {
    cause: 'Cells of one row contradict each other, or one needs another that is empty.',
    retry: false,
    next: 'Fill or empty the cell named by row and column.',
    nextZh: '请填写或清空所指行列的单元格。',
  },
});

/** What is wrong with a reviewed master alarm table. */
export const masterErrors = defineErrors('MASTER', {
  HEADER: {
    cause: 'A column of the master alarm table is not known, or a needed one is missing.',
    retry: false,
    next: 'Start from the sheet that lifeline alarms export writes, and keep its header.',
    nextZh: '请以 lifeline alarms export 导出的表为准，保留其表头。',
  },
  CELL: {
    cause: 'A cell of the master alarm table cannot be understood.',
    retry: false,
    next: 'Correct the cell named by row and column.',
    nextZh: '请修改所指行列的单元格。',
  },
  UNKNOWN: {
    cause: 'A row of the master alarm table names an alarm that the configuration does not have.',
    retry: false,
    next: 'Use the asset, its type or * and the kind as lifeline alarms export writes them, or remove the row.',
    nextZh: '请按 lifeline alarms export 的写法填写资产、类型或 * 以及类别，或删除该行。',
  },
  DUPLICATE: {
    cause: 'Two rows of the master alarm table are about the same alarm.',
    retry: false,
    next: 'Remove one of them.',
    nextZh: '请删除其中一行。',
  },
  SAFETY: {
    cause:
      'A row of the master alarm table makes an alarm that concerns safety less strict: its priority, its limit, or what suppresses it.',
    retry: false,
    next: 'Leave it as the pack has it, or change it towards the safe side.',
    nextZh: '请保持资产包的设置，或向更安全的方向修改。',
  },
  LIMIT: {
    cause: 'A row of the master alarm table has figures for an alarm that rests on no limit.',
    retry: false,
    next: 'Leave its columns above, below, hysteresis and delays empty.',
    nextZh: '请将上限、下限、回差和延时各列留空。',
  },
  MATRIX: {
    cause: 'The priority of an alarm is not the one that its risk level and time to respond give.',
    retry: false,
    next: 'Nothing has to be done where the meeting means it so; else correct one of the three.',
    nextZh: '若评审确定如此，无需处理；否则请修改三者之一。',
  },
});
