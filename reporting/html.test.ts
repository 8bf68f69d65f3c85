import fc from "fast-check";
import { html } from "./html.ts";

describe("html", () => {
  it("escapes every inserted string", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const inside = html`<p title="${text}">${text}</p>`.markup.slice('<p title="'.length, -"</p>".length);
        expect(inside.replace('">', "")).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
      }),
    );
  });

  it("keeps nested markup, joins lists and renders nothing for absent values", () => {
    const items = ["a", "<b>"].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}${null}${undefined}${false}</ul>${0}`.markup).toBe(
      "<ul><li>a</li><li>&lt;b&gt;</li></ul>0",
    );
  });
});
