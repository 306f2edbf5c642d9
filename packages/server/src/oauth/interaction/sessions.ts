/**
 * Signed-in browsers: a new secret at every sign-in, an end after idleness, an end in any case.
 * @spec OpenID Connect Core 1.0 §3.1.2.3
 * @spec NIST SP 800-63B §5.1
 */
import { decodeBase64url, encodeBase64url } from '@tegata/core/codec/base64url';
import { open, seal } from '@tegata/core/codec/sealed';
import { decodeUtf8, encodeUtf8 } from '@tegata/core/codec/utf8';
import type { HttpRequest } from '@tegata/core/http/message';
import { createHandle, digestHandle, formatHandle, parseHandle } from '@tegata/core/id';
import type { Random } from '@tegata/core/random';
import type { Instant } from '@tegata/core/time/clock';
import { minute } from '@tegata/core/time/duration';
import type { SessionRecord, SessionStore } from '../../ports/stores/sessions.ts';
import type { UserRecord, UserStore } from '../../ports/stores/users.ts';
import { clearCookie, readCookie, setCookie } from './cookies.ts';

/** A live session and its user. */
export interface SignedIn {
  readonly session: SessionRecord;
  readonly user: UserRecord;
  /** Set-Cookie header that keeps an active session from idling out: name and value, or nothing. */
  readonly headers: readonly string[];
}

export interface Sessions {
  /** Who is signed in with this request, if anybody. */
  current(request: HttpRequest, now: Instant): Promise<SignedIn | undefined>;
  /** Starts a session and ends the one that the request had, whoever's it was. */
  start(request: HttpRequest, user: UserRecord, amr: readonly string[], now: Instant): Promise<SignedIn>;
  /** Ends the session; the header that tells the browser. */
  end(session: SessionRecord): Promise<readonly string[]>;
}

export interface SessionOptions {
  readonly sessions: SessionStore;
  readonly users: UserStore;
  readonly random: Random;
  /** 32 bytes, for this purpose alone. */
  readonly key: Uint8Array;
  /** Milliseconds without a request after which a session ends. */
  readonly idle: number;
  /** Milliseconds after which a session ends in any case. */
  readonly absolute: number;
}

const handleLength = 54;
/** The time of the last request is told to the browser at most this often. */
const touchEvery = minute;

/** Creates the sessions over their store. */
export function createSessions(options: SessionOptions): Sessions {
  const { sessions, users, random, key, idle, absolute } = options;

  // The store knows when a session ends in any case. When it was last used is sealed into its cookie, which costs no write.
  const cookieFor = (handle: string, id: string, now: Instant): readonly string[] => {
    const seen = encodeBase64url(seal(key, `session ${id}`, encodeUtf8(String(now)), random));
    return ['Set-Cookie', setCookie('__Host-tegata-session', handle + seen)];
  };

  const readSession = (request: HttpRequest) => {
    const cookie = readCookie(request.headers.cookie, '__Host-tegata-session') ?? '';
    const text = cookie.slice(0, handleLength);
    const handle = parseHandle(text);
    if (handle === undefined) return undefined;
    const box = decodeBase64url(cookie.slice(handleLength));
    const seen = box === undefined ? undefined : open(key, `session ${handle.id}`, box);
    return { text, handle, seen: seen === undefined ? Number.NaN : Number(decodeUtf8(seen)) };
  };

  return {
    async current(request, now) {
      const sent = readSession(request);
      if (sent === undefined || !(now - sent.seen < idle)) return undefined;
      const session = await sessions.load(digestHandle(sent.handle), now);
      const user = session === undefined ? undefined : await users.load(session.subject);
      if (session === undefined || user === undefined || user.disabled) return undefined;
      const headers = now - sent.seen < touchEvery ? [] : cookieFor(sent.text, session.id, now);
      return { session, user, headers };
    },

    async start(request, user, amr, now) {
      const previous = readSession(request);
      const handle = createHandle(now, random);
      const { id, digest } = digestHandle(handle);
      const session: SessionRecord = {
        id,
        subject: user.subject,
        authTime: now,
        amr,
        createdAt: now,
        expiresAt: now + absolute,
      };
      await sessions.start(session, digest, previous === undefined ? undefined : digestHandle(previous.handle));
      return { session, user, headers: cookieFor(formatHandle(handle), id, now) };
    },

    async end(session) {
      await sessions.end(session.id);
      return ['Set-Cookie', clearCookie('__Host-tegata-session')];
    },
  };
}
