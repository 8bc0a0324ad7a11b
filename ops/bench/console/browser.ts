import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const loads = 5;

/** From the start of navigation to a number that is live, ms. */
const firstNumber = `new Promise((tell) => {
  const look = () =>
    document.querySelector('.figure .amount-good .number') ? tell(performance.now()) : requestAnimationFrame(look);
  look();
})`;
/** The longest task of the page's thread of those over 50 ms in a time given, ms; 0 when there was none. */
const longestTask = (ms: number) => `new Promise((tell) => {
  let longest = 0;
  const watch = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  watch.observe({ type: 'longtask' });
  setTimeout(() => tell(longest), ${ms});
})`;

/** Opens a browser while `use` looks through it; undefined where none is installed. */
export async function withBrowser<Result>(use: (browser: Browser) => Promise<Result>): Promise<Result | undefined> {
  if (!existsSync(executablePath)) {
    console.error(`bench console: no browser at ${executablePath}; set CHROMIUM`);
    return undefined;
  }
  const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

/** Median of some first loads, each with an empty cache, ms. */
export async function loadingMs(browser: Browser, url: string): Promise<number> {
  const times: number[] = [];
  for (let load = 0; load < loads; load++) {
    const page = await newPage(browser);
    await page.goto(`${url}/#/overview`, { waitUntil: 'commit' });
    times.push(Number(await page.evaluate(firstNumber)));
    await page.context().close();
  }
  return times.sort((a, b) => a - b)[loads >> 1] ?? Number.NaN;
}

/** What the overview asks of its main thread once it stands. */
export interface SteadyState {
  /** Its longest task by the clock of the wall, ms; 0 when none was over 50. */
  readonly longestTaskMs: number;
  /** Its processor time in a second of the wall, ms: what a busy machine does not change. */
  readonly busyMs: number;
}

export async function steadyState(browser: Browser, url: string, measuredMs: number): Promise<SteadyState> {
  const page = await newPage(browser);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busyS = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  await page.goto(`${url}/#/overview`);
  await page.evaluate(firstNumber);
  await page.waitForTimeout(5_000);
  const before = await busyS();
  const longestTaskMs = Number(await page.evaluate(longestTask(measuredMs)));
  return { longestTaskMs, busyMs: (((await busyS()) - before) / measuredMs) * 1_000_000 };
}

async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  return context.newPage();
}
