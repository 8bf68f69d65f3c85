import { impersonationHeaders } from "./impersonation.ts";

describe("the headers of an impersonation", () => {
  it("has the values of uid, groups and extra fields", () => {
    const user = { as: "reader", "as-uid": "7", "as-groups": ["a", "b"], "as-user-extra": { scopes: ["view"] } };
    expect(impersonationHeaders(user)).toEqual({
      "Impersonate-Uid": ["7"],
      "Impersonate-Group": ["a", "b"],
      "Impersonate-Extra-scopes": ["view"],
    });
  });

  it("escapes bytes that the name of a header cannot have, and the percent sign", () => {
    const user = { "as-user-extra": { "example.com/ä%": ["x"] } };
    expect(Object.keys(impersonationHeaders(user))).toEqual(["Impersonate-Extra-example.com%2F%C3%A4%25"]);
  });

  it("is empty without such settings", () => {
    expect(impersonationHeaders({ as: "reader", "as-groups": [], "as-uid": "" })).toEqual({});
    expect(impersonationHeaders({})).toEqual({});
  });
});
