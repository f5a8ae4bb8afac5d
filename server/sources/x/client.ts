import http from 'node:http';
import https from 'node:https';
import type { ITwitterApiClientPlugin, TwitterApiv2 } from 'twitter-api-v2';
import { SECOND } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import { type Answer, readAnswer } from './answer.ts';
import { type XConfig, xDefaults } from './config.ts';
import { type BadRule, badRulesOf, type HeldRule, TAG } from './rules.ts';
import { connectStream, type StreamNeeds, type XStream } from './stream.ts';
import { troubleOf, XStopped, XTrouble } from './trouble.ts';

/** X must answer within this. */
export const ANSWER_WITHIN_MS = 15 * SECOND;
/** The most posts on a page of a search, and in a look-up; and the fewest that a page can be asked for. */
export const PAGE_MAX = 100;
export const PAGE_MIN = 10;

/** Everything that X is asked. Each throws XTrouble, and within `ANSWER_WITHIN_MS`. */
export interface XApi {
  rules(): Promise<HeldRule[]>;
  /** Resolves with those that X refused; with `dryRun` none is added. One that is there already is no trouble. */
  addRules(values: readonly string[], dryRun?: boolean): Promise<BadRule[]>;
  deleteRules(ids: readonly string[]): Promise<void>;
  /** One page of recent search, newest first. */
  search(query: string, page: { sinceId: string; size: number; token: string | null }): Promise<Answer>;
  lookUp(ids: readonly string[], withAuthors: boolean): Promise<Answer>;
  /** Posts read in this month, as X counts them. */
  usage(): Promise<number | null>;
  connect(needs: StreamNeeds): Promise<XStream>;
  /** Closes every connection, also one that is still being made. */
  close(): void;
}

const tweetFields = [
  'author_id',
  'created_at',
  'edit_history_tweet_ids',
  'lang',
  'note_tweet',
  'referenced_tweets',
  'withheld',
] as const;
const fields = { 'tweet.fields': [...tweetFields] };
/** What has to stand beside a post that is shown; each author is a read that is paid for. */
const withAuthor = {
  ...fields,
  expansions: ['author_id' as const],
  'user.fields': ['name' as const, 'username' as const, 'profile_image_url' as const],
};

/** X's API by its client library, for one run: until told to stop, or closed. */
export async function openApi(
  config: Pick<XConfig, 'token' | 'baseUrl'>,
  clock: Clock,
  stop: AbortSignal,
): Promise<XApi> {
  const { TwitterApi } = await import('twitter-api-v2');
  const plain = config.baseUrl.startsWith('http:');
  // The library always calls https.request: over plain http its agent must be that of http. A connection is for one
  // question: one kept for minutes may be dead by the next.
  const httpAgent = plain ? new http.Agent() : new https.Agent();
  const settings = {
    httpAgent,
    plugins: config.baseUrl === xDefaults.baseUrl ? [] : [elsewhere(config.baseUrl)],
    // A compressed stream that breaks is not noticed by the library: it listens to the decompressor alone.
    compression: 'identity' as const,
  };
  const { v2 } = new TwitterApi(config.token, settings);
  const over = new AbortController();
  const asked = <T>(doing: string, answer: Promise<T>): Promise<T> =>
    inTime(doing, answer, clock, AbortSignal.any([stop, over.signal]));
  return {
    ...rulesOf(v2, asked),
    async search(query, { sinceId, size, token }) {
      const page = { since_id: sinceId, max_results: size, ...(token === null ? {} : { next_token: token }) };
      const answer = await asked('search', v2.search(query, { ...withAuthor, ...page }));
      return readAnswer(answer.data);
    },
    async lookUp(ids, authors) {
      return readAnswer(await asked('look up posts', v2.tweets([...ids], authors ? withAuthor : fields)));
    },
    async usage() {
      const { data } = await asked('tell what was used', v2.usage());
      const used = Number(data?.project_usage);
      return Number.isFinite(used) ? used : null;
    },
    async connect(needs) {
      const opening = connectStream(v2.searchStream({ ...withAuthor, autoConnect: false }), needs);
      try {
        return await asked('open the stream', opening);
      } catch (error) {
        opening.then(
          (late) => late.close(),
          () => undefined,
        );
        throw error;
      }
    },
    close() {
      over.abort();
      httpAgent.destroy();
    },
  };
}

/** The library has no setting for another address. */
function elsewhere(baseUrl: string): ITwitterApiClientPlugin {
  const there = ({ params }: { params: { url: string } }): void => {
    params.url = params.url.replace(xDefaults.baseUrl, baseUrl);
  };
  return { onBeforeRequestConfig: there, onBeforeStreamRequestConfig: there };
}

/** An answer that comes too late, or after the end, is nobody's: its connection goes with the agent. */
async function inTime<T>(doing: string, answer: Promise<T>, clock: Clock, stop: AbortSignal): Promise<T> {
  const settled = new AbortController();
  const waiting = AbortSignal.any([stop, settled.signal]);
  const late = clock.sleep(ANSWER_WITHIN_MS, waiting).then((): never => {
    if (stop.aborted) throw new XStopped(doing);
    throw new XTrouble(
      `X did not answer when it was asked to ${doing}. Check the network between here and X.`,
      {
        kind: 'network',
      },
    );
  });
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    throw stop.aborted ? new XStopped(doing) : troubleOf(error, doing);
  } finally {
    settled.abort();
    // Whichever lost the race is heard to its end, by nobody.
    answer.catch(() => undefined);
    late.catch(() => undefined);
  }
}

type Asked = <T>(doing: string, answer: Promise<T>) => Promise<T>;

function rulesOf(v2: TwitterApiv2, asked: Asked): Pick<XApi, 'rules' | 'addRules' | 'deleteRules'> {
  return {
    async rules() {
      const { data } = await asked('list its rules', v2.streamRules());
      // Without any rule there is no `data` at all.
      return (data ?? []).map(({ id, value, tag }) => ({ id, value, tag: tag ?? null }));
    },
    async addRules(values, dryRun = false) {
      const add = values.map((value) => ({ value, tag: TAG }));
      const answer = v2.updateStreamRules({ add }, dryRun ? { dry_run: true } : {});
      // Where no rule at all is good X answers 400, with the same body.
      const body = await asked('add rules', answer.catch(bodyOfRefusal));
      return badRulesOf(body);
    },
    async deleteRules(ids) {
      await asked('delete rules', v2.updateStreamRules({ delete: { ids: [...ids] } }));
    },
  };
}

function bodyOfRefusal(error: unknown): unknown {
  const { code, data } = error as { code?: unknown; data?: unknown };
  if (code === 400 && badRulesOf(data).length > 0) return data;
  throw error;
}
