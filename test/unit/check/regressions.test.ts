import { expect } from "chai";
import { join } from "node:path";
import { readTree } from "../../../scripts/check/tree";

const tree = readTree(join(__dirname, "../../.."));
const PAGE = tree.read("docs/spec/regressions.md");

/** Rows of the first table: the test's title and the file it is said to be in. */
const named = [...PAGE.matchAll(/\| `([^`]+)` +\| `([\w./]+)` +\|$/gm)].map(([, title, file]) => ({ title, file }));

describe("docs/spec/regressions.md", () => {
  it("names tests that exist, each in its file", () => {
    expect(named).to.not.have.length(0);
    for (const { title, file } of named) {
      expect(tree.read(`test/${file}.test.ts`), `${title} in ${file}`).to.include(`"${title}"`);
    }
  });

  it("has a test or a part to come in every row", () => {
    const rows = PAGE.split("\n").filter((line) => line.startsWith("| ") && !/^\| (what happened|-)/.test(line));
    const coming = rows.filter((row) => /\| (bridge|beacon chain|instant redemption) +\|$/.test(row));
    expect(named.length + coming.length).to.equal(rows.length);
  });
});
