import { asText, both, type Text } from '../core/text.ts';
import { fileReason } from './file-reason.ts';

const unitOr = (unit: string): Text => (unit === '' ? both('no unit', '无单位') : asText(unit));

/** What is said of a configuration, beside the codes of `errors.ts`. */
export const configTexts = {
  cannotRead: (file: string, cause: unknown) =>
    both(`cannot read ${file}${fileReason(cause)}`, `无法读取 ${file}${fileReason(cause, 'zh')}`),
  noRegularFile: (file: string) => both(`cannot read ${file}: it is no regular file`, `无法读取 ${file}：不是普通文件`),
  tooManyBytes: (file: string, size: number, most: number) =>
    both(
      `cannot read ${file}: it has ${size} bytes, ${most} are the most`,
      `无法读取 ${file}：有 ${size} 字节，最多 ${most} 字节`,
    ),
  noModelsFolder: (folder: string) => both(`cannot read the models folder ${folder}`, `无法读取模型目录 ${folder}`),
  noSecret: (name: string) => both(`there is no secret "${name}"`, `没有密钥“${name}”`),
  openSecrets: (file: string) =>
    both(
      `cannot use ${file}: others than its owner may read it; chmod 600 it`,
      `不能使用 ${file}：所有者以外的用户也可读取，请执行 chmod 600`,
    ),
  tooManySecrets: (file: string, size: number, most: number) =>
    both(
      `cannot use ${file}: it has ${size} bytes, ${most} are the most`,
      `不能使用 ${file}：有 ${size} 字节，最多 ${most} 字节`,
    ),
  unknownKey: (key: string) => both(`unknown key "${key}"`, `未知的键“${key}”`),
  missing: (key: string) => both(`"${key}" is missing`, `缺少“${key}”`),
  idTaken: (id: string, place: string) => both(`id "${id}" is that of ${place} already`, `标识“${id}”已用于 ${place}`),
  nothingFed: (id: string) => both(`no asset and no device is called "${id}"`, `没有名为“${id}”的资产或设备`),
  noAsset: (id: string) => both(`asset "${id}" does not exist`, `资产“${id}”不存在`),
  noTag: (name: string) => both(`tag "${name}" does not exist`, `点“${name}”不存在`),
  textTag: (name: string) => both(`tag "${name}" holds text`, `点“${name}”的值是文本`),
  noPack: (type: string) => both(`no pack describes "${type}"`, `没有描述“${type}”的资产包`),
  noRole: (type: string, role: string) => both(`"${type}" has no role "${role}"`, `“${type}”没有角色“${role}”`),
  roleWithoutTag: (id: string, role: string) =>
    both(`"${id}" has no tag for its role "${role}"`, `“${id}”的角色“${role}”没有对应的点`),
  roleUnit: (role: string, wanted: string, tag: string, own: string) =>
    both(
      `role "${role}" is in ${unitOr(wanted).en}, tag ${tag} in ${unitOr(own).en}`,
      `角色“${role}”的单位是 ${unitOr(wanted).zh}，点 ${tag} 的单位是 ${unitOr(own).zh}`,
    ),
  noProfile: (driver: string, profile: string) =>
    both(`driver ${driver} has no profile "${profile}"`, `驱动 ${driver} 没有寄存器表“${profile}”`),
  noPlace: (tag: string, driver: string) =>
    both(
      `point "${tag}" of a ${driver} device has no place in the device`,
      `${driver} 设备的点“${tag}”没有写明在设备中的位置`,
    ),
  noPublicKey: (file: string) =>
    both(`${file} holds no public Ed25519 key in PEM`, `${file} 中没有 PEM 格式的 Ed25519 公钥`),
  tagTaken: (tag: string, owner: string | undefined) =>
    both(
      `tag "${tag}" is ${owner ?? 'a measured one'} already`,
      owner === undefined ? `点“${tag}”已是实测点` : `点“${tag}”已用于 ${owner}`,
    ),
  noAlarmRoad: (kinds: readonly string[]) =>
    kinds.length === 0
      ? both('there is no sink: alarms are on the console alone', '没有上行通道：报警只在控制台上显示')
      : both(
          `sinks of kind ${kinds.join(' and ')} carry values alone: alarms are on the console alone`,
          `${kinds.join('、')} 通道只传数值：报警只在控制台上显示`,
        ),
  noPeriod: (text: string) => both(`"${text}" is no period`, `“${text}”不是周期`),
  circle: (names: string) => both(`calculated points use each other in a circle: ${names}`, `计算点循环引用：${names}`),
  gaugesInTwo: (asset: string, index: number) =>
    both(`"${asset}" has gauges in networks[${index}] already`, `“${asset}”的测点已在 networks[${index}] 中`),
  gaugeUnit: (role: string, asset: string, unit: string) =>
    both(
      `"${role}" of "${asset}" is in ${unitOr(unit).en}: neither pressure nor flow`,
      `“${asset}”的“${role}”单位是 ${unitOr(unit).zh}，既不是压力也不是流量`,
    ),
  gaugeOfOneNode: (role: string, asset: string) =>
    both(
      `"${role}" of "${asset}" is a pressure: it is measured at one node`,
      `“${asset}”的“${role}”是压力，只能在一个节点上测量`,
    ),
  notInNetwork: (file: string, what: 'node' | 'link', id: string) =>
    both(`${file} has no ${what} "${id}"`, `${file} 中没有${what === 'node' ? '节点' : '管段'}“${id}”`),
  noCoordinates: (file: string, id: string) =>
    both(`${file} has no coordinates of node "${id}"`, `${file} 中节点“${id}”没有坐标`),
  fewPressures: (pressures: number) =>
    pressures === 0
      ? both('no pressure is measured', '没有测量压力')
      : both('one pressure is measured', '只测量了一个压力'),
} as const;

/** What is said of limits that a site states. */
export const limitTexts = {
  none: (id: string, kind: string) => both(`"${id}" has no limit "${kind}"`, `“${id}”没有限值“${kind}”`),
  noSide: (kind: string, side: 'above' | 'below') =>
    both(`limit "${kind}" has no figure "${side}"`, `限值“${kind}”没有“${side}”`),
  several: (kind: string, side: 'above' | 'below') =>
    both(
      `limit "${kind}" has several figures "${side}" of one role; its delays alone can be stated`,
      `限值“${kind}”对同一角色有多个“${side}”，只能设置其延时`,
    ),
  unit: (unit: string, wanted: string) =>
    both(`"${unit}" is no unit of ${unitOr(wanted).en}`, `“${unit}”不能换算为 ${unitOr(wanted).zh}`),
  unreached: (kind: string, figure: number, role: string, low: number, high: number) =>
    both(
      `limit "${kind}" at ${figure} is never passed: "${role}" shows ${low} to ${high}`,
      `限值“${kind}”为 ${figure}，不会被越过：“${role}”的量程是 ${low} 至 ${high}`,
    ),
  crossed: (kind: string) =>
    both(`the lower figure of limit "${kind}" is not below the upper one`, `限值“${kind}”的下限不低于上限`),
  lax: (id: string, kind: string, key: string) =>
    both(
      `"${kind}" of "${id}" concerns safety: its "${key}" is less strict than the pack's`,
      `“${id}”的“${kind}”涉及安全：“${key}”比资产包宽松`,
    ),
  ofPack: (type: string, kinds: readonly string[], ids: readonly string[], more: number) =>
    both(
      `${kinds.join(', ')} of ${type} are figures of the pack, which each plant has otherwise: ${ids.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
      `${type} 的 ${kinds.join('、')} 仍是资产包的数值，各站不同：${ids.join('、')}${more > 0 ? `等 ${ids.length + more} 个` : ''}`,
    ),
} as const;

/** What is to be done about it, where that is not the next step of the code. */
export const configFixes = {
  removeKey: both('remove it; the schema lists what is allowed here', '请删除；可用的键见 schema'),
  addKey: (key: string, what: string) => both(`add "${key}" (${what})`, `请补充“${key}”（${what}）`),
  mapNumbers: both('map a tag that holds numbers', '请改用数值点'),
  seeRoles: both('see the roles of the pack', '角色见资产包'),
  mapOrOff: (role: string) =>
    both(`map a tag to "${role}"; detectors that need it stay off`, `请为“${role}”指定点；否则需要它的检测器不启用`),
  mapRole: (role: string, id: string) => both(`map a tag to "${role}" of "${id}"`, `请为“${id}”的“${role}”指定点`),
  addPoints: both('add "points" (a point table) or "profile"', '请补充 points（点表）或 profile'),
  known: (words: readonly string[]) => both(`known: ${words.join(', ')}`, `可用：${words.join('、')}`),
  useTable: both('use a point table', '请使用点表'),
  fill: (columns: readonly string[]) =>
    both(
      `fill ${columns.map((one) => `"${one}"`).join(' and ')}`,
      `请填写${columns.map((one) => `“${one}”`).join('和')}`,
    ),
  ownName: both('give the calculated point a name of its own', '请为计算点另取名称'),
  use: (key: string) => both(`use "${key}"`, `请使用“${key}”`),
  stateLimits: (kind: string) =>
    both(`add to each: limits: { ${kind}: { … } }`, `请在各资产中补充 limits: { ${kind}: { … } }`),
  oneNetwork: both('name it in one network', '请只写在一个管网中'),
  expected: ({ en, zh }: Text) => both(`expected ${en}`, `应为${zh}`),
} as const;
