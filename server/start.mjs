// Plain JavaScript, so that any Node can read it: an old one must be told, before it loads what would crash it.
const NEEDED = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major < NEEDED) {
  process.stderr.write(
    `First Ring needs Node ${NEEDED} or newer; this is ${process.version}.\n` +
      'Run "npm ci" and then "npm start": the right Node comes with them, whatever the system has.\n' +
      `Where development packages are left out (npm ci --omit=dev), install Node ${NEEDED} on the system first.\n`,
  );
  process.exitCode = 1;
} else {
  // What was compiled at one start is read at the next, which halves its time; where nothing can be kept, it is compiled.
  const { enableCompileCache, flushCompileCache } = await import('node:module');
  const { fileURLToPath } = await import('node:url');
  enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/first-ring', import.meta.url)));
  await import('./main.ts');
  flushCompileCache();
}
