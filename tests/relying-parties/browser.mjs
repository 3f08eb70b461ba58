// Drives a real browser for a test: one JSON object per line on standard input is what to do, one per line on standard
// output is what came of it. The steps themselves are written in the tests.

import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

// Evaluated by the browser's debugger, so that no page has to allow it.
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const [executablePath, profile, patience] = process.argv.slice(2);
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  // Where a test has TLS, its authority is its own.
  ignoreHTTPSErrors: true,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
context.setDefaultTimeout(Number(patience));

// What the pages complain about, for the messages of tests that fail.
const complaints = [];
const tabs = [];

function tab(page) {
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  return tabs.push(page) - 1;
}

const actions = {
  newTab: async () => tab(await context.newPage()),
  open: async ({ tab, url }) => (await tabs[tab].goto(url))?.status(),
  url: async ({ tab }) => tabs[tab].url(),
  text: async ({ tab }) => tabs[tab].locator("body").innerText(),
  fill: async ({ tab, selector, value }) => tabs[tab].fill(selector, value),
  // Returns when the page that the click leads to has been loaded.
  follow: async ({ tab, selector }) => {
    const page = tabs[tab];
    await Promise.all([page.waitForEvent("load"), page.click(selector)]);
  },
  waitForUrl: async ({ tab, start }) => {
    await tabs[tab].waitForURL((url) => url.href.startsWith(start));
    return tabs[tab].url();
  },
  // An expression, or a function's text; promises are waited for.
  evaluate: async ({ tab, script }) => tabs[tab].evaluate(script),
  // Until the expression is true, whatever page is open by then. Asked for from outside: a page that runs nothing but its
  // own files evaluates no texts.
  waitFor: async ({ tab, script }) => {
    const end = Date.now() + Number(patience);
    for (;;) {
      // A page that is just being left has no answer.
      const value = await tabs[tab].evaluate(script).catch(() => undefined);
      if (value) return value;
      if (Date.now() > end) throw new Error(`never true: ${script}`);
      await new Promise((go) => setTimeout(go, 30));
    }
  },
  cookies: async () => context.cookies(),
  emulate: async ({ tab, width, height, colorScheme }) => {
    await tabs[tab].setViewportSize({ width, height });
    await tabs[tab].emulateMedia({ colorScheme });
  },
  click: async ({ tab, selector }) => tabs[tab].click(selector),
  // One key, or several at once, such as "Control+k".
  press: async ({ tab, keys }) => tabs[tab].keyboard.press(keys),
  // A key that leads to another page.
  pressAndFollow: async ({ tab, keys }) => {
    const page = tabs[tab];
    await Promise.all([page.waitForEvent("load"), page.keyboard.press(keys)]);
  },
  // Goes from one element to the next until this one has the focus.
  tabTo: async ({ tab, selector, most }) => {
    const page = tabs[tab];
    for (let count = 0; count < most; count += 1) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return count;
      await page.keyboard.press("Tab");
    }
    throw new Error(`${selector} does not get the focus within ${most} steps`);
  },
  type: async ({ tab, text }) => tabs[tab].keyboard.type(text),
  // What axe-core finds on the page that keeps people out: rule, impact, and where.
  axe: async ({ tab }) => {
    const page = tabs[tab];
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join(" ; ")}`);
  },
  // What the pages have complained about since the last time.
  complaints: async () => complaints.splice(0),
  screenshot: async ({ tab, path }) => {
    await tabs[tab].screenshot({ path, fullPage: true });
  },
};

// The window that a profile opens with is not used: its events before now were not seen.
process.stdout.write(`${JSON.stringify({ value: context.browser()?.version() ?? null })}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { action, ...parameters } = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await actions[action](parameters)) ?? null };
  } catch (error) {
    const pages = tabs.map((page, index) => `tab ${index}: ${page.url()}`);
    answer = { error: [error.message, ...pages, ...complaints].join("\n") };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await context.close();
