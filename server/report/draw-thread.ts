import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import type { DrawingAsked } from './draw.ts';

/** Draws on a thread of its own: one picture takes longer than any wall may wait. */
const port = parentPort;
if (port === null) throw new Error('Drawing runs as a worker thread.');
const { svgs, width, font } = workerData as DrawingAsked;

await initWasm(await readFile(fileURLToPath(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))));
port.postMessage(svgs.map(draw));

function draw(svg: string): Uint8Array {
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'width', value: width },
    font: { fontBuffers: font === null ? [] : [font], defaultFontFamily: 'Overpass' },
  });
  const picture = drawing.render();
  const png = picture.asPng();
  picture.free();
  drawing.free();
  return png;
}
