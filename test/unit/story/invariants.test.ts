import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promises } from "../../../scripts/story/promises";

const PAGE = readFileSync(join(__dirname, "../../../docs/spec/invariants.md"), "utf8");

describe("The page of invariants", () => {
  it("lists every promise of the story with its sentence", () => {
    const page = PAGE.replace(/ +/g, " ");
    for (const { id, sentence } of promises) expect(page).to.include(`| ${id} | ${sentence} |`);
  });

  it("lists every promise of the accounting, and each begins the title of a test", () => {
    const titles = ["promises", "rate"]
      .map((name) => readFileSync(join(__dirname, `../../scenario/${name}.test.ts`), "utf8"))
      .flatMap((text) => [...text.matchAll(/\b(?:it|describe)\(\s*"(A\d+)[ "]/g)].map(([, id]) => id));
    for (let n = 1; n <= 10; ++n) {
      expect(PAGE).to.match(new RegExp(`^\\| A${n}(-\\w+)? `, "m"));
      expect(titles).to.include(`A${n}`);
    }
  });
});
