import { expect } from "chai";
import { join } from "node:path";
import { codeOnly, definitions, functions } from "../../../scripts/check/source";
import { isInterfaceFile, readTree, solidity } from "../../../scripts/check/tree";

const PAGE = "docs/spec/rounding.md";
const tree = readTree(join(__dirname, "../../.."));

/** Every use of a rounding function in the protocol: "Contract.function conversion". */
function uses(): string[] {
  const found = solidity(tree, "lrt")
    .filter((file) => !isInterfaceFile(file))
    .flatMap((file) => definitions(codeOnly(tree.read(file))))
    .flatMap(({ name, body }) =>
      functions(body).flatMap((fn) =>
        [...fn.body.matchAll(/\b(\w+(?:Down|Up))\(/g)].map(([, conversion]) => `${name}.${fn.name} ${conversion}`),
      ),
    );
  return [...new Set(found)].sort();
}

/** Rows of the page: the first two cells. */
function rows(): string[] {
  const cells = [...tree.read(PAGE).matchAll(/^\| `([\w.]+)` +\| ([`\w, ]+?) +\|/gm)];
  return cells
    .flatMap(([, where, list]) => [...list.matchAll(/`(\w+)`/g)].map(([, name]) => `${where} ${name}`))
    .sort();
}

describe("docs/spec/rounding.md", () => {
  it("lists every rounding of the protocol, and none that is not there", () => {
    expect(uses()).to.not.have.length(0);
    expect(rows()).to.deep.equal(uses());
  });
});
