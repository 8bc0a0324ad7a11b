import type { Text } from '../../../core/text.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

/** Texts of the pages about who may do what. */
export const accessTexts = {
  signIn: text('登录', 'Sign in'),
  signOut: text('退出', 'Sign out'),
  signInHint: text('此网关需要登录后查看', 'Sign in to see this gateway'),
  noOwner: text(
    '此网关还没有所有者。请打开网关日志中显示的链接，创建所有者账号',
    'Nobody owns this gateway yet. Open the link that its log shows to make the owner',
  ),
  name: text('姓名或账号', 'Name'),
  password: text('密码', 'Password'),
  passwordAgain: text('再次输入密码', 'Password again'),
  passwordBefore: text('原密码', 'Password so far'),
  passwordNew: text('新密码', 'New password'),
  passwordRule: text(
    '12 至 128 个字符，至少 6 种不同字符，不含账号名',
    '12 to 128 characters, at least 6 different ones, without the name',
  ),
  passwordsDiffer: text('两次输入的密码不同', 'The two passwords differ'),
  changePassword: text('更改密码', 'Change password'),
  thisMachine: text('本机', 'This machine'),
  account: text('我的账号', 'My account'),
  makeOwner: text('创建所有者', 'Make the owner'),
  makeOwnerHint: text(
    '所有者管理账号和令牌，也可做其他角色能做的一切。创建之后，所有人都须登录',
    'The owner looks after accounts and tokens and may do all that others may. Everybody must sign in from then on',
  ),
  users: text('用户', 'Users'),
  addUser: text('添加用户', 'Add user'),
  removeUser: text('删除', 'Remove'),
  resetPassword: text('重设密码', 'Reset password'),
  setPassword: text('设定密码', 'Set password'),
  changedAt: text('密码设于', 'Password of'),
  role: text('角色', 'Role'),
  viewer: text('查看', 'Viewer'),
  engineer: text('工程师', 'Engineer'),
  owner: text('所有者', 'Owner'),
  metrics: text('仅运行指标', 'Metrics only'),
  tokens: text('接口令牌', 'API tokens'),
  tokensHint: text(
    '供脚本使用：以请求头 authorization: Bearer … 发送，命令行用环境变量 LIFELINE_TOKEN',
    'For scripts: sent in the header authorization: Bearer …, for the command line in LIFELINE_TOKEN',
  ),
  addToken: text('生成令牌', 'Make token'),
  tokenScope: text('权限', 'Scope'),
  tokenDays: text('有效天数', 'Days valid'),
  tokenOnce: text('令牌只显示这一次，请立即保存', 'The token is shown this once; keep it now'),
  expires: text('到期', 'Expires'),
  madeBy: text('创建人', 'Made by'),
  needsOwner: text('此页需要所有者角色', 'This page needs the role owner'),
} as const satisfies Readonly<Record<string, Text>>;
