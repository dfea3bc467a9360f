/** As the stack exports it; the rest is for whoever verifies a token. */
interface Auth {
  audience: string;
  customerClaim: string;
  staffClaim: string;
  staffValue: string;
}

export interface Bearer {
  customerId?: string;
  isStaff?: boolean;
  /** Besides, or in the place of, those that these two make. */
  claims?: Record<string, unknown>;
}

/** Gets tokens from the issuer that stands in on a laptop stack which is closed. */
export function makeTokens(apiUrl: string, auth: unknown) {
  const { audience, customerClaim, staffClaim, staffValue } = auth as Auth;
  let issued = 0;
  return async ({ customerId, isStaff = false, claims }: Bearer): Promise<string> => {
    issued += 1;
    const response = await fetch(new URL("/_laptop/issuer/token", apiUrl), {
      method: "POST",
      body: JSON.stringify({
        claims: {
          // None like another: each is new to whoever keeps what it knows of a token.
          jti: String(issued),
          aud: audience,
          ...(customerId !== undefined && { [customerClaim]: customerId }),
          ...(isStaff && { [staffClaim]: staffValue }),
          ...claims,
        },
      }),
    });
    return ((await response.json()) as { token: string }).token;
  };
}
