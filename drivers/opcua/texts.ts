import { both, type Text } from '../../edge/core/text.ts';

/** What is said of a configured OPC UA device and its points, beside the codes of `errors.ts`. */
export const opcuaTexts = {
  endpoint: (endpoint: string, device: string) =>
    both(
      `endpoint "${endpoint}" of ${device} is not opc.tcp://host:port`,
      `${device} 的地址“${endpoint}”不是 opc.tcp://主机:端口 的形式`,
    ),
  point: (name: string, device: string, what: Text) =>
    both(`point ${name} of ${device} ${what.en}`, `${device} 的点 ${name} ${what.zh}`),
  noNode: both('has no node id', '没有节点标识'),
  badNode: (node: string) => both(`has the node id "${node}", which is none`, `的节点标识“${node}”无效`),
  noWriting: (type: string) => both(`has type ${type}, which cannot be written`, `类型为 ${type}，不能写入`),
  options: (device: string, what: Text) => both(`${device}: ${what.en}`, `${device}：${what.zh}`),
  noSuchMode: (policy: string, mode: string) =>
    both(`policy ${policy} with mode ${mode} does not exist`, `没有策略 ${policy} 与模式 ${mode} 的组合`),
  twoPasswords: both('give password or passwordFile, not both', 'password 和 passwordFile 只能写一个'),
  noUser: both('there is a password but no user', '有密码但没有用户名'),
  certificateAlone: both('userCertificate and userKey go together', 'userCertificate 和 userKey 须同时写'),
  twoUsers: both('give user or userCertificate, not both', 'user 和 userCertificate 只能写一个'),
} as const;
