import { httpResponse } from "../../../laptop/apigateway/http-response";

describe("a function's own headers", () => {
  const namesOf = (headers: object) => {
    const response = httpResponse({ statusCode: 401, ...headers });
    return response?.headers.slice(1).map(([name]) => name);
  };

  it.each(["WWW-Authenticate", "Authorization", "Connection", "Content-Length", "Date", "server"])(
    "are renamed: %s",
    (name) => {
      const renamed = [`x-amzn-Remapped-${name}`];
      expect(namesOf({ headers: { [name]: "x" } })).toEqual(renamed);
      expect(namesOf({ multiValueHeaders: { [name]: ["x", "y"] } })).toEqual(renamed);
    },
  );

  it.each(["Content-Type", "Cache-Control", "Location", "Retry-After"])(
    "keep their names: %s",
    (name) => {
      expect(namesOf({ headers: { [name]: "x" } })).toEqual([name]);
    },
  );
});
