import { type AcceptanceCase, type Client, NotRun } from "../acceptance-case";
import { type Answer, expectProblem, expectThat } from "../expect";
import { A_REQUEST, send, UNKNOWN_ORDER_ID } from "../requests";

const ROUTES = [
  ["POST", "orders"],
  ["GET", "orders"],
  ["GET", `orders/${UNKNOWN_ORDER_ID}`],
  ["GET", `orders/${UNKNOWN_ORDER_ID}/history`],
  ["DELETE", `orders/${UNKNOWN_ORDER_ID}`],
] as const;

/** The first is turned away by its form, the others by the authorizer. */
const NO_TOKENS = ["none", "a.b.c", `${encoded({ alg: "none" })}.${encoded({ sub: "a" })}.AAAA`];

export const IDENTITY_CASES: AcceptanceCase[] = [
  {
    id: "identity/no-token",
    title: "every route refuses a request without a token with 401",
    async run(client) {
      tokenOf(client);
      for (const [method, path] of ROUTES) {
        await expectRefused(`${method} /${path}`, client, undefined, [method, path]);
      }
    },
  },
  {
    id: "identity/not-a-token",
    title: "a token that is no JWT, or an unsigned one, is refused with 401",
    async run(client) {
      tokenOf(client);
      for (const token of NO_TOKENS) await expectRefused(`POST with ${token}`, client, token);
    },
  },
  {
    id: "identity/forged-signature",
    title: "a token whose signature was changed is refused with 401",
    async run(client) {
      await expectRefused("POST with a forged token", client, forged(tokenOf(client)));
    },
  },
  {
    id: "identity/one-refusal",
    title: "the response to a token that is refused does not say why",
    async run(client) {
      const refused = [undefined, ...NO_TOKENS, forged(tokenOf(client))];
      const texts = new Set<string>();
      for (const token of refused) {
        const { text } = await expectRefused("POST", client, token);
        texts.add(text.replace(/"requestId":"[^"]+"/, ""));
      }
      const got = [...texts];
      expectThat("the bodies without their requestId", got, got.length === 1, "one");
    },
  },
];

/** Staff's. Throws NotRun where the stack asks for none. */
export function tokenOf({ token }: Client): string {
  if (token === undefined) throw new NotRun("the stack is open: it asks for no token");
  return token;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

/** Another first character of its signature; the last one may have bits that mean nothing. */
function forged(token: string): string {
  const start = token.lastIndexOf(".") + 1;
  const other = token[start] === "A" ? "B" : "A";
  return token.slice(0, start) + other + token.slice(start + 1);
}

async function expectRefused(
  what: string,
  client: Client,
  token: string | undefined,
  [method, path]: readonly [string, string] = ["POST", "orders"],
): Promise<Answer> {
  const body = method === "POST" ? JSON.stringify(A_REQUEST) : null;
  const answer = await send({ ...client, token }, method, path, { body });
  expectProblem(what, answer, 401);
  const challenge = answer.headers.get("www-authenticate") ?? "";
  const isBearer = challenge.startsWith("Bearer ");
  expectThat(`WWW-Authenticate of ${what}`, challenge, isBearer, "Bearer and a realm");
  return answer;
}
