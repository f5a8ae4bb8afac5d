import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Text inside HTML, in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  const named: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (sign) => named[sign] ?? sign);
}

/** A small page of the server's own, without scripts; `body` is HTML. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)} · First Ring</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<header><svg viewBox="0 0 40 40" aria-hidden="true"><circle cx="20" cy="20" r="14"/></svg>First Ring</header>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

/** A page that says one thing. */
export function messagePage(title: string, message: string): string {
  return page(title, `<p>${escapeHtml(message)}</p>`);
}

/** The sign-in form. It works without scripts; `next` is where to go on to. */
export function signInPage(next: string, trouble: string | null): string {
  const said = trouble === null ? '' : `<p class="trouble" role="alert">${escapeHtml(trouble)}</p>`;
  return page(
    'Sign in',
    `<p>The wall of this site is locked.</p>
${said}<form method="post" action="/sign-in">
<input type="hidden" name="next" value="${escapeHtml(next)}">
<input class="away" type="text" name="username" value="admin" autocomplete="username" tabindex="-1" aria-hidden="true">
<label for="password">Admin password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button>Sign in</button>
</form>
<p class="hint">A TV needs no password: open <b>/wall?token=</b> with the TV token on it once.</p>`,
  );
}

/** What someone who is signed in sees at the same address. */
export function signedInPage(): string {
  return page(
    'You are signed in',
    `<p><a href="/wall">Open the wall</a></p>
<form method="post" action="/sign-out"><button>Sign out</button></form>`,
  );
}

/** The stylesheet of these pages, in the wall's own type where the client is built. */
export async function pageCss(clientDir: string): Promise<string> {
  const css = await readFile(join(import.meta.dirname, 'page.css'), 'utf8');
  const font = builtFont(clientDir);
  if (font === null) return css;
  return `@font-face { font-family: "Overpass"; src: url("/assets/${font}") format("woff2"); font-weight: 100 900; }\n${css}`;
}

/** The board's sans face as the client's build named it: Latin, upright. */
function builtFont(clientDir: string): string | null {
  try {
    return (
      readdirSync(join(clientDir, 'assets')).find((name) =>
        /^overpass-latin-wght-normal[\w-]*\.woff2$/.test(name),
      ) ?? null
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
