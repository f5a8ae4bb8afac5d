import { expect, it } from 'vitest';
import { drawSummary, mailOf } from '../../server/report/compose.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { aSummary, MONDAY } from './a-summary.ts';

const PHONE = 390;
const LONG = `<b>${'Donaudampfschiffahrtsgesellschaft'.repeat(6)}</b>`;

describeInBrowser('a summary on a phone', () => {
  it('is no wider than the screen, whatever is in a name or a note, and runs nothing', async () => {
    const marks = [
      { id: 1, at: MONDAY, kind: 'note' as const, text: `<img src=x onerror="alert(1)">${LONG}`, by: null },
    ];
    const drawn = await drawSummary(aSummary({ marks }, { name: LONG }), null);
    const { html } = mailOf(
      drawn,
      { address: 'boss@harbor.example', scope: 'site', token: 'its-token' },
      { url: 'https://wall.harbor.example', at: MONDAY, occasion: '2026-11-09' },
    );
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: PHONE, height: 800 } });
      await page.setContent(html ?? '');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE);
      expect(await page.locator('h1').innerText()).toContain(LONG);
      expect(await page.locator('script, [onerror], b').count()).toBe(0);
    } finally {
      await browser.close();
    }
  });
});
