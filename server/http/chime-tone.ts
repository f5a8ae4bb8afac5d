const SAMPLES_A_SECOND = 22_050;
const SECONDS = 1.6;
/** From nothing to its loudest, so that it does not click. */
const RISE_S = 0.03;
/** One struck bar: A5 with two fainter partials that die away sooner. */
const PARTIALS = [
  { hertz: 880, part: 0.6, halfS: 0.32 },
  { hertz: 1760, part: 0.14, halfS: 0.16 },
  { hertz: 2640, part: 0.05, halfS: 0.08 },
] as const;
const HEADER_BYTES = 44;

/** The built-in chime: one soft tone of 1.6 s as a WAV file (PCM, 16 bits, one channel), the same bytes each time. */
export function chimeTone(): Uint8Array {
  const samples = Math.round(SAMPLES_A_SECOND * SECONDS);
  const file = Buffer.alloc(HEADER_BYTES + samples * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(SAMPLES_A_SECOND, 24);
  file.writeUInt32LE(SAMPLES_A_SECOND * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i += 1)
    file.writeInt16LE(Math.round(heightAt(i / SAMPLES_A_SECOND) * 32_767), HEADER_BYTES + i * 2);
  return file;
}

/** From -1 to 1. */
function heightAt(seconds: number): number {
  const rise = Math.min(1, seconds / RISE_S);
  const fall = Math.min(1, (SECONDS - seconds) / RISE_S);
  const sum = PARTIALS.reduce(
    (height, { hertz, part, halfS }) =>
      height + part * 2 ** (-seconds / halfS) * Math.sin(2 * Math.PI * hertz * seconds),
    0,
  );
  return rise * fall * sum;
}
