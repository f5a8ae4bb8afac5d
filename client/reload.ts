const KEY = 'first-ring.reloaded-for';

/** Loads the page again for a new client bundle; once for each build, so that two servers that differ cannot make it loop. */
export function reloadFor(build: string): void {
  const done = (window.sessionStorage.getItem(KEY) ?? '').split('\n');
  if (done.includes(build)) return;
  window.sessionStorage.setItem(KEY, [...done.slice(-20), build].join('\n'));
  window.location.reload();
}
