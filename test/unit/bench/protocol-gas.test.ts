import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { moved } from "../../../scripts/bench/protocol";
import { readTree, type Tree } from "../../../scripts/check/tree";
import { protocolGas } from "../../../scripts/docs/protocol-gas";
import { budgetOf, OPERATIONS, PAGE, type Row } from "../../../scripts/bench/protocol/operations";

const rows = JSON.parse(readFileSync(join(__dirname, "../../snapshots/gas/protocol.json"), "utf8")) as Row[];
const ROOT = join(__dirname, "../../..");
const tree = readTree(ROOT);

/** The working tree with some rows of the snapshot altered. */
function altered(which: (row: Row) => boolean, change: (row: Row) => Row): Tree {
  const text = JSON.stringify(rows.map((row) => (which(row) ? change(row) : row)));
  return { ...tree, read: (file) => (file.endsWith("gas/protocol.json") ? text : tree.read(file)) };
}

/** What a holder does, whatever the size of the system. */
const USER = /^(transfer|deposit|permit|request|further request|claim|further claim|rate read)/;
/** Bytes of addresses and amounts that are zero. */
const NOISE = 50;

describe("the snapshot of the protocol's gas", () => {
  it("has every operation, with its budget", () => {
    expect([...new Set(rows.map(({ operation }) => operation))]).to.have.members(Object.keys(OPERATIONS));
    for (const { operation, assets, delegators, budget } of rows) {
      expect(budget, operation).to.equal(budgetOf(operation, assets, delegators) ?? 0);
    }
  });

  it("shows no growth of what holders pay with tokens or operators", () => {
    for (const operation of Object.keys(OPERATIONS).filter((name) => USER.test(name))) {
      const own = rows.filter((row) => row.operation === operation);
      expect(own.length, operation).to.be.above(1);
      for (const when of ["first", "steady"] as const) {
        const gas = own.map((row) => row[when]);
        expect(Math.max(...gas) - Math.min(...gas), `${operation}, ${when}`).to.be.at.most(NOISE);
      }
    }
  });

  it("keeps every transaction below a page at the declared maxima", () => {
    const most = rows.filter(({ assets, delegators }) => assets === 7 && delegators === 16);
    for (const name of ["report, every delegator has moved", "redemption at once", "complete one withdrawal"]) {
      expect(most.map(({ operation }) => operation)).to.include(name);
    }
    for (const { operation, first, steady } of rows) expect(Math.max(first, steady), operation).to.be.below(PAGE);
  });

  it("is compared line by line: what moved, is new or is gone", () => {
    const [a, b, c] = rows;
    const later = [
      { ...a, steady: a.steady + NOISE + 1 },
      { ...b, first: b.first + NOISE },
      { ...c, operation: "new" },
    ];
    expect(moved([a, b, c], later)).to.deep.equal([
      `${a.operation}, ${a.assets} × ${a.delegators}, steady: from ${a.steady} to ${a.steady + NOISE + 1}`,
      `${c.operation}, ${c.assets} × ${c.delegators}: is gone`,
      `new, ${c.assets} × ${c.delegators}: is new`,
    ]);
  });
});

describe("the page about the protocol's gas", () => {
  it("says what the snapshots say", async () => {
    const options = await resolveConfig(join(ROOT, "docs/gas.md"));
    const text = await format(protocolGas(tree), { ...options, parser: "markdown" });
    expect(tree.read("docs/gas.md")).to.equal(text);
  });

  it("refuses a row above its budget without a reason", () => {
    const dearer = altered(
      (row) => row.operation === "deposit ETH",
      (row) => ({ ...row, steady: row.budget + 1 }),
    );
    expect(() => protocolGas(dearer)).to.throw("deposit ETH is above its budget without a reason");
  });

  it("refuses a reason beside a row within its budget", () => {
    const name = "restake one token with one operator, besides the check";
    const cheaper = altered(
      (row) => row.operation === name,
      (row) => ({ ...row, steady: row.budget }),
    );
    expect(() => protocolGas(cheaper)).to.throw(`${name} needs no reason`);
  });

  it("refuses a breakdown that does not add up to its row", () => {
    const name = "report, nothing has moved";
    const moved = altered(
      (row) => row.operation === name,
      (row) => ({ ...row, steady: row.steady * 2 }),
    );
    expect(() => protocolGas(moved)).to.throw(`${name} uses`);
  });
});
