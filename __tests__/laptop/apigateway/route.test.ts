import { findRoute, matchPath } from "../../../laptop/apigateway/route";

describe("matchPath", () => {
  it.each([
    ["/", "/", {}],
    ["/orders", "/orders", {}],
    ["/orders", "/orders/", {}],
    ["/orders", "/order", undefined],
    ["/order.s", "/orderxs", undefined],
    ["/orders/{id}", "/orders/7", { id: "7" }],
    ["/orders/{id}", "/orders/", undefined],
    ["/orders/{id}", "/orders/7/8", undefined],
    ["/orders/{id}", "/orders/%zz", "malformed"],
    ["/files/{path+}", "/files/a", { path: "a" }],
    ["/files/{path+}", "/files/a/b%20c/d", { path: "a/b c/d" }],
    ["/files/{path+}", "/files", undefined],
    ["/files/{path+}", "/files/", undefined],
    ["/{id}/{path+}", "/7/a/b", { id: "7", path: "a/b" }],
  ])("%s and %s", (resource, path, expected) => {
    expect(matchPath(resource, path)).toEqual(expected);
  });
});

describe("findRoute", () => {
  const resources = ["/{proxy+}", "/orders/{proxy+}", "/orders/{orderId}", "/orders/latest"];
  const routes = [
    ...resources.map((resource) => ({ method: "ANY", resource })),
    { method: "GET", resource: "/orders/{orderId}" },
  ].map((route) => ({ ...route, functionArn: "arn", apiKeyRequired: false }));

  it.each([
    ["GET", "/orders/latest", "ANY /orders/latest"],
    ["GET", "/orders/7", "GET /orders/{orderId}"],
    ["PUT", "/orders/7", "ANY /orders/{orderId}"],
    ["GET", "/orders/7/lines", "ANY /orders/{proxy+}"],
    ["GET", "/customers/7", "ANY /{proxy+}"],
  ])("gives %s %s the most specific route, %s", (method, path, expected) => {
    const match = findRoute(routes, method, path);
    const { route } = typeof match === "object" ? match : {};
    expect(route && `${route.method} ${route.resource}`).toBe(expected);
  });

  it("finds none for another method or path", () => {
    const [, , , latest] = routes;
    const get = latest ? [{ ...latest, method: "GET" }] : [];
    expect(findRoute(get, "POST", "/orders/latest")).toBeUndefined();
    expect(findRoute(get, "GET", "/orders")).toBeUndefined();
  });
});
