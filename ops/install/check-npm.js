// Run by npm before it installs: says what is wrong before something less clear does.

import { execFileSync } from 'node:child_process';

const wanted = [11, 16];
const agent = process.env.npm_config_user_agent ?? '';
const [major = 0, minor = 0] = (/npm\/(\d+)\.(\d+)/.exec(agent) ?? []).slice(1).map(Number);
if (agent.startsWith('npm/') && (major < wanted[0] || (major === wanted[0] && minor < wanted[1]))) {
  console.error(
    `lifeline: npm ${major}.${minor} is too old, ${wanted.join('.')} or newer is needed (it honours the list of allowed install scripts).\n` +
      '          Run: npm install --global npm@11',
  );
  process.exit(1);
}
try {
  execFileSync(process.env.CXX ?? 'c++', ['--version'], { stdio: 'ignore' });
} catch {
  console.error(
    'lifeline: no C++ compiler found; sqlite3 is built at install. Install one: apt-get install g++ make python3',
  );
  process.exit(1);
}
