import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { moved } from "../../../scripts/bench/protocol";
import { budgetOf, OPERATIONS, PAGE, type Row } from "../../../scripts/bench/protocol/operations";

const rows = JSON.parse(readFileSync(join(__dirname, "../../snapshots/gas/protocol.json"), "utf8")) as Row[];
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
    for (const { operation, first, steady } of rows) expect(Math.max(first, steady), operation).to.be.below(PAGE);
  });

  it("has a reason beside every row above its budget", () => {
    const over = rows.filter(({ steady, budget }) => budget > 0 && steady > budget).map(({ operation }) => operation);
    for (const operation of new Set(over)) expect(OPERATIONS[operation].reason, operation).to.be.a("string");
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
