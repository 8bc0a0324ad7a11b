import { both, type Text } from '../../../core/text.ts';

/** Names that point tables give to states, as people of the other language know them; a name that is not here stands as it is. */
const words: readonly Text[] = [
  both('Stopped', '停'),
  both('Stopped', '停止'),
  both('Running', '运行'),
  both('Open', '开'),
  both('Closed', '关'),
  both('Open', '分'),
  both('Closed', '合'),
  both('Open', '断'),
  both('Open', '断开'),
  both('Closed', '闭合'),
  both('Yes', '是'),
  both('No', '否'),
  both('Yes', '有'),
  both('No', '无'),
  both('Normal', '正常'),
  both('Alarm', '报警'),
  both('Fault', '故障'),
  both('Failed', '事故'),
  both('Tripped', '动作'),
  both('Cut off', '切断'),
  both('Interlocked', '联锁'),
  both('Remote', '远程'),
  both('Local', '就地'),
  both('Gateway lost', '网关失联'),
  both('Automatic', '自动'),
  both('Manual', '手动'),
  both('Maintenance', '检修'),
  both('In use', '用'),
  both('In use', '在用'),
  both('Not in use', '未用'),
  both('High', '高'),
  both('Low', '低'),
  both('Low speed', '低速'),
  both('Enough', '充足'),
  both('Short', '不足'),
  both('Overpressure', '超压'),
  both('Empty pipe', '空管'),
  both('Live', '有电'),
  both('Dead', '失电'),
  both('Live', '有压'),
  both('Dead', '失压'),
  both('On', '亮'),
  both('Off', '灭'),
  both('Raised', '抬起'),
  both('Lowered', '放下'),
  both('Rain', '有雨'),
  both('No rain', '无雨'),
  both('Heating', '供热'),
  both('No heating', '停热'),
  both('Starting or stopping', '启停过程'),
];

/** In either language; of several Chinese names for one English the first stands for it. */
const known = new Map(
  [...words].reverse().flatMap((word) => [word.zh, word.en.toLowerCase()].map((name) => [name, word])),
);

/** The name of a state in the language of the page. */
export const stateWord = (name: string, language: keyof Text): string =>
  known.get(name.trim().toLowerCase())?.[language] ?? name;
