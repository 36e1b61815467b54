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
});
