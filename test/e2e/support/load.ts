/** Clients that keep a server busy and remember what it has promised them. */
import type { AcmeAccount } from './acme-account.ts';
import type { AppRequests } from './passes.ts';
import { HalfAnswer, type WebAnswer } from './web.ts';

/** One authorization, as its client sees it. */
export interface Family {
  readonly code: string;
  /** The exchange was answered with success. */
  exchanged: boolean;
  /** The newest refresh token that an answer has brought. */
  refreshToken: string | undefined;
  /** A request was sent and not answered: whether it was done is unknown. */
  unsure: boolean;
}

export interface Promised {
  readonly families: readonly Family[];
  /** Certificates that were handed out, with their bytes. */
  readonly certificates: readonly { readonly url: string; readonly pem: string; readonly account: AcmeAccount }[];
  /** Orders that were acknowledged. */
  readonly orders: readonly { readonly url: string; readonly account: AcmeAccount }[];
  /** Answers that should not have been, such as 5xx or half an answer. */
  readonly faults: readonly string[];
}

export interface Load {
  /** Resolves when so many requests of each kind have been answered with success. */
  reached(count: number): Promise<void>;
  /** Resolves when every client has given up, because nobody answers any more. */
  ended(): Promise<Promised>;
}

const refreshesPerCode = 3;

/**
 * Begins at once: some clients exchange codes and refresh, each with its own codes; each account obtains certificates.
 * They go on until the server is gone.
 */
export function startLoad(
  requests: AppRequests,
  codesPerClient: readonly (readonly string[])[],
  accounts: readonly AcmeAccount[],
): Load {
  const families = codesPerClient.map((codes) =>
    codes.map((code): Family => ({ code, exchanged: false, refreshToken: undefined, unsure: false })),
  );
  const certificates: Promised['certificates'][number][] = [];
  const orders: Promised['orders'][number][] = [];
  const faults: string[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let answered = 0;

  const progress = (): void => {
    answered += 1;
    const enough = Math.min(answered, certificates.length * 10);
    for (const { count, resolve } of waiting) if (enough >= count) resolve();
  };
  const until = async (name: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      faults.push(`${name}: the load ran out before the server ended`);
    } catch (error) {
      if (!isConnectionFault(error)) faults.push(`${name}: ${String(error)}`);
    }
  };
  const take = async (family: Family, answer: Promise<WebAnswer>): Promise<void> => {
    family.unsure = true;
    const { status, json, text } = await answer;
    family.unsure = false;
    if (status !== 200) throw new Error(`status ${status}: ${text}`);
    family.exchanged = true;
    family.refreshToken = json.refresh_token as string;
    progress();
  };

  const running = [
    ...families.map((own, at) =>
      until(`client ${at}`, async () => {
        for (const family of own) {
          await take(family, requests.exchange(family.code));
          for (let turn = 0; turn < refreshesPerCode; turn++) {
            await take(family, requests.refresh(family.refreshToken as string));
          }
        }
      }),
    ),
    ...accounts.map((account, at) =>
      until(`account ${at}`, async () => {
        for (let turn = 0; turn < 10_000; turn++) {
          const note = (url: string) => void orders.push({ url, account });
          const { url, pem } = await account.obtain(`host-${turn}.account-${at}.test`, note);
          certificates.push({ url, pem, account });
          progress();
        }
      }),
    ),
  ];
  return {
    reached: (count) => new Promise((resolve) => waiting.push({ count, resolve })),
    async ended() {
      await Promise.all(running);
      return { families: families.flat(), certificates, orders, faults };
    },
  };
}

/** Refused, or reset before any of the answer had come: how a server that is gone looks. */
function isConnectionFault(error: unknown): boolean {
  return (
    error instanceof Error && !(error instanceof HalfAnswer) && 'code' in error && /^E[A-Z]+$/.test(String(error.code))
  );
}
