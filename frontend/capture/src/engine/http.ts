// Talking with the server: what an answer means, and nothing of what it holds.
import type { Bytes } from "./bytes";

export const API = "/api/v1/capture";
export const CONCERNS = "/api/v1/alerts/concerns";
export const WHO = "/capture/who.json";
const PATIENCE = 60_000; // ms for one request on a slow line

/** No answer, or the server failed: try again later. */
export class NoAnswer extends Error {
  constructor(readonly offline: boolean) {
    super(offline ? "no network" : "the server failed");
  }
}
/** Nobody is signed in, or a second step is missing. */
export class SignIn extends Error {}
/** The server says no: it will say so again. `words`: its reason. */
export class Refuses extends Error {
  constructor(
    readonly status: number,
    readonly words: string,
    readonly body: unknown,
  ) {
    super(`${status} ${words}`);
  }
}

export interface Ask {
  method?: "GET" | "POST" | "PUT";
  json?: unknown;
  bytes?: Bytes;
  signal?: AbortSignal;
  /** Called with how many bytes of the answer have come. */
  come?: (bytes: number) => void;
}

function token(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

function wordsOf(body: unknown): string {
  if (body && typeof body === "object") {
    for (const name of ["words", "detail", "title"]) {
      const found = (body as Record<string, unknown>)[name];
      if (typeof found === "string") return found;
    }
  }
  return "";
}

async function answered(address: string, ask: Ask): Promise<Response> {
  const signals = [AbortSignal.timeout(PATIENCE), ...(ask.signal ? [ask.signal] : [])];
  const headers: Record<string, string> = { Accept: "application/json", "X-CSRFToken": token() };
  if (ask.json !== undefined) headers["Content-Type"] = "application/json";
  if (ask.bytes) headers["Content-Type"] = "application/octet-stream";
  try {
    return await fetch(address, {
      method: ask.method ?? "GET",
      body: ask.bytes ?? (ask.json === undefined ? undefined : JSON.stringify(ask.json)),
      headers,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "manual", // to the sign-in page: that is no answer to what was asked
      signal: AbortSignal.any(signals),
    });
  } catch {
    throw new NoAnswer(true);
  }
}

async function checked(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignIn();
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new NoAnswer(false);
  const body: unknown = await answer.json().catch(() => null);
  throw new Refuses(answer.status, wordsOf(body), body);
}

/** The JSON of an answer. Throws NoAnswer, SignIn, Refuses. */
export async function asked<T>(address: string, ask: Ask = {}): Promise<T> {
  const answer = await checked(await answered(address, ask));
  try {
    return (await (ask.come ? counted(answer, ask.come) : answer).json()) as T;
  } catch {
    throw new NoAnswer(true); // cut in the middle
  }
}

/** The same answer, of which each part is told as it comes. */
function counted(answer: Response, come: (bytes: number) => void): Response {
  let bytes = 0;
  const telling = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, out) {
      come((bytes += part.length));
      out.enqueue(part);
    },
  });
  return new Response(answer.body?.pipeThrough(telling));
}

/** The bytes of an answer. Throws the same. */
export async function askedBytes(address: string, ask: Ask = {}): Promise<Bytes> {
  const answer = await checked(await answered(address, ask));
  try {
    return new Uint8Array(await answer.arrayBuffer());
  } catch {
    throw new NoAnswer(true);
  }
}

/** Who is signed in in this browser. Also brings the token that changes need. Throws SignIn, NoAnswer. */
export async function signedIn(): Promise<string> {
  try {
    return (await asked<{ person: string }>(WHO)).person;
  } catch (error) {
    if (error instanceof Refuses) throw new SignIn();
    throw error;
  }
}
