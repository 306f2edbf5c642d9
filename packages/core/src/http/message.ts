/** Requests and responses as plain values, so that endpoints need no socket. */

export interface HttpPeer {
  /** Address of the other end of the connection, or the one a trusted proxy names. */
  readonly address: string;
  /** Whether the client reached us by TLS, here or at a trusted proxy. */
  readonly secure: boolean;
}

export interface HttpRequest {
  /** Unique for this request; appears in logs and on error pages. */
  readonly id: string;
  readonly method: string;
  /** Path without the query, exactly as received. */
  readonly path: string;
  /** Raw query without `?`; empty when there is none. */
  readonly query: string;
  /** Values of the `{name}` segments of the route, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Lower-case names; repeated fields joined or dropped as Node does it. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Names and values in turn, as received: for fields where a repetition must be seen. */
  readonly rawHeaders: readonly string[];
  /** Already bounded in length; empty when there is none. */
  readonly body: Uint8Array;
  readonly peer: HttpPeer;
}

export interface HttpResponse {
  readonly status: number;
  /** Names and values in turn. Content-Length and Date are added at the edge. */
  readonly headers: readonly string[];
  readonly body?: string | Uint8Array;
}

/** First value of a response header, by name in any case: for tests and for the edge. */
export function responseHeader(response: HttpResponse, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (let at = 0; at < response.headers.length; at += 2) {
    if (response.headers[at]?.toLowerCase() === wanted) return response.headers[at + 1];
  }
  return undefined;
}
