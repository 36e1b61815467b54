import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { network } from "hardhat";
import { z } from "zod";
import { ALLOCATION_SCENARIOS } from "./vectors/allocation";
import { DELEGATION_SCENARIOS } from "./vectors/delegation";
import { MISC_SCENARIOS } from "./vectors/misc";
import { PERMISSION_SCENARIOS } from "./vectors/permissions";
import { REWARDS_SCENARIOS } from "./vectors/rewards";
import type { Scenarios } from "./vectors/scenario";
import { SLASHING_SCENARIOS } from "./vectors/slashing";
import { STRATEGY_SCENARIOS } from "./vectors/strategies";

const value = z.union([z.string(), z.number(), z.boolean()]);
const read = (file: string): unknown => JSON.parse(readFileSync(join(__dirname, file), "utf8"));
/** Measured on the real contracts: scenario → what was looked at → what it was. */
const VECTORS = z.record(z.string(), z.record(z.string(), value)).parse(read("vectors.json"));
/** Scenario, or "scenario: value" → why it is not measured here. */
const NOT_COVERED = z.record(z.string(), z.string().min(1)).parse(read("vectors-not-covered.json"));

const SCENARIOS: Scenarios = {
  ...STRATEGY_SCENARIOS,
  ...SLASHING_SCENARIOS,
  ...ALLOCATION_SCENARIOS,
  ...DELEGATION_SCENARIOS,
  ...PERMISSION_SCENARIOS,
  ...REWARDS_SCENARIOS,
  ...MISC_SCENARIOS,
};

/** As the record writes a value, with logs of tokens and registrars that follow each other as one: theirs are not ours. */
const written = (found: unknown): string => String(found).replace(/\bTransfer( Transfer)+/g, "Transfer");

describe("values measured on the real contracts", () => {
  let untouched: unknown;
  before(async () => {
    untouched = await network.provider.send("evm_snapshot");
  });
  after(async () => {
    await network.provider.send("evm_revert", [untouched]); // other tests find the chain as it was
  });

  for (const [scenario, run] of Object.entries(SCENARIOS)) {
    it(`are the engine's too: ${scenario}`, async () => {
      const found: Record<string, string> = {};
      await run((name, value) => {
        if (name in found) throw new Error(`${name} was looked at twice`);
        found[name] = written(value);
      });
      const left = Object.keys(VECTORS[scenario]).filter((name) => !(`${scenario}: ${name}` in NOT_COVERED));
      const wanted = Object.fromEntries(left.map((name) => [name, written(VECTORS[scenario][name])]));
      expect(found).to.deep.equal(wanted);
    });
  }

  it("are all either measured here or listed with a reason", () => {
    const listed = Object.keys(NOT_COVERED).filter((key) => !key.includes(": "));
    expect([...Object.keys(SCENARIOS), ...listed].sort()).to.deep.equal(Object.keys(VECTORS).sort());
  });

  it("leave out no value that the record does not have", () => {
    const single = Object.keys(NOT_COVERED).flatMap((key) => {
      const [scenario, name] = key.split(/: (.*)/s);
      return name === undefined ? [] : [{ scenario, name }];
    });
    expect(single.filter(({ scenario, name }) => !(scenario in SCENARIOS) || !(name in VECTORS[scenario]))).to.be.empty;
  });
});
