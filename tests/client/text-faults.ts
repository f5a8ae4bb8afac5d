import type { Page } from 'playwright-core';

/**
 * Looks at every run of text as it is painted and says what is wrong with it: outside the screen, outside its region,
 * cut off by an ancestor, or lying on another run.
 */
export async function textFaults(page: Page, { scrolls }: { scrolls: boolean }): Promise<string[]> {
  return page.evaluate((mayScroll) => {
    interface Run {
      text: string;
      element: Element;
      left: number;
      right: number;
      top: number;
      bottom: number;
    }
    const faults: string[] = [];
    const runs: Run[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      if (text === '' || element === null || element.closest('.sr, script, style, noscript, [hidden]'))
        continue;
      if (element.closest('#recharts_measurement_span')) continue;
      const size = Number.parseFloat(getComputedStyle(element).fontSize);
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width < 1) continue;
        const middle = (box.top + box.bottom) / 2;
        runs.push({
          text,
          element,
          left: box.left,
          right: box.right,
          top: middle - size * 0.3,
          bottom: middle + size * 0.3,
        });
      }
    }
    for (const run of runs) {
      const region = run.element.closest('header, section, .cell')?.getBoundingClientRect();
      const where = `"${run.text.slice(0, 40)}"`;
      if (run.left < -1 || run.right > innerWidth + 1) faults.push(`${where} is outside the screen`);
      if (!mayScroll && (run.top < -1 || run.bottom > innerHeight + 1))
        faults.push(`${where} is outside the screen`);
      if (region && (run.bottom > region.bottom + 6 || run.right > region.right + 3))
        faults.push(`${where} leaves its region`);
      for (
        let up: Element | null = run.element;
        up !== null && up !== document.documentElement;
        up = up.parentElement
      ) {
        const style = getComputedStyle(up);
        const box = up.getBoundingClientRect();
        const cutsAcross =
          style.overflowX !== 'visible' && (run.right > box.right + 1 || run.left < box.left - 1);
        const cutsDown =
          style.overflowY !== 'visible' && (run.bottom > box.bottom + 1 || run.top < box.top - 1);
        if (cutsAcross || cutsDown) faults.push(`${where} is cut off`);
      }
    }
    for (const [index, a] of runs.entries()) {
      for (const b of runs.slice(index + 1)) {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        const related = a.element.contains(b.element) || b.element.contains(a.element);
        if (across > 1 && down > 1 && !(related && a.text === b.text)) {
          faults.push(`"${a.text.slice(0, 30)}" lies on "${b.text.slice(0, 30)}"`);
        }
      }
    }
    return faults;
  }, scrolls);
}
