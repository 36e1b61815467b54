import { expect } from "chai";
import { sizes } from "../../../scripts/check/rules/sizes";
import { violations } from "./made-up";

const lines = (count: number, text = "") => Array.from({ length: count }, () => text);
const contract = (...body: string[]) => ["contract Big {", ...body, "}"];
const functionOf = (count: number) => ["function f()", "    external", "{", ...lines(count - 4), "}"];

describe("check: sizes", () => {
  it("accepts everything at its limit", () => {
    const found = violations(sizes, {
      "contracts/lrt/Big.sol": contract(...lines(398)),
      "contracts/lrt/Many.sol": contract(...lines(25, "function f() external {}"), "constructor() {}"),
      "contracts/lrt/Long.sol": contract(...functionOf(40)),
      "contracts/lrt/TicketLedger.sol": ["library TicketLedger {", ...lines(248), "}"],
      "test/unit/a.test.ts": lines(350, "x"),
    });
    expect(found).to.deep.equal([]);
  });

  it("finds a contract, a ledger and a test file that are too long", () => {
    const found = violations(sizes, {
      "contracts/avs/Big.sol": contract(...lines(399)),
      "contracts/lrt/TicketLedger.sol": ["library TicketLedger {", ...lines(249), "}"],
      "test/invariant/Queue.t.sol": lines(351, "x"),
    });
    expect(found).to.deep.equal([
      "contracts/avs/Big.sol:1 Big has 401 lines, at most 400",
      "contracts/lrt/TicketLedger.sol:1 TicketLedger has 251 lines, at most 250",
      "test/invariant/Queue.t.sol has 351 lines, at most 350",
    ]);
  });

  it("finds too many functions, declarations without a body not counted", () => {
    const body = [...lines(25, "function f() external {}"), "function g() external virtual;"];
    expect(violations(sizes, { "contracts/lrt/Many.sol": contract(...body) })).to.deep.equal([]);
    expect(
      violations(sizes, { "contracts/lrt/Many.sol": contract(...body, "receive() external payable {}") }),
    ).to.deep.equal(["contracts/lrt/Many.sol:1 Big has 26 functions, at most 25"]);
  });

  it("finds a function that is too long, at its line, braces in comments and strings aside", () => {
    const long = ["// }", "", ...functionOf(40).slice(0, -1), 's = "}"; /* } */', "}"];
    expect(violations(sizes, { "contracts/shared/Long.sol": contract(...long) })).to.deep.equal([
      "contracts/shared/Long.sol:4 f has 41 lines, at most 40",
    ]);
  });

  it("leaves the engine, the mocks and interfaces alone", () => {
    const found = violations(sizes, {
      "contracts/restaking/Big.sol": contract(...lines(600)),
      "contracts/mocks/Big.sol": contract(...lines(600)),
      "contracts/lrt/IBig.sol": ["interface IBig {", ...lines(600), "}"],
    });
    expect(found).to.deep.equal([]);
  });
});
