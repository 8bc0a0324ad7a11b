import { defineShownErrors } from '../core/errors.ts';

export const consoleErrors = defineShownErrors('CONSOLE', {
  'NO-OWNER': {
    cause:
      'The console was told to listen on an address that other machines reach, and there is no owner yet who may sign in.',
    retry: false,
    next: 'Run lifeline users add NAME --role owner --data DIR on the gateway, or take console.host out and make the owner over loopback.',
    nextZh: '请在网关上运行 lifeline users add NAME --role owner --data DIR，或去掉 console.host，在本机建立所有者。',
  },
  CERTIFICATE: {
    cause: 'The certificate or the key of the console cannot be read, or they do not belong together.',
    retry: false,
    next: 'Check the files that console.tls names: PEM, the certificate first and its chain after it.',
    nextZh: '请检查 console.tls 所指的文件：PEM 格式，证书在前，证书链在后。',
  },
  'CERTIFICATE-ENDS': {
    cause: 'The certificate of the console ends within 30 days, or has ended.',
    retry: false,
    next: 'Bring a new one on the page Set-up, Certificates; where console.tls names files, lay it there and restart. The own one is made anew at the next start.',
    nextZh:
      '请在“设置 → 证书”页换上新证书；console.tls 指定了文件时，请替换文件并重启。网关自制的证书在下次启动时重新生成。',
  },
  'CERTIFICATE-REFUSED': {
    cause: 'The certificate that was brought cannot be the one of the console.',
    retry: false,
    next: 'Bring certificate and key in PEM, the key without a passphrase, valid now and for a name or an address of the console; where console.tls names files, lay them there.',
    nextZh:
      '请提供 PEM 格式的证书与私钥：私钥不带口令，证书在有效期内，且包含控制台的名称或地址；console.tls 指定了文件时，请替换那些文件。',
  },
  'PORT-TAKEN': {
    cause: 'The console port and the 20 after it are all in use.',
    retry: true,
    next: 'Stop the other program or choose another port with --port.',
    nextZh: '请停止占用端口的程序，或用 --port 另选端口。',
  },
  LISTEN: {
    cause: 'The operating system refused the console port, for example a port below 1024 without the right to use it.',
    retry: false,
    next: 'Choose a port above 1023.',
    nextZh: '请选择 1023 以上的端口。',
  },
  HOST: {
    cause:
      'The request names a host that is not this console; a page elsewhere may be trying to reach it by DNS rebinding.',
    retry: false,
    next: 'Open the console by the address it printed at start.',
    nextZh: '请用启动时显示的地址打开控制台。',
  },
  ORIGIN: {
    cause: 'The request comes from a page that is not this console.',
    retry: false,
    next: 'Use the console page itself.',
    nextZh: '请使用控制台自己的页面。',
  },
  'SIGN-IN': {
    cause: 'Nobody is signed in, or the time of the sign-in or of the token is over.',
    retry: false,
    next: 'Sign in, or send a valid token.',
    nextZh: '请登录，或使用有效的令牌。',
  },
  CREDENTIALS: {
    cause: 'There is no account of that name with that password.',
    retry: false,
    next: 'Try again; an owner can give the account another password.',
    nextZh: '请重试；所有者可为账户重设密码。',
  },
  TRIES: {
    cause: 'Too many tries to sign in with this name or from this address, or too many at a time.',
    retry: true,
    next: 'Wait a minute; after 20 failures in a row with one name a quarter of an hour.',
    nextZh: '请等待一分钟；同一名称连续失败 20 次后须等一刻钟。',
  },
  PASSWORD: {
    cause: 'The password is too easy to guess.',
    retry: false,
    next: 'Take 12 to 128 characters, at least 6 different ones, without the name and without what everybody takes.',
    nextZh: '密码须 12 至 128 个字符，至少 6 个不同字符，不含账户名和常见密码。',
  },
  ACCOUNT: {
    cause: 'The name cannot be taken, is in use already, or a token would be valid for too long.',
    retry: false,
    next: 'Choose another name, or a shorter time.',
    nextZh: '请另取名称，或缩短有效期。',
  },
  'LAST-OWNER': {
    cause: 'The change would leave nobody who is owner.',
    retry: false,
    next: 'Make somebody else owner first.',
    nextZh: '请先让另一人成为所有者。',
  },
  'SET-UP': {
    cause: 'There is an owner already, or the token for making one is not that of this start of the gateway.',
    retry: false,
    next: 'Take the link that the log of the gateway showed last, or sign in.',
    nextZh: '请打开启动时日志中显示的地址，或在网关上运行 lifeline users add NAME --role owner。',
  },
  ACCOUNTS: {
    cause: 'The file of accounts in the data folder cannot be used, so nobody is let in.',
    retry: true,
    next: 'See the message: chmod 600 the file, mend its disk, or put a good copy back.',
    nextZh: '按提示处理：对文件执行 chmod 600，修复磁盘，或放回完好的副本。',
  },
  ROLE: {
    cause: 'The action needs a higher role than the caller has.',
    retry: false,
    next: 'Ask an owner for the role, or set console.role in gateway.yaml where there are no accounts yet.',
    nextZh: '请向所有者申请相应角色；尚无账户时可在 gateway.yaml 中设置 console.role。',
  },
  POLICY: {
    cause: 'The route has no policy; nothing is served without one.',
    retry: false,
    next: 'Declare the policy with the route, where it stands in edge/console.',
    nextZh: '请在 edge/console 中声明该路由的策略。',
  },
  'NOT-FOUND': {
    cause: 'The console has no such page, tag or alarm.',
    retry: false,
    next: 'Reload the page; the gateway may have been given a new configuration.',
    nextZh: '请刷新页面；网关的配置可能已更改。',
  },
  REQUEST: {
    cause: 'The request cannot be read: wrong type, too large, or a field outside its range.',
    retry: false,
    next: 'Compare with the description of the route in ops/docs/reference.',
    nextZh: '请对照参考手册中该接口的说明。',
  },
  CONFLICT: {
    cause: 'The configuration was changed by somebody else after it was read, so the change would undo theirs unseen.',
    retry: false,
    next: 'Look at the difference, take over what is theirs, and apply again.',
    nextZh: '请查看差异，保留对方的改动后再应用。',
  },
  'NOT-ASKED': {
    cause:
      'A device cannot be asked now: its link does not stand, somebody else asks it, or its protocol has nothing of the kind.',
    retry: true,
    next: 'Ask again when the device is connected and nobody else asks it.',
    nextZh: '请在设备已连接且无他人询问时再试。',
  },
  'NO-DEVICE': {
    cause: 'Nothing that speaks the protocol answers at the address.',
    retry: true,
    next: 'Check address, port, unit id, cable and firewall; of an OPC UA server also user and password, and whether each trusts the certificate of the other.',
    nextZh: '请检查地址、端口、站号、接线和防火墙；对 OPC UA 服务器还要检查用户名、密码，以及双方是否信任对方的证书。',
  },
  CLIENTS: {
    cause: 'The greatest number of pages is already connected to the live feed.',
    retry: true,
    next: 'Close a page that is no longer needed.',
    nextZh: '请关闭不再需要的页面。',
  },
  'SLOW-CLIENT': {
    cause: 'A page took the live feed so slowly that its backlog reached the limit; its connection was dropped.',
    retry: true,
    next: 'Nothing: the page connects again by itself. If it repeats, look at the network or the machine of the page.',
    nextZh: '无需处理：页面会自动重连。若反复出现，请检查网络或浏览页面的电脑。',
  },
  SOURCE: {
    cause: 'The gateway could not answer the console, for example because its store failed.',
    retry: true,
    next: 'See the gateway log for the error behind it.',
    nextZh: '请查看网关日志中的具体错误。',
  },
});
