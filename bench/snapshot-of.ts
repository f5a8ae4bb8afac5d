import { BOARD, type MeasuredServer, TV_TOKEN } from './site.ts';

/** The site's snapshot of now, over HTTP. */
export async function snapshotOf({ url }: MeasuredServer): Promise<object> {
  const headers = { authorization: `Bearer ${TV_TOKEN}` };
  const answer = await fetch(`${url}/api/snapshot/${BOARD}`, { headers });
  if (!answer.ok) throw new Error(`The snapshot was answered ${answer.status}.`);
  return (await answer.json()) as object;
}
